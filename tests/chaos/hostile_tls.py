#!/usr/bin/env python3
"""Hostile clients against a node that speaks TLS: broken requests, handshakes
that are broken, dawdle or never begin. None crashes it or keeps a connection,
its memory stays bounded, and another client is answered all the while.

    hostile_tls.py [FOLDER OF THE PROGRAMS]
    HELD     connections of each dawdling kind (200)
"""

import os
import pathlib
import socket
import ssl
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import hostile  # noqa: E402
from node import Node, connect, fail, get, read_reply  # noqa: E402

PROGRAMS = (sys.argv[1] if len(sys.argv) > 1
            else str(pathlib.Path(__file__).parents[2] / "build" / "bin"))
HELD = int(os.environ.get("HELD", "200"))

# What comes where a ClientHello should.
NO_HANDSHAKES = {
    "plain HTTP": get("/readyz"),
    "zeros": bytes(1000),
    "a hello that is cut": bytes.fromhex("160301020001000001fc0303") + bytes(20),
    "an alert": bytes.fromhex("15030300020228"),
    "a record too long": bytes.fromhex("160301ffff") + bytes(5000),
}


def check_strangers(node):
    for name, sent in NO_HANDSHAKES.items():
        with connect(node.ports["dashboard"]) as to:
            to.sendall(sent)
            to.shutdown(socket.SHUT_WR)
            try:
                while to.recv(65536):
                    pass  # an alert, or nothing
            except ConnectionResetError:
                pass
            except TimeoutError:
                fail(f"{name}: the connection stays open")
        expect_answer(node, name)
    # A client that trusts nobody it does not know gets no answer to believe.
    with connect(node.ports["dashboard"]) as plain:
        try:
            ssl.create_default_context().wrap_socket(
                plain, server_hostname="127.0.0.1")
            fail("a certificate of our own authority is known to strangers")
        except ssl.SSLError:
            pass
    expect_answer(node, "a client that does not trust it")


def expect_answer(node, after):
    began = time.monotonic()
    status = node.ask(get("/predictions/latest"))[0]
    if status != 200:
        fail(f"after {after}: {status}")
    return time.monotonic() - began


def check_broken(node):
    for name, (sent, allowed) in hostile.BROKEN.items():
        with node.connect() as to:
            try:
                to.sendall(sent)
            except OSError:
                pass  # it has answered and closed already
            try:
                status = read_reply(to)[0]
            except OSError as why:
                fail(f"{name}: {why!r}")
            if status not in allowed:
                fail(f"{name}: status {status}")


def check_dawdlers(node):
    """None of them ever ends what it has begun."""
    held = []
    for i in range(HELD):
        to = connect(node.ports["dashboard"])
        if i % 2:
            to.sendall(NO_HANDSHAKES["a hello that is cut"])
        held.append(to)
    for _ in range(HELD // 4):
        to = node.connect()
        to.sendall(get("/readyz")[:-2])
        held.append(to)
    longest = max(expect_answer(node, "dawdling clients") for _ in range(50))
    for to in held:
        to.close()
    if longest > 2:
        fail(f"another client waits {longest:.2f} s")
    return longest


if __name__ == "__main__":
    with Node(PROGRAMS, ["changes_per_minute=0", "tls=on"],
              secure=True) as node:
        begin = node.rss_mb()
        check_strangers(node)
        check_broken(node)
        longest = check_dawdlers(node)
        grown = node.rss_mb() - begin
        if grown > hostile.MEMORY_MB:
            fail(f"its memory grew by {grown:.0f} MB")
        node.signal()
        if node.process.wait(30) != 0:
            fail("the node does not stop well")
        print(f"{len(NO_HANDSHAKES)} strangers and {len(hostile.BROKEN)} broken "
              f"requests are refused; beside {HELD} that dawdle "
              f"another client waits {longest * 1000:.0f} ms at most; memory "
              f"grew by {grown:.0f} MB")
