#!/usr/bin/env python3
"""A node split into six processes, one for each role, in one data folder. Each
service answers as that of a node in one process does; a core that is killed is
missed, said so, and found again; a service that is killed disturbs nobody.

    roles.py [FOLDER OF THE PROGRAMS]
"""

import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from parts import (FOLDER, MODELS, SERVICES, Events, Part, command,  # noqa: E402
                   expect, reasons, within)


# -- starts ------------------------------------------------------------------------

def refused_starts():
    for roles, said in (("predict", "no such role: predict"),
                        ("core,", "an empty role"),
                        ("ml,ml", "a role twice: ml")):
        done = subprocess.run(command(roles), capture_output=True, text=True)
        expect("a wrong role is a usage error",
               done.returncode == 2 and said in done.stderr
               and done.stderr.startswith("banksia: --roles: ")
               and done.stderr.count("\n") == 1, done.returncode, done.stderr)


def start_all():
    """The services first: the order of starts does not matter."""
    parts = {name: Part(name) for name in SERVICES}
    for part in parts.values():
        part.started()
        expect("without a core it is not ready", not part.is_ready(), part.name)
        expect("it says why", any("no core runs on this data folder" in x
                                  for x in reasons(part)), reasons(part))
        expect("it lives", part.ask("/livez")[0] == 200, part.name)
    parts["core"] = Part("core").started()
    slowest = 0
    for part in parts.values():
        _, took = within(20, f"{part.name} ready", part.is_ready)
        slowest = max(slowest, took)
    print(f"core announced to all ready: {slowest:.2f} s")
    return parts


def refused_beside(parts):
    """What may not run beside them."""
    done = subprocess.run(command("core"), capture_output=True, text=True)
    expect("a second core is refused",
           done.returncode == 69 and "another node runs" in done.stderr,
           done.returncode, done.stderr)
    done = subprocess.run(command("data"), capture_output=True, text=True)
    expect("a second process of a role is refused",
           done.returncode == 69 and "another data runs" in done.stderr,
           done.returncode, done.stderr)
    done = subprocess.run(command("prediction,data"), capture_output=True,
                          text=True)
    expect("a process that shares a role with another is refused",
           done.returncode == 69
           and "another process has the role prediction" in done.stderr,
           done.returncode, done.stderr)
    parts["data"].stop()
    other = Part("data", ["confidence_threshold=0.7"]).started()
    within(5, "another configuration is refused",
           lambda: any("another configuration" in x for x in reasons(other)))
    other.stop()
    parts["data"] = Part("data").started()
    within(10, "the role is free again", parts["data"].is_ready)
    for part in parts.values():
        expect("nobody minds", part.is_ready(), part.name, reasons(part))


# -- answers -----------------------------------------------------------------------

def answers(parts):
    """Every main route of each service."""
    prediction, evaluation, ml, data, dashboard = (
        parts[name] for name in SERVICES)
    within(60, "predictions", lambda: any(
        not x["abstained"]
        for x in prediction.good("/predictions/latest")["predictions"]))
    within(60, "outcomes",
           lambda: evaluation.good("/evaluations?limit=5")["outcomes"])
    rows = prediction.good("/predictions?limit=5")["predictions"]
    one = rows[-1]["prediction_id"]
    prediction.good(f"/predictions/{one}")
    prediction.good("/predictions/generate", {"symbols": ["CBA.AX"]})
    prediction.good("/predictions/health")
    expect("the stored prediction is made again bit for bit",
           prediction.good(f"/predictions/{one}/explain")["identical"])
    expect("the sweep counts", isinstance(
        evaluation.good("/evaluations/process", {})["open"], int))
    evaluation.good("/evaluations/metrics?days=30")
    evaluation.good("/evaluations/health")
    now = ml.good("/ml/predict", {"symbols": ["CBA.AX"]})["predictions"]
    expect("a prediction now", len(now) == 1, now)
    ml.good("/ml/models")
    ml.good("/ml/health")
    if MODELS == "on":
        training = within(30, "a training", lambda: order_training(ml))[0]
        ml.good(f"/ml/trainings/{training}")
        status, content, _ = ml.ask(f"/ml/trainings/{training}/cancel", {})
        expect("a training can be cancelled, or has ended",
               status in (202, 409), status, content)
    data.good("/data/prices/CBA.AX?interval=5m&limit=10")
    data.good("/data/news/CBA.AX")
    data.good("/data/health")
    added = within(10, "a symbol is added", lambda: add_symbol(data))[0]
    expect("the change is told", added["symbol"] == "WES.AX", added)
    for part in (data, dashboard):
        within(5, "all follow it", lambda: "WES.AX" in [
            x["symbol"] for x in part.good("/data/symbols")["symbols"]])
    within(30, "it is predicted", lambda: newest_of(prediction, "WES.AX"))
    summary = dashboard.good("/dashboard/api/summary")
    expect("the scheduler answers the dashboard", summary["scheduler_answers"])
    expect("its page is there", "<html" in dashboard.good("/dashboard/"))
    # The gateway has the routes of all, the others their own.
    for target in ("/predictions/latest", "/evaluations", "/ml/models",
                   "/data/symbols"):
        dashboard.good(target)
    dashboard.good("/evaluations/process", {})
    expect("a service has its own routes alone",
           prediction.ask("/evaluations")[0] == 404)
    expect("a change needs the token", prediction.ask(
        "/predictions/generate", {}, token=False)[0] == 401)
    health(parts)
    metrics(parts)


