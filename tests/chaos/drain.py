#!/usr/bin/env python3
"""SIGTERM under load: every request that was sent on a connection the node had
is answered, the node says that it is not ready, and exits 0. A second SIGTERM
hurries.

    drain.py [FOLDER OF THE PROGRAMS]
    ROUNDS   how often (3)
"""

import os
import pathlib
import signal
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from node import Node, connect, fail, get, read_reply  # noqa: E402

PROGRAMS = (sys.argv[1] if len(sys.argv) > 1
            else str(pathlib.Path(__file__).parents[2] / "build" / "bin"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))


class Client(threading.Thread):
    """Asks over and over, on one connection as long as it is kept open."""

    def __init__(self, port, request, keeps):
        super().__init__(daemon=True)
        self.port, self.request, self.keeps = port, request, keeps
        self.answered, self.unready, self.failures = 0, 0, []

    def run(self):
        while True:
            try:
                to = connect(self.port)
            except OSError:
                return  # nobody listens any more
            with to:
                if not self.ask_until_closed(to):
                    return

    def ask_until_closed(self, to):
        while True:
            try:
                to.sendall(self.request)
                status, header, _, _ = read_reply(to)
            except OSError as why:
                self.failures.append(repr(why))
                return False
            self.answered += 1
            if status == 503:
                self.unready += 1
            elif status >= 500:
                self.failures.append(f"status {status}")
            if b"connection: close" in header.lower() or not self.keeps:
                return True


def generate(token):
    return (b"POST /predictions/generate HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nAuthorization: Bearer "
            + token.encode() + b"\r\nContent-Length: 2\r\n\r\n{}")


def drain_under_load():
    with Node(PROGRAMS, ["changes_per_minute=0"]) as node:
        port = node.ports["dashboard"]
        clients = [Client(port, get("/predictions/latest"), i % 2 == 0)
                   for i in range(6)]
        clients += [Client(port, generate(node.token), True) for _ in range(2)]
        ready = Client(port, get("/readyz"), True)
        for one in clients + [ready]:
            one.start()
        time.sleep(1)
        began = time.monotonic()
        node.signal()
        try:
            code = node.process.wait(30)
        except Exception:
            fail("the node does not end within 30 s")
        took = time.monotonic() - began
        for one in clients + [ready]:
            one.join(15)
        failures = [x for one in clients + [ready] for x in one.failures]
        answered = sum(one.answered for one in clients)
        if code != 0:
            fail(f"the node ends with {code}")
        if failures:
            fail(f"{len(failures)} of {answered} requests fail: {failures[:3]}")
        if any(one.unready for one in clients):
            fail("requests were refused with 503 while it drained")
        if answered < 100 or ready.unready == 0:
            fail(f"{answered} answers, {ready.unready} of them \"not ready\"")
        audit = (node.folder / "logs" / "audit.jsonl").read_text()
        asked = sum(one.answered for one in clients[6:])
        if audit.count("\n") != asked:
            fail(f"{asked} changing calls, {audit.count(chr(10))} in the audit")
        if node.token in audit:
            fail("the token is in the audit")
        return answered, took


def hurry():
    with Node(PROGRAMS, ["drain_timeout_ms=20000"]) as node:
        # Half a request: the drain would wait for the rest.
        with connect(node.ports["dashboard"]) as slow:
            slow.sendall(get("/readyz")[:-2])
            node.signal()
            time.sleep(1)
            if node.process.poll() is not None:
                fail("half a request is not waited for")
            began = time.monotonic()
            node.signal(signal.SIGTERM)
            try:
                code = node.process.wait(5)
            except Exception:
                fail("a second SIGTERM does not hurry")
            if code != 0:
                fail(f"hurried, the node ends with {code}")
            return time.monotonic() - began


if __name__ == "__main__":
    for _ in range(ROUNDS):
        answered, took = drain_under_load()
        print(f"{answered} requests answered, none failed; drained in "
              f"{took:.2f} s")
    print(f"hurried in {hurry():.2f} s")
