#!/usr/bin/env python3
"""Each status and each kind of problem that the node's pages list, from a real
node: one request that it answers so. Those that need another kind of node are
named with the test that shows them.

    statuses.py [FOLDER OF THE PROGRAMS]
"""

import contextlib
import json
import pathlib
import socket
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tests" / "chaos"))
from node import Node, fail, get, read_reply  # noqa: E402

PROGRAMS = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "bin")
PATIENCE_S = 60.0

# Small bounds, each of which a row meets.
SETTINGS = ["header_bytes_max=6000", "body_bytes_max=2000",
            "client_idle_ms=1500", "read_deadline_ms=1000",
            "queue_waiting_max=1", "changes_per_minute=15",
            "part_breaker_window=1", "part_breaker_minimum=1",
            "connections_per_client=0", "watchdog_limit_ms=60000"]
# The data service hangs when it is asked to validate or list anything; the
# evaluator never answers.
FAULTS = "hang:api/data:every=1:ms=2500,drop:evaluator:every=1"

ELSEWHERE = {
    "forbidden": "a title of its status alone",
    "conflict": "a title of its status alone",
    "unavailable": "unit/http_limits",
    "too-many-bodies": "unit/http_limits",
    "proxy-only": "integration/exposed",
    "nothing-predicted-yet": "chaos/degraded",
    "training-under-way": "integration/served_ml",
    "training-ended": "integration/served_ml",
    "listing-conflict": "integration/served_symbols",
    "internal-error": "unit/http_server",
    "no-answer": "unit/http_server",
    "not-alive": "unit/services_health",
    "part-busy": "unit/services_asking",
    "database-away": "unit/services_asking",
}
# What each of these statuses comes with.
BESIDE = {401: b"WWW-Authenticate: ", 405: b"Allow: ", 429: b"Retry-After: "}


def make_token():
    done = subprocess.run([f"{PROGRAMS}/banksia", "token", "create", "--name",
                           "reader", "--scope", "read", "--json"], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          check=True)
    return json.loads(done.stdout)


