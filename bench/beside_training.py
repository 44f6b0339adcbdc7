#!/usr/bin/env python3
"""How long predictions take while a model is trained beside them.

Starts a demo node, then asks POST /ml/predict in alternating blocks: one while
nothing is trained, one while a training runs. Prints the percentiles of both and
their ratio; exit 1 when the 99th percentile beside a training is above
1.2 times the idle one and more than 5 ms above it.

    bench/beside_training.py BINARY_DIR [BLOCKS]
"""

import http.client
import json
import subprocess
import sys
import tempfile
import time


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


class Node:
    def __init__(self, binaries, folder):
        self.folder = folder
        ports = [f"--set={name}_port=0" for name in
                 ("dashboard", "prediction", "evaluation", "ml", "data", "node")]
        # Slow enough that no daily training comes by itself.
        self.process = subprocess.Popen(
            [f"{binaries}/banksia", "run", "--env", "demo", "--data-dir", folder,
             "--set=training_time_utc=", "--set=clock_speed=60", *ports],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = self.connect()

    def connect(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with open(f"{self.folder}/run/node.json") as file:
                    addresses = json.load(file)
                host, port = addresses["addresses"]["ml"].split(":")
                with open(f"{self.folder}/operator.token") as file:
                    self.token = file.read().strip()
                return http.client.HTTPConnection(host, int(port))
            except (OSError, KeyError, ValueError):
                time.sleep(0.2)
        raise SystemExit("the node did not come up")

    def ask(self, method, path):
        body = "{}" if method == "POST" else None
        self.client.request(method, path, body, {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.token}"})
        answer = self.client.getresponse()
        return answer.status, json.loads(answer.read())

    def timed(self):
        begun = time.monotonic()
        status, _ = self.ask("POST", "/ml/predict")
        if status != 200:
            raise SystemExit(f"POST /ml/predict answered {status}")
        return 1000 * (time.monotonic() - begun)

    def is_training(self, training):
        _, x = self.ask("GET", f"/ml/trainings/{training}")
        return x["status"] in ("owed", "running")


def main():
    binaries = sys.argv[1]
    blocks = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        node = Node(binaries, folder)
        try:
            while node.ask("GET", "/readyz")[0] != 200:
                time.sleep(0.2)
            idle, beside = [], []
            for _ in range(blocks):
                idle += [node.timed() for _ in range(200)]
                status, ordered = node.ask("POST", "/ml/train")
                if status != 202:
                    raise SystemExit(f"POST /ml/train answered {status}: {ordered}")
                while node.is_training(ordered["training_id"]):
                    beside += [node.timed() for _ in range(20)]
        finally:
            node.process.terminate()
            node.process.wait()
    for name, values in (("idle", idle), ("training", beside)):
        print(f"{name:9} {len(values):6} requests, p50 {percentile(values, .5):7.2f} ms, "
              f"p99 {percentile(values, .99):7.2f} ms")
    ratio = percentile(beside, .99) / percentile(idle, .99)
    more = percentile(beside, .99) - percentile(idle, .99)
    print(f"p99: {ratio:.2f} of idle, {more:+.2f} ms")
    return 1 if ratio > 1.2 and more > 5 else 0


if __name__ == "__main__":
    sys.exit(main())
