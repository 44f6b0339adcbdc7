#!/usr/bin/env python3
"""The table of docs/architecture.md, "Failures", asked of a real node: one part
after the other is taken away, and each API still answers what it should, says
what is missing, and does so within the time that the request was given.

    degraded.py [FOLDER OF THE PROGRAMS]
    ONLY     a loss by its name, or several with commas (all)
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from node import Node, fail  # noqa: E402

PROGRAMS = (sys.argv[1] if len(sys.argv) > 1
            else str(pathlib.Path(__file__).parents[2] / "build" / "bin"))
ONLY = [x for x in os.environ.get("ONLY", "").split(",") if x]
# What each request is given, and what a busy machine may add to it.
TIMEOUT_S = 8.0
SLACK_S = 1.0
PATIENCE_S = 60.0
SYMBOL = "CBA.AX"

BARS = {"symbol": SYMBOL, "interval": "1d", "bars": [
    {"opened_at": "2024-01-09", "open": 11, "high": 11.5, "low": 10,
     "close": 11.2, "volume": 1002}]}

# Every API's main routes, with what they answer while all is well.
ROUTES = {
    "GET /predictions/latest": 200,
    "GET /predictions?limit=5": 200,
    "POST /predictions/generate": 200,
    "GET /predictions/health": 200,
    "GET /evaluations/metrics": 200,
    "GET /evaluations?limit=5": 200,
    "POST /evaluations/process": 200,
    "GET /evaluations/health": 200,
    "GET /ml/models": 200,
    "GET /ml/trainings": 200,
    "POST /ml/predict": 200,
    "GET /ml/health": (200, 503),  # a demo without models has no trainer
    f"GET /data/prices/{SYMBOL}": 200,
    f"GET /data/news/{SYMBOL}": 200,
    "GET /data/symbols": 200,
    "POST /data/validate": 200,
    "GET /data/health": 200,
    "GET /dashboard/api/summary": 200,
    "GET /dashboard/api/service-levels": 200,
    "GET /dashboard/health": 200,
    "GET /health": 200,
    "GET /livez": 200,
    "GET /readyz": 200,
    "GET /metrics": 200,
}

BODIES = {"POST /data/validate": BARS, "POST /ml/predict": {"symbols": [SYMBOL]}}
LISTS = ("GET /predictions/latest", "GET /predictions?limit=5",
         "GET /evaluations?limit=5", "POST /predictions/generate")


class Loss:
    """A part that is away.

    faults     as `BANKSIA_FAULTS` has them
    away       what takes it away from a running node, as a context
    component  that is then `state`, with `reason` in its reason
    answers    statuses other than those of ROUTES
    kinds      of the problems that those answers are
    degraded   whether lists say that they may lack something
    also       what else must hold
    timeout_s  what each request is given
    settings   of the node, besides
    """

    def __init__(self, component=None, state="DEGRADED", reason="", faults="",
                 away=None, answers=None, kinds=None, degraded=False, ml="off",
                 also=None, timeout_s=TIMEOUT_S, settings=()):
        self.component, self.state, self.reason = component, state, reason
        self.faults, self.away, self.ml = faults, away, ml
        self.answers, self.kinds = answers or {}, kinds or {}
        self.degraded, self.also = degraded, also
        self.timeout_s, self.settings = timeout_s, settings


# -- ways to take something away --------------------------------------------------


@contextlib.contextmanager
def locked_database(node):
    """As another program does that writes for long."""
    with contextlib.closing(sqlite3.connect(node.folder / "data" / "demo.db",
                                            timeout=30)) as db:
        db.isolation_level = None
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            db.execute("ROLLBACK")


@contextlib.contextmanager
def nothing_stored(node):
    """The journal cannot be written either, as on a full disk."""
    journal = node.folder / "data" / "demo.db.journal"
    journal.unlink(missing_ok=True)
    journal.mkdir()
    try:
        with locked_database(node):
            yield
    finally:
        journal.rmdir()


def child_of(node, name):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = subprocess.run(["ps", "--no-headers", "-o", "pid,args", "--ppid",
                                str(node.process.pid)], text=True,
                               capture_output=True).stdout
        for line in found.splitlines():
            pid, _, args = line.strip().partition(" ")
            if name in args:
                return int(pid)
        time.sleep(0.05)
    fail(f"the node has no process {name}")


@contextlib.contextmanager
def stopped_models(node):
    """A halted process of the models; what replaces it is halted too."""
    held = set()
    await_that("the models' process does not come up", lambda: "starting"
               not in node.component("prediction_engine")[1])

    def hold():
        pid = child_of(node, "banksia-ml")
        if pid not in held:
            os.kill(pid, signal.SIGSTOP)
            held.add(pid)

    hold()
    yield
    for pid in held:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def others_go_on(node):
    """The other symbols are predicted while one is away."""
    latest = json.loads(node.request("GET /predictions/latest")[1])
    newest = {x["symbol"]: x["timestamp"] for x in latest["predictions"]}
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        rows = json.loads(
            node.request("GET /predictions/latest")[1])["predictions"]
        moved = [x for x in rows if x["timestamp"] > newest[x["symbol"]]
                 and x["symbol"] != SYMBOL and not x["abstained"]]
        own = [x for x in rows if x["symbol"] == SYMBOL]
        if moved and own[0]["reason"] == "symbol_unavailable":
            return
        time.sleep(0.1)
    fail("without one symbol the others are not predicted, or it does not "
         f"abstain: {rows[:2]}")


def rules_predict(node):
    answer = json.loads(node.request("POST /ml/predict")[1])
    if not answer["models_away"] or not answer["predictions"]:
        fail(f"without models: {answer}")


OF_DATA = [x for x in ROUTES if " /data/" in x and x != "GET /data/health"]
SILENT = {"POST /evaluations/process": "part-silent"}

LOSSES = {
    "nothing": Loss("database", "HEALTHY"),
    # Its last word stands in; before its first nobody knows the time.
    "scheduler": Loss("scheduler", "UNHEALTHY", "no answer from scheduler",
                      faults="drop:scheduler:every=1",
                      answers={"POST /ml/predict": 503, "GET /readyz": 503},
                      kinds={"POST /ml/predict": "part-away",
                             "GET /readyz": "not-ready"}),
    "evaluator": Loss("outcome_evaluator", "UNHEALTHY",
                      "no answer from evaluator",
                      faults="drop:evaluator:every=1",
                      answers={"POST /evaluations/process": 504},
                      kinds=SILENT),
    "price feed": Loss("feeds", "UNHEALTHY",
                       "no answer from feed/prices/simulator",
                       faults="drop:feed/prices/simulator:every=1"),
    "a symbol": Loss("symbols", "DEGRADED", f"again and again: {SYMBOL}",
                     faults=f"crash:symbol/{SYMBOL}:message=*predict*:every=1",
                     also=others_go_on),
    "database": Loss("database", "DEGRADED", "journal", away=locked_database,
                     degraded=True),
    "database and journal": Loss(
        "database", "UNHEALTHY", "nothing can be stored", away=nothing_stored,
        degraded=True,
        answers={"POST /predictions/generate": 507,
                 "POST /evaluations/process": 507, "GET /readyz": 503},
        kinds={"POST /predictions/generate": "insufficient-storage",
               "POST /evaluations/process": "insufficient-storage",
               "GET /readyz": "not-ready"}),
    "models": Loss("prediction_engine", "DEGRADED", "rules predict", away=stopped_models,
                   ml="on", also=rules_predict),
    # The bridge of one service; the others do not notice.
    "the data service": Loss(
        "database", "HEALTHY",
        faults="hang:api/data:every=1:ms=20000", timeout_s=1.0,
        answers={x: (503, 504) for x in OF_DATA},
        kinds={x: ("overloaded", "deadline-passed") for x in OF_DATA}),
    # Nobody listens there, as without a network. The last, since a live node
    # takes the market's clock to today; it may have no slot yet.
    "prices and news of the world": Loss(
        "feeds", "UNHEALTHY", "get no prices: yahoo",
        answers={"POST /predictions/generate": (200, 409)},
        kinds={"POST /predictions/generate": "nothing-predicted-yet"},
        settings=["clock=live", "price_source=live",
                  "yahoo_url=http://127.0.0.1:9",
                  "news_feeds=http://127.0.0.1:9/rss"]),
}


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


def await_that(what, holds):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.05)
    fail(what)


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
    with AskedNode(PROGRAMS, settings, folder=folder, faults=loss.faults,
                   ml=loss.ml) as node:
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
            check(name, loss, before)
    finally:
        shutil.rmtree(before, ignore_errors=True)