def request(method, target, body=None, token="", host="localhost",
            version="1.1", **more):
    lines = [f"{method} {target} HTTP/{version}", f"Host: {host}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None:
        more.setdefault("Content-Type", "application/json")
        lines += [f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {text}"
              for name, text in more.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + (body or b"")


def rows(admin, reader):
    """Kind, status, and what is sent."""
    read = lambda target, **more: request("GET", target, **more)  # noqa: E731
    post = lambda target, body=b"{}", token=admin, **more: request(  # noqa: E731
        "POST", target, body, token, **more)
    validate = "/data/validate"
    return [
        ("bad-request", 400, b"GET /livez HTTP/1.1\r\n\r\n"),
        ("invalid-json", 400, post(validate, b"{")),
        ("invalid-parameter-name", 400, read("/predictions?colour=red")),
        ("missing-body", 400, post(validate, b"")),
        ("invalid-header", 400, read("/predictions",
                                     **{"Request-Timeout": "soon"})),
        ("unauthorized", 401, post("/evaluations/process", token="")),
        ("insufficient-scope", 403, post("/evaluations/process",
                                         token=reader)),
        ("foreign-origin", 403, post("/evaluations/process",
                                     Origin="https://evil.example")),
        ("not-found", 404, read("/problems/none")),
        ("no-such-path", 404, read("/nowhere")),
        ("no-such-prediction", 404, read("/predictions/" + "0" * 32)),
        ("no-such-training", 404, read("/ml/trainings/none")),
        ("no-such-model", 404, read("/ml/models/none")),
        ("method-not-allowed", 405, request("DELETE", "/predictions")),
        ("not-acceptable", 406, read("/predictions", Accept="image/png")),
        ("model-not-fit", 409, post("/ml/models/rollback")),
        ("length-required", 411, request("POST", validate, token=admin)),
        ("body-too-long", 413, post(validate, b" " * 2001)),
        ("target-too-long", 414, read("/" + "a" * 4500)),
        ("not-json", 415, post(validate, **{"Content-Type": "text/plain"})),
        ("wrong-host", 421, read("/livez", host="evil.example")),
        ("invalid-value", 422, read("/predictions?limit=0")),
        ("unknown-symbol", 422, read("/predictions?symbol=XYZ.AX")),
        ("headers-too-long", 431, read("/livez", A="b" * 7000)),
        ("part-away", 503, post("/ml/train")),
        ("deadline-passed", 504, read("/data/symbols")),
        ("part-silent", 504, post("/evaluations/process")),
        ("part-failing", 503, post("/evaluations/process")),
        ("http-version", 505, read("/livez", version="2.0")),
    ]


class Seen:
    def __init__(self):
        self.kinds = {}

    def check(self, kind, status, reply):
        code, header, body, _ = reply
        if code != status:
            fail(f"{kind}: {code} where {status} is right: {body[:300]}")
        said = json.loads(body)
        if said["type"] != f"/problems/{kind}" or said["status"] != status:
            fail(f"{kind} is {said}")
        if not said["detail"] or len(said["trace_id"]) != 32:
            fail(f"{kind} says too little: {said}")
        if b"application/problem+json" not in header:
            fail(f"{kind} is no problem: {header}")
        wanted = BESIDE.get(status, b"")
        if wanted.lower() not in header.lower():
            fail(f"{kind} lacks {wanted}: {header}")
        self.kinds[kind] = status


def ask_from(node, address, sent):
    """As another client."""
    with socket.create_connection(("127.0.0.1", node.ports["dashboard"]), 10,
                                  source_address=(address, 0)) as to:
        to.sendall(sent)
        return read_reply(to)


def check_floods(node, seen):
    """Each from an address of its own, which others are not held to."""
    for kind, token, address in (
            ("too-many-requests", node.token, "127.0.0.2"),
            # Ten wrong ones are borne, fewer than the requests of a minute.
            ("too-many-wrong-tokens", "wrong", "127.0.0.3")):
        sent = request("POST", "/ml/trainings/none/cancel", b"{}", token)
        for _ in range(20):
            reply = ask_from(node, address, sent)
            if reply[0] == 429:
                break
        seen.check(kind, 429, reply)


def check_dawdler(node, seen):
    with node.connect() as to:
        to.sendall(b"GET /livez HTTP/1.1\r\nHost: loc")
        seen.check("request-timeout", 408, read_reply(to))


def check_queue(node, seen):
    """One is being answered, one waits, and there is no room for a third."""
    sent = get("/data/symbols")
    with contextlib.ExitStack() as stack:
        statuses = []
        for to in [stack.enter_context(node.connect()) for _ in range(6)]:
            to.sendall(sent)
            statuses.append(to)
        replies = [read_reply(to) for to in statuses]
    full = [x for x in replies if x[0] == 503]
    if not full or b"retry-after: " not in full[0][1].lower():
        fail(f"a full queue takes more: {[x[0] for x in replies]}")
    seen.check("overloaded", 503, full[0])


def check_streams(node, seen):
    with contextlib.ExitStack() as stack:
        for _ in range(256):
            to = stack.enter_context(node.connect())
            to.sendall(get("/dashboard/api/events"))
            if not to.recv(4096).startswith(b"HTTP/1.1 200"):
                fail("no stream of events")
        seen.check("too-many-streams", 503,
                   node.ask(get("/dashboard/api/events")))


def check_nothing_stored(node, seen):
    journal = node.folder / "data" / "demo.db.journal"
    journal.unlink(missing_ok=True)
    journal.mkdir()
    with contextlib.closing(sqlite3.connect(node.folder / "data" / "demo.db",
                                            timeout=30)) as db:
        db.isolation_level = None
        db.execute("BEGIN IMMEDIATE")
        end = time.monotonic() + PATIENCE_S
        while node.ask(get("/readyz"))[0] != 503:
            if time.monotonic() > end:
                fail("it stays ready although nothing can be stored")
            time.sleep(0.05)
        seen.check("not-ready", 503, node.ask(get("/readyz")))
        seen.check("insufficient-storage", 507, node.ask(request(
            "POST", "/predictions/generate", b"{}", node.token)))
        if node.ask(get("/predictions"))[0] != 200:
            fail("nothing can be stored, and reading does not go on")
        db.execute("ROLLBACK")


def listed_kinds(node):
    """As the node explains them: kind and status."""
    result = {}
    for line in node.ask(get("/problems"))[2].decode().splitlines():
        status, kind = line.split(": ")[0].split(" /problems/")
        result[kind] = int(status)
    return result


def check(node, token):
    seen = Seen()
    for kind, status, sent in rows(node.token, token["token"]):
        seen.check(kind, status, node.ask(sent))
    check_floods(node, seen)
    check_dawdler(node, seen)
    check_queue(node, seen)
    check_streams(node, seen)
    listed = listed_kinds(node)
    check_nothing_stored(node, seen)
    lacking = set(listed) - set(seen.kinds) - set(ELSEWHERE)
    if lacking:
        fail(f"no request is answered with these: {sorted(lacking)}")
    if strangers := set(ELSEWHERE) - set(listed) | set(ELSEWHERE) & set(seen.kinds):
        fail(f"these are no exceptions: {sorted(strangers)}")
    wrong = {x for x in seen.kinds if listed[x] != seen.kinds[x]}
    if wrong:
        fail(f"the page says other statuses of: {sorted(wrong)}")
    print(f"{len(seen.kinds)} kinds of problems, statuses "
          f"{sorted(set(seen.kinds.values()))}")


if __name__ == "__main__":
    made = make_token()
    with Node(PROGRAMS, SETTINGS + [f"api_tokens={made['entry']}"],
              faults=FAULTS) as running:
        check(running, made)
