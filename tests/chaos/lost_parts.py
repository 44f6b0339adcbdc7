"""Ways to take something away from a running node, and what is seen besides
each answer's status while it is away."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import time

from node import fail

PATIENCE_S = 60.0
SYMBOL = "CBA.AX"


class LeftOut(Exception):
    """Why a loss cannot be made on this machine."""


def await_that(what, holds):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.05)
    fail(what)


# -- taking away ------------------------------------------------------------------


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


@contextlib.contextmanager
def full_models(node):
    """The models lie on a small disk of their own, without room."""
    folder = node.folder / "models"
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none",
                              str(folder)], capture_output=True)
    if mounted.returncode:
        raise LeftOut("no small disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def nothing_trained(node):
    """It is not promised, since its model could not be kept."""
    # Until its actor has begun.
    await_that("training is not refused for want of room",
               lambda: node.request("POST /ml/train")[0] != 503)
    status, body, _ = node.request("POST /ml/train")
    if status != 507 or b"/problems/insufficient-storage" not in body:
        fail(f"without room a training is {status}: {body[:300]}")
    if json.loads(node.request("GET /ml/trainings")[1])["trainings"]:
        fail("a training is owed although there is no room")


# -- what is seen -----------------------------------------------------------------


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


def prediction_now(node):
    return json.loads(node.request("POST /ml/predict")[1])["predictions"][0]


def news_count(node):
    """Headlines are scored and go into what is predicted."""
    seen = {}

    def scored():
        seen.update(prediction_now(node))
        return "sentiment_score" in seen["features"]

    await_that("news do not count", scored)
    if not json.loads(node.request(f"GET /data/news/{SYMBOL}")[1])["headlines"]:
        fail("news that count are not listed")


def goes_without_news(node):
    """Of what is predicted the news are masked, not the prices: no number stands
    in for them, and lists of them are short, not wrong."""
    features = {}

    def has_prices():
        features.update(prediction_now(node)["features"])
        return {"rsi", "sma_20", "volume", "asx200_change"} <= features.keys()

    await_that("without news features of prices are missing", has_prices)
    if found := {"sentiment_score", "news_count", "confidence",
                 "technical_sentiment_divergence"} & features.keys():
        fail(f"without news there are {found}")
    feeds = node.component("feeds")[1]
    if "no prices" in feeds:
        fail(f"prices are away too: {feeds}")
    if json.loads(node.request(f"GET /data/news/{SYMBOL}")[1])["headlines"]:
        fail("news that nobody gave are listed")
    metrics = node.request("GET /metrics")[1].decode()
    if 'banksia_feed_failures_total{feed="127.0.0.1",status="status 503"}' \
            not in metrics:
        fail("failures of the news are not counted")