def add_symbol(data):
    """A core that has just begun may not change anything yet."""
    status, content, _ = data.ask("/data/symbols",
                                  {"symbol": "WES.AX", "event": "added"})
    return content if status == 200 else None


def newest_of(prediction, symbol):
    status, content, _ = prediction.ask(f"/predictions/latest?symbols={symbol}")
    return content["predictions"] if status == 200 else None


def order_training(ml):
    status, content, _ = ml.ask("/ml/train", {})
    if status == 409 and "training_id" in content:
        return content["training_id"]
    return content["training_id"] if status == 202 else None


def health(parts):
    for name, part in parts.items():
        found = part.good("/health")
        by_name = {x["component"]: x["state"] for x in found["components"]}
        for component in ("scheduler", "database", "outcome_evaluator",
                          "feeds", "symbols", "prediction_engine"):
            expect("the core's components are shown", component in by_name,
                   name, by_name)
        if name != "core":
            expect("it shows itself and its way to the core",
                   by_name.get("core") == by_name.get(name) == "HEALTHY",
                   name, by_name)


def metrics(parts):
    for name, part in parts.items():
        text = part.good("/metrics")
        expect("its own requests are counted",
               f'route="/readyz",service="{name}"' in text, name, text)
        expect("its process is shown", "process_resident_memory_bytes" in text,
               name)
    core = parts["core"].good("/metrics")
    expect("the core shows its actors",
           'banksia_actor_messages_total{actor="scheduler"}' in core)
    expect("others have no such actor",
           'actor="scheduler"' not in parts["dashboard"].good("/metrics"))


# -- losses ------------------------------------------------------------------------

def lose_core(parts, events):
    pids = {name: part.process.pid for name, part in parts.items()}
    parts["core"].kill()
    services = [parts[name] for name in SERVICES]
    slowest = 0
    for part in services:
        _, took = within(5, f"{part.name} misses the core",
                         lambda: any(x.startswith("core: ")
                                     for x in reasons(part)))
        slowest = max(slowest, took)
    print(f"kill -9 of the core to the last /readyz 503: {slowest:.2f} s")
    for part in services:
        expect("it lives on", part.runs() and part.ask("/livez")[0] == 200,
               part.name)
        within(3, f"the health of {part.name} says so",
               lambda: part.good("/health")["status"] == "DEGRADED")
    degraded_answers(parts)
    before = events.total()
    begun = time.monotonic()
    parts["core"] = Part("core").started()
    announced = time.monotonic()
    for part in services:
        within(10, f"{part.name} ready again", part.is_ready)
    print(f"the core back: {time.monotonic() - announced:.2f} s after it was "
          f"announced all are ready ({time.monotonic() - begun:.2f} s after "
          "its start)")
    within(30, "events go on over the same stream",
           lambda: events.total() > before + 3)
    parts["evaluation"].good("/evaluations/process", {})
    within(10, "answers are whole again", lambda: not parts["prediction"].good(
        "/predictions/latest")["degraded"])
    for name in SERVICES:
        expect("no service was started again",
               parts[name].process.pid == pids[name] and parts[name].runs())


def degraded_answers(parts):
    """Reading goes on and says that it may lack something."""
    within(3, "lists are labelled", lambda: parts["prediction"].good(
        "/predictions/latest")["degraded"])
    within(3, "so are outcomes", lambda: parts["evaluation"].good(
        "/evaluations?limit=2")["degraded"])
    parts["data"].good("/data/prices/CBA.AX?interval=5m&limit=3")
    parts["ml"].good("/ml/models")
    summary = within(3, "the dashboard says so", lambda: (
        lambda x: x if not x["scheduler_answers"] else None)(
            parts["dashboard"].good("/dashboard/api/summary")))[0]
    expect("it has what is stored", len(summary["symbols"]) >= 7)
    for name, target, body in (
            ("evaluation", "/evaluations/process", {}),
            ("ml", "/ml/train", {}),
            ("data", "/data/symbols", {"symbol": "BHP.AX", "event": "added"})):
        status, content, took = parts[name].ask(target, body)
        expect("what needs the core fails at once",
               status == 503 and took < 1, target, status, content, took)


