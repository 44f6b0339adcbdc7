#!/usr/bin/env python3
"""One service is slow and gets more requests than it can answer: it refuses what
it cannot do in time, at once and with a word when to come again, and is well
when the flood is over; clients of the other services do not notice.

    overload.py [FOLDER OF THE PROGRAMS]
    CLIENTS  that ask the slow service (24)
    SECONDS  of flood (6)
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from node import Node, connect, fail, get, read_reply  # noqa: E402

PROGRAMS = (sys.argv[1] if len(sys.argv) > 1
            else str(pathlib.Path(__file__).parents[2] / "build" / "bin"))
CLIENTS = int(os.environ.get("CLIENTS", "24"))
SECONDS = float(os.environ.get("SECONDS", "6"))
JOB_MS = 100
SLOW, QUICK = "/data/symbols", "/predictions/latest"
SAMPLES = 300
# Noise of a busy machine; waits below it are as good as any.
FLOOR_MS = 50.0


class Client(threading.Thread):
    def __init__(self, port, until):
        super().__init__(daemon=True)
        self.port, self.until = port, until
        self.taken, self.refused, self.failures = [], [], []

    def run(self):
        with connect(self.port) as to:
            while time.monotonic() < self.until:
                began = time.monotonic()
                to.sendall(get(SLOW))
                status, header, body, _ = read_reply(to)
                took = time.monotonic() - began
                if status == 200:
                    self.taken.append(took)
                elif status == 503 and b"/problems/overloaded" in body \
                        and b"retry-after:" in header.lower():
                    self.refused.append(took)
                    time.sleep(0.02)  # a client that hardly listens
                else:
                    self.failures.append((status, body[:200].decode()))


def flood(port):
    """In a process of its own, so that the one that measures is not held up."""
    until = time.monotonic() + SECONDS
    clients = [Client(port, until) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join(SECONDS + 30)
    print(json.dumps({name: [x for one in clients for x in getattr(one, name)]
                      for name in ("taken", "refused", "failures")}))


def p99_ms(node, target):
    waits = []
    with node.connect() as to:
        for _ in range(SAMPLES):
            began = time.monotonic()
            to.sendall(get(target))
            status = read_reply(to)[0]
            waits.append((time.monotonic() - began) * 1000)
            if status != 200:
                fail(f"{target}: {status}")
    return statistics.quantiles(waits, n=100)[98]


def main():
    # The slow one is slowed down; nothing else is.
    faults = f"slow:api/data:every=1:ms={JOB_MS}"
    with Node(PROGRAMS, faults=faults) as node:
        usual = p99_ms(node, QUICK)
        flooding = subprocess.Popen(
            [sys.executable, __file__, "--flood", str(node.ports["dashboard"])],
            stdout=subprocess.PIPE, text=True)
        time.sleep(SECONDS / 2)
        flooded = p99_ms(node, QUICK)
        told = json.loads(flooding.communicate(timeout=SECONDS + 60)[0])
        taken, refused = told["taken"], told["refused"]
        failures = told["failures"]
        began = time.monotonic()
        while node.ask(get(SLOW))[0] != 200:
            if time.monotonic() - began > 5:
                fail("the slow service does not recover")
            time.sleep(0.05)
        recovered = time.monotonic() - began
        shed = [x for x in node.ask(get("/metrics"))[2].decode().splitlines()
                if x.startswith("banksia_service_shed_total")
                and 'service="data"' in x]
        print(f"{len(taken)} answered, {len(refused)} refused; refusals: median "
              f"{statistics.median(refused or [0]) * 1000:.1f} ms; another "
              f"service's p99 {usual:.1f} ms, flooded {flooded:.1f} ms; "
              f"answering again after {recovered:.2f} s")
        if failures:
            fail(f"{len(failures)} answers of another kind: {failures[:3]}")
        if not refused or len(taken) < SECONDS * 1000 / JOB_MS / 3:
            fail("the slow service refuses nothing, or hardly works")
        if statistics.median(refused) * 1000 > JOB_MS:
            fail("it takes longer to be refused than to be served")
        if flooded > max(2 * usual, FLOOR_MS):
            fail("another service's clients wait longer")
        if not any(float(x.split()[-1]) >= len(refused) for x in shed):
            fail(f"the metrics do not tell: {shed}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--flood"]:
        flood(int(sys.argv[2]))
    else:
        main()
