"""Processes with some of a node's roles, in one data folder, for the scripts
beside this one."""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from node import fail

PROGRAMS = (sys.argv[1] if len(sys.argv) > 1
            else str(pathlib.Path(__file__).parents[2] / "build" / "bin"))
SERVICES = ["prediction", "evaluation", "ml", "data", "dashboard"]
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="banksia-roles-"))
MODELS = "on" if os.access(f"{PROGRAMS}/banksia-ml", os.X_OK) else "off"


def expect(what, condition, *seen):
    if not condition:
        fail(what + "".join(f": {str(x)[:600]}" for x in seen))


def within(seconds, what, test):
    """Tries until it holds. Gives what it gave, and after how long."""
    begun = time.monotonic()
    seen = None
    while time.monotonic() < begun + seconds:
        try:
            seen = test()
            if seen:
                return seen, time.monotonic() - begun
        except OSError as error:
            seen = error
        time.sleep(0.02)
    fail(f"not within {seconds} s: {what}: {str(seen)[:600]}")


def command(roles, settings=()):
    result = [f"{PROGRAMS}/banksia", "run", "--env", "demo", "--data-dir",
              str(FOLDER), "--set", f"ml={MODELS}", "--set",
              "clock_speed=3000"]
    if roles:
        result += ["--roles", roles]
    for name in SERVICES + ["node", "core"]:
        result += ["--set", f"{name}_port=0"]
    for setting in settings:
        result += ["--set", setting]
    return result


class Part:
    """A process with some of the roles; without any: a whole node."""

    all = []

    def __init__(self, roles, settings=()):
        self.roles = roles
        self.name = ("node" if not roles or "core" in roles
                     else roles.replace(",", "-"))
        self.log = open(FOLDER / f"stderr-{self.name}.log", "ab")
        self.process = subprocess.Popen(command(roles, settings),
                                        stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        self.ports = {}
        Part.all.append(self)

    def announced(self):
        file = FOLDER / "run" / f"{self.name}.json"
        expect("it ended", self.process.poll() is None, self.name,
               (FOLDER / f"stderr-{self.name}.log").read_text()[-800:])
        try:
            found = json.loads(file.read_text())
        except (OSError, ValueError):
            return False
        if found["pid"] != self.process.pid:
            return False
        self.ports = {name: int(where.rsplit(":", 1)[1])
                      for name, where in found["addresses"].items()}
        return True

    def started(self):
        within(60, f"{self.name} listens", self.announced)
        return self

    @property
    def port(self):
        """Of its only listener, or the dashboard."""
        return self.ports.get("dashboard") or next(
            port for name, port in self.ports.items() if name != "node")

    def ask(self, target, body=None, token=True):
        """Status, JSON (or text) and how long it took."""
        header = {"Content-Type": "application/json"} if body is not None else {}
        if token and body is not None:
            header["Authorization"] = "Bearer " + (
                FOLDER / "operator.token").read_text().strip()
        begun = time.monotonic()
        to = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            to.request("POST" if body is not None else "GET", target,
                       json.dumps(body) if body is not None else None, header)
            reply = to.getresponse()
            text = reply.read().decode()
        finally:
            to.close()
        took = time.monotonic() - begun
        try:
            return reply.status, json.loads(text), took
        except ValueError:
            return reply.status, text, took

    def good(self, target, body=None, status=200):
        found, content, _ = self.ask(target, body)
        expect(f"{self.name}: {target}", found == status, found, content)
        return content

    def is_ready(self):
        return self.ask("/readyz")[0] == 200

    def runs(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(20)
        except subprocess.TimeoutExpired:
            fail(f"{self.name} does not stop")
        expect(f"{self.name} ends with 0", status == 0, status,
               (FOLDER / f"stderr-{self.name}.log").read_text()[-800:])
        expect("it is announced no more",
               not (FOLDER / "run" / f"{self.name}.json").exists(), self.name)


class Events(threading.Thread):
    """What the dashboard's stream says, by kind."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.counts = {}
        self.to = socket.create_connection(("127.0.0.1", port), 10)
        self.to.settimeout(None)
        self.to.sendall(b"GET /dashboard/api/events HTTP/1.1\r\n"
                        b"Host: localhost\r\nAccept: text/event-stream\r\n\r\n")
        self.start()

    def run(self):
        for line in self.to.makefile("r", encoding="utf-8"):
            if line.startswith("event:"):
                kind = line.split(":", 1)[1].strip()
                self.counts[kind] = self.counts.get(kind, 0) + 1

    def total(self):
        return sum(n for kind, n in self.counts.items() if kind != "hello")


def reasons(part):
    status, content, _ = part.ask("/readyz")
    return content["reasons"] if status == 503 else []