def halt_core(parts):
    """A halted core keeps its connections: only its heart stops."""
    core = parts["core"].process
    core.send_signal(signal.SIGSTOP)
    _, took = within(8, "a halted core is missed",
                     lambda: not parts["data"].is_ready())
    core.send_signal(signal.SIGCONT)
    for name in SERVICES:
        within(15, f"{name} ready again", parts[name].is_ready)
        within(15, f"{name} well again",
               lambda: not is_troubled(parts[name]))
    print(f"a halted core is missed after {took:.2f} s")


def is_troubled(part):
    return any(x["state"] != "HEALTHY" for x in part.good("/health")["components"]
               if x["component"] in ("core", "database", "scheduler"))


def lose_service(parts):
    data = parts["data"]
    data.kill()
    before = parts["dashboard"].good("/dashboard/api/summary")["cycles"]
    for name in ("core", "prediction", "dashboard"):
        expect("nobody else minds", parts[name].is_ready(), name)
    within(30, "cycles go on", lambda: parts["dashboard"].good(
        "/dashboard/api/summary")["cycles"]["completed"]
        > before["completed"])
    parts["data"] = Part("data").started()
    within(10, "it is back", parts["data"].is_ready)
    parts["data"].good("/data/prices/CBA.AX?interval=5m&limit=3")


# -- the same in one process ---------------------------------------------------------

def lasting(part, owner):
    """Answers that are the same for ever, and of whom they are asked."""
    if MODELS == "on":
        within(60, "the first training has ended", lambda: part["ml"].good(
            "/ml/trainings?order=asc&limit=1")["trainings"][0]["ended_at"])
    some = part["prediction"].good("/predictions?limit=100")["predictions"]
    # What is known of so long ago will not change any more.
    to = some[-1]["timestamp"]
    one = some[-1]["prediction_id"]
    result = [("prediction", f"/predictions?limit=40&to={to}"),
              ("prediction", f"/predictions/{one}/explain"),
              ("evaluation",
               "/evaluations?limit=20&order=asc&horizon_minutes=60"),
              ("ml", "/ml/trainings?order=asc&limit=1"),
              ("data", f"/data/prices/CBA.AX?interval=5m&limit=50&to={to}"),
              ("data", f"/data/news/CBA.AX?limit=20&to={to}"),
              ("data", "/data/symbols")]
    return {target: without_now(owner(name).good(target))
            for name, target in result}


def without_now(content):
    """How fresh prices are depends on when it is asked."""
    return {name: x for name, x in content.items() if name != "freshness"}


def compare_with_whole(parts):
    split = lasting(parts, lambda name: parts[name])
    for target, content in split.items():
        found = without_now(parts["dashboard"].good(target))
        expect("the gateway gives the same", found == content, target, found,
               content)
    for name in SERVICES:
        parts[name].stop()
    # Strangers who say nothing do not hold it up.
    strangers = [socket.create_connection(
        ("127.0.0.1", parts["core"].ports["node"])) for _ in range(3)]
    parts["core"].stop()
    for to in strangers:
        to.close()
    whole = Part("").started()
    within(20, "the node in one process", whole.is_ready)
    expect("it opens no port for others", "node" not in whole.ports)
    for target, content in split.items():
        found = without_now(whole.good(target))
        expect("as a node in one process answers", found == content, target,
               found, content)
    # A process without the core finds that it cannot join this one.
    lonely = Part("data").started()
    within(5, "it says why", lambda: any(
        "has no port for others" in x for x in reasons(lonely)))
    lonely.stop()
    whole.stop()


def main():
    try:
        refused_starts()
        parts = start_all()
        events = Events(parts["dashboard"].port)
        answers(parts)
        refused_beside(parts)
        within(30, "events", lambda: events.total() > 3)
        lose_core(parts, events)
        lose_service(parts)
        halt_core(parts)
        compare_with_whole(parts)
        print("ok: six processes are one node")
    finally:
        for part in Part.all:
            if part.runs():
                part.kill()
        shutil.rmtree(FOLDER, ignore_errors=True)


main()
