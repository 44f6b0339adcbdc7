#!/usr/bin/env python3
"""Hostile clients against a node: none crashes it, its memory stays bounded,
and another client's p99 stays within twice its usual one.

    hostile.py [FOLDER OF THE PROGRAMS]
    BLOCKS   of measuring with and without each attack, alternating (3)
    IDLE     idle connections that are opened (10000)
"""

import os
import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from node import Node, ask, connect, fail, get, read_reply  # noqa: E402

PROGRAMS = (sys.argv[1] if len(sys.argv) > 1
            else str(pathlib.Path(__file__).parents[2] / "build" / "bin"))
BLOCKS = int(os.environ.get("BLOCKS", "3"))
IDLE = int(os.environ.get("IDLE", "10000"))
SAMPLES = 300
# Noise of a busy machine; a p99 below it is as good as any.
FLOOR_MS = 5.0
MEMORY_MB = 150


def post(target, body, more=b""):
    return (b"POST " + target + b" HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\n" + more
            + b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n"
            + body)


def line(target, more=b""):
    return b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n" + more \
        + b"\r\n"


# name: bytes on the wire, the statuses that may answer
BROKEN = {
    "both lengths": (
        b"POST /data/validate HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
    "both lengths, other order": (
        b"POST /data/validate HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"
        b"Content-Type: application/json\r\n\r\n0\r\n\r\n", {400}),
    "two lengths": (
        b"POST /data/validate HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n{}{}{", {400}),
    "a negative length": (
        b"POST /data/validate HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: -1\r\n\r\n", {400}),
    "a bad chunk": (
        b"POST /data/validate HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n", {400}),
    "no http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
    "a folded header": (line(b"/readyz", b"A: b\r\n c: d\r\n"), {200, 400}),
    "two hosts": (line(b"/readyz", b"Host: evil.example\r\n"), {400}),
    "a foreign host": (
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", {421}),
    "a long target": (line(b"/" + b"a" * 6000), {414}),
    "long headers": (line(b"/readyz", b"A: " + b"b" * 20000 + b"\r\n"), {431}),
    "many headers": (line(b"/readyz", b"A: b\r\n" * 4000), {431}),
    "a long body": (post(b"/data/validate", b"[" * (1024 * 1024 + 1)), {413}),
    "deep json": (post(b"/data/validate", b"[" * 100000), {400}),
    "bad utf-8 in json": (post(b"/data/validate", b"{\"a\":\"\xff\xfe\"}"),
                          {400, 422}),
    "bad utf-8 in the path": (line(b"/predictions/%ff%fe"), {400}),
    "raw bytes in the path": (line(b"/predictions/\xff\xfe"), {400}),
    "bad utf-8 in the query": (line(b"/predictions?symbol=%c0%af"), {400}),
    "dots": (line(b"/dashboard/../../etc/passwd"), {400, 404}),
    "escaped dots": (line(b"/ml/models/%2e%2e"), {400}),
    "an escaped slash": (line(b"/ml/models/..%2f..%2fregistry.json"), {400}),
    "a backslash": (line(b"/ml/models/..%5c..%5cregistry.json"), {400}),
    "a zero": (line(b"/ml/models/a%00b"), {400}),
    "double slashes": (line(b"//predictions//latest"), {400, 404}),
    "a line break": (line(b"/predictions/a%0d%0aX-Evil:1"), {400}),
    "a foreign page": (post(b"/evaluations/process", b"{}",
                            b"Origin: http://evil.example\r\n"), {403}),
    "no token": (post(b"/evaluations/process", b"{}"), {401}),
}


def check_broken(port):
    for name, (sent, allowed) in BROKEN.items():
        with connect(port) as to:
            try:
                to.sendall(sent)
            except OSError:
                pass  # it has answered and closed already
            try:
                status, header, body, _ = read_reply(to)
            except OSError as why:
                fail(f"{name}: {why!r}")
            if status not in allowed:
                fail(f"{name}: status {status}, body {body[:200]}")
            if b"X-Evil" in header:
                fail(f"{name}: the header is broken: {header}")
            body.decode("utf-8")
    # What was asked for one behind the other is answered in that order.
    with connect(port) as to:
        to.sendall((get("/livez") + get("/nowhere")) * 200)
        rest = b""
        for i in range(400):
            status, _, _, rest = read_reply(to, rest)
            if status != (404 if i % 2 else 200):
                fail(f"pipelined answer {i} has status {status}")


def check_own_limit(port):
    """Who takes more connections than one client may have loses its own: one
    that another client keeps idle for longer than all of them stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2000)), hard))
    other = connect(port)
    other.sendall(get("/livez"))
    read_reply(other)
    greedy = []
    for _ in range(1300):
        greedy.append(socket.create_connection(
            ("127.0.0.1", port), 10, source_address=("127.0.0.2", 0)))
    # The newest is served, so the node has seen all before it.
    greedy[-1].sendall(get("/livez"))
    if read_reply(greedy[-1])[0] != 200:
        fail("the newest connection of a greedy client is not served")
    try:
        other.sendall(get("/livez"))
        status = read_reply(other)[0]
    except OSError as why:
        fail(f"a greedy client costs another its connection: {why!r}")
    if status != 200:
        fail(f"beside a greedy client another gets {status}")
    for to in [other, *greedy]:
        to.close()


# -- attacks that go on: each in a process of its own --------------------------

def hold(port, count, opening, drip):
    """So many connections that send a byte of what never ends. Those that the
    server ends come back, fifty a second."""
    open_ones = []
    fresh = count
    while True:
        for _ in range(min(fresh, count - len(open_ones))):
            try:
                to = connect(port, 2)
                to.sendall(opening)
                open_ones.append(to)
            except OSError:
                break
        for to in list(open_ones):
            try:
                to.sendall(drip)
            except OSError:
                open_ones.remove(to)
        fresh = 10
        time.sleep(0.2)


def slow_headers(port):
    hold(port, 300, b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nX: ", b"a")


def slow_bodies(port):
    hold(port, 300, b"POST /data/validate HTTP/1.1\r\nHost: localhost\r\n"
         b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n["
         + b" " * 100000, b" ")


def half_open(port):
    """Says that it will send no more, and reads nothing."""
    while True:
        kept = []
        for _ in range(200):
            try:
                to = connect(port, 2)
                to.sendall(get("/predictions/latest")[:-2])
                to.shutdown(socket.SHUT_WR)
                kept.append(to)
            except OSError:
                pass
        time.sleep(0.5)


def broken(port):
    sent = [x for x, _ in BROKEN.values()]
    while True:
        for one in sent:
            try:
                with connect(port, 2) as to:
                    to.sendall(one)
                    to.recv(65536)
            except OSError:
                pass
            time.sleep(0.01)


def idle(port):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, IDLE + 100)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    kept = []
    for _ in range(min(IDLE, wanted - 100)):
        try:
            kept.append(connect(port, 5))
        except OSError:
            time.sleep(0.01)
    print(len(kept), flush=True)
    time.sleep(3600)


ATTACKS = [slow_headers, slow_bodies, half_open, broken, idle]


def p99_ms(port):
    """Of a client that keeps its connection, and reconnects when it must."""
    took = []
    to = connect(port)
    for _ in range(SAMPLES):
        began = time.perf_counter()
        try:
            to.sendall(get("/predictions/latest"))
            status = read_reply(to)[0]
        except OSError as why:
            fail(f"another client's request fails: {why!r}")
        took.append((time.perf_counter() - began) * 1000)
        if status != 200:
            fail(f"another client gets {status}")
    to.close()
    return statistics.quantiles(took, n=100)[98]


def measure(node, attack):
    port = node.ports["dashboard"]
    quiet, under = [], []
    most = 0
    holds = False
    # A busy machine needs more blocks until both sides had a quiet one.
    while len(under) < BLOCKS or (not holds and len(under) < 4 * BLOCKS):
        quiet.append(p99_ms(port))
        attacker = subprocess.Popen(
            [sys.executable, __file__, "--attack", attack.__name__, str(port)],
            stdout=subprocess.PIPE, text=True)
        if attack is idle:
            opened = int(attacker.stdout.readline())
            if opened < IDLE * 0.9:
                fail(f"only {opened} idle connections could be opened")
        else:
            time.sleep(2)
        under.append(p99_ms(port))
        most = max(most, node.rss_mb())
        if ask(port, "/livez")[0] != 200:
            fail(f"{attack.__name__}: not alive")
        attacker.kill()
        attacker.wait()
        holds = min(under) <= max(2 * min(quiet), FLOOR_MS)
    # The best block of each: what else the machine does hits some, what the
    # attack does hits all.
    before, during = min(quiet), min(under)
    print(f"{attack.__name__}: p99 {before:.2f} ms alone, {during:.2f} ms "
          f"under it, {most:.0f} MB", flush=True)
    if not holds:
        fail(f"{attack.__name__}: p99 {during:.2f} ms instead of {before:.2f}")
    return most


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "--attack":
        globals()[sys.argv[2]](int(sys.argv[3]))
    with Node(PROGRAMS, ["changes_per_minute=0"]) as hurt:
        begin = hurt.rss_mb()
        check_broken(hurt.ports["dashboard"])
        print(f"{len(BROKEN)} broken requests are refused", flush=True)
        check_own_limit(hurt.ports["dashboard"])
        print("a greedy client makes room itself", flush=True)
        peak = max(measure(hurt, attack) for attack in ATTACKS)
        if peak - begin > MEMORY_MB:
            fail(f"{begin:.0f} MB became {peak:.0f} MB")
        if hurt.process.poll() is not None:
            fail("the node has ended")
        hurt.signal()
        if hurt.process.wait(30) != 0:
            fail("the node does not stop well")
    print("hostile clients are held")
