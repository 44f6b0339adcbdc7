#!/usr/bin/env python3
"""The losses of losses.py, asked of a real node: one part after the other is
taken away, and each API still answers what it should, says
what is missing, and does so within the time that the request was given.

    degraded.py [FOLDER OF THE PROGRAMS]
    degraded.py --table     what is promised, as docs/operations.md has it
    ONLY     a loss by its name, or several with commas (all)
"""

import contextlib
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from losses import (BODIES, LISTS, LOSSES, ROUTES, TIMEOUT_S,  # noqa: E402
                    table)
from lost_parts import LeftOut, await_that  # noqa: E402
from node import Node, fail  # noqa: E402
from world import World  # noqa: E402

PROGRAMS = (sys.argv[1] if len(sys.argv) > 1
            else str(pathlib.Path(__file__).parents[2] / "build" / "bin"))
ONLY = [x for x in os.environ.get("ONLY", "").split(",") if x]
# What a busy machine may add to what a request is given.
SLACK_S = 1.0


# -- asking -------------------------------------------------------------------------


class AskedNode(Node):
    def request(self, name, timeout_s=TIMEOUT_S):
        """Status, body, and how long it took."""
        method, target = name.split(" ")
        body = json.dumps(BODIES.get(name, {})).encode()
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost",
                 f"Request-Timeout: {timeout_s}"]
        if method == "POST":
            lines += ["Content-Type: application/json",
                      f"Authorization: Bearer {self.token}",
                      f"Content-Length: {len(body)}"]
        sent = ("\r\n".join(lines) + "\r\n\r\n").encode()
        began = time.monotonic()
        status, _, text, _ = self.ask(sent + (body if method == "POST" else b""))
        return status, text, time.monotonic() - began

    def component(self, name):
        health = json.loads(self.request("GET /health")[1])
        for x in health["components"]:
            if x["component"] == name:
                return x["state"], x["reason"] or ""
        return "absent", ""

    def _await_ready(self):
        pass  # what is away may be what it needs for that


# -- one loss -----------------------------------------------------------------------


def check_label(name, loss, node):
    if not loss.component:
        return
    seen = []

    def holds():
        seen[:] = node.component(loss.component)
        return seen[0] == loss.state and loss.reason in seen[1]

    await_that(f"{name}: {loss.component} is not {loss.state}", holds)
    print(f"  {loss.component} {seen[0]}: {seen[1]}")


def check_routes(name, loss, node):
    slowest = 0.0
    for route, usual in ROUTES.items():
        status, body, took = node.request(route, loss.timeout_s)
        slowest = max(slowest, took)
        wanted = loss.answers.get(route, usual)
        if status not in (wanted if isinstance(wanted, tuple) else (wanted,)):
            fail(f"{name}: {route}: {status} where {wanted} is right: "
                 f"{body[:300]}")
        if took > loss.timeout_s + SLACK_S:
            fail(f"{name}: {route} took {took:.2f} s of {loss.timeout_s} s")
        kinds = loss.kinds.get(route, ())
        if status >= 400 and kinds and json.loads(body)["type"].removeprefix("/problems/") \
                not in (kinds if isinstance(kinds, tuple) else (kinds,)):
            fail(f"{name}: {route} is no {kinds}: {body[:300]}")
        if route in LISTS and status == 200 \
                and json.loads(body)["degraded"] != loss.degraded:
            fail(f"{name}: {route}: degraded should be {loss.degraded}")
    return slowest


def check(name, loss, folder):
    settings = ["changes_per_minute=0", "watchdog_limit_ms=60000",
                *loss.settings]
    with contextlib.ExitStack() as stack:
        if loss.world:
            world = stack.enter_context(World(PROGRAMS, loss.world == "whole"))
            settings += world.settings
            # What the demo's market has left there is of another world.
            folder = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="banksia-"))
        node = stack.enter_context(
            AskedNode(PROGRAMS, settings, folder=folder, faults=loss.faults,
                      ml=loss.ml))
        if loss.away or "GET /readyz" not in loss.answers:
            await_that(f"{name}: the node does not become ready",
                       lambda: node.request("GET /readyz")[0] == 200)
        with loss.away(node) if loss.away else contextlib.nullcontext():
            check_label(name, loss, node)
            if loss.also:
                loss.also(node)
            slowest = check_routes(name, loss, node)
        if node.process.poll() is not None:
            fail(f"{name}: the node ended with {node.process.returncode}")
        print(f"{name}: {len(ROUTES)} routes as promised, the slowest in "
              f"{slowest:.2f} s")


def with_history(folder):
    """Predictions to be shown, whatever is away afterwards."""
    with AskedNode(PROGRAMS, ["changes_per_minute=0"], folder=folder) as node:
        await_that("the demo predicts nothing",
                   lambda: node.request("POST /predictions/generate")[0] == 200)
        node.signal()
        node.process.wait(30)


if __name__ == "__main__":
    if "--table" in sys.argv:
        print(table())
        raise SystemExit(0)
    unknown = set(ONLY) - set(LOSSES)
    if unknown:
        fail(f"no such loss: {unknown}: there are {list(LOSSES)}")
    before = tempfile.mkdtemp(prefix="banksia-")
    try:
        with_history(before)
        for name, loss in LOSSES.items():
            if ONLY and name not in ONLY:
                continue
            if loss.ml == "on" and not pathlib.Path(PROGRAMS,
                                                    "banksia-ml").exists():
                print(f"{name}: banksia-ml is not built, left out")
                continue
            try:
                check(name, loss, before)
            except LeftOut as why:
                print(f"{name}: left out: {why}")
    finally:
        shutil.rmtree(before, ignore_errors=True)
