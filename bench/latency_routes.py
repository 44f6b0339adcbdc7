#!/usr/bin/env python3
"""What bench/latency.sh asks a node for.

    latency_routes.py targets BASE FIRST_SLOT LAST_SLOT
    latency_routes.py queries METRICS_FILE LIMIT_MS
    latency_routes.py disk FILE

`targets` reads the node's own /openapi.json and prints a line for each way to
ask a GET route: its name, its limit in milliseconds (0: none), and the targets,
with tabs between. Slots are microseconds since 1970. `queries` prints for each
query of the store the bound below which 99 % of them took; exit 1 where that is
above the limit. `disk` appends to a file and waits for the disk twice a second
until it is told to stop, then prints how long that took and removes the file.
"""

import datetime
import json
import os
import re
import signal
import sys
import threading
import time
import urllib.parse
import urllib.request

LIST_MS = 20
# It waits for the disk: told only.
OF_DISK = {"commit"}
# A stream, pages whose bytes never change, and what recomputes predictions that
# were made up.
LEFT_OUT = {"/predictions/{id}/explain", "/dashboard/api/events", "/docs", "/", "/dashboard", "/dashboard/",
            "/dashboard/ml", "/dashboard/page.css", "/dashboard/page.js",
            "/dashboard/ml.js"}
SYMBOLS = ["CBA.AX", "WBC.AX", "ANZ.AX", "NAB.AX", "MQG.AX", "QBE.AX", "SUN.AX"]
PLACES = 16


def get(base, target):
    try:
        with urllib.request.urlopen(base + target, timeout=60) as answer:
            return json.load(answer)
    except (urllib.error.HTTPError, json.JSONDecodeError):
        return {}


def time_at(us):
    moment = datetime.datetime.fromtimestamp(us / 1e6, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Asker:
    """Makes targets for the routes of one node."""

    def __init__(self, base, first, last):
        self.base = base
        self.times = [first + (last - first) * i // PLACES for i in range(1, PLACES)]

    def id_at(self, us):
        found = get(self.base, "/predictions?limit=1&to=" + time_at(us))
        rows = found.get("predictions", [])
        return rows[0]["prediction_id"] if rows else None

    def paths(self, path):
        """The path with something real in its places; none where there is not."""
        if "{symbol}" in path:
            return [path.replace("{symbol}", x) for x in SYMBOLS]
        if path.startswith("/predictions/{id}"):
            ids = [self.id_at(x) for x in self.times]
            return [path.replace("{id}", x) for x in ids if x]
        return [] if "{" in path else [path]

    def deep_cursors(self, path, query):
        """Cursors of pages that begin at places all over what is stored."""
        result = []
        for us in self.times:
            asked = dict(query, limit="10", to=time_at(us))
            page = get(self.base, path + "?" + urllib.parse.urlencode(asked))
            if page.get("next_cursor"):
                result.append(page["next_cursor"])
        return result

    def ways(self, path, names):
        """(what is special, queries) for a list."""
        yield "", [{}]
        if "symbol" in names:
            yield "symbol", [{"symbol": x} for x in SYMBOLS]
        if "order" in names:
            yield "order=asc", [{"order": "asc"}]
        if "from" in names:
            day = 86_400_000_000
            spans = [{"from": time_at(x), "to": time_at(x + 30 * day)} for x in self.times]
            yield "from to", spans
            yield "from to order=asc", [dict(x, order="asc") for x in spans]
        if "cursor" in names and "to" in names:
            deep = self.deep_cursors(path, {})
            if deep:
                yield "deep cursor", [{"cursor": x} for x in deep]
                yield "deep cursor order=asc", [{"cursor": x, "order": "asc"} for x in deep]
        if "symbol" in names and "cursor" in names:
            deep = self.deep_cursors(path, {"symbol": SYMBOLS[0]})
            yield "symbol deep cursor", [{"cursor": x, "symbol": SYMBOLS[0]} for x in deep]
        if "horizon_minutes" in names:
            yield "horizon", [{"horizon_minutes": "240"}]
        if "interval" in names:
            yield "interval=1d", [{"interval": "1d"}]

    def lines(self):
        document = get(self.base, "/openapi.json")
        for path, methods in sorted(document["paths"].items()):
            if "get" not in methods or path in LEFT_OUT:
                continue
            names = {x["name"] for x in methods["get"].get("parameters", [])
                     if x.get("in") == "query"}
            real = self.paths(path)
            if not real:
                continue
            is_list = "limit" in names
            ways = self.ways(real[0], names) if is_list else [("", [{}])]
            for special, queries in ways:
                targets = []
                for i, query in enumerate(queries):
                    for at in real if len(queries) == 1 else [real[i % len(real)]]:
                        targets.append(at + ("?" + urllib.parse.urlencode(query)
                                             if query else ""))
                if targets:
                    yield (path + (" " + special if special else ""),
                           LIST_MS if is_list else 0, targets)


def targets(base, first, last):
    for name, limit, all_targets in Asker(base, int(first), int(last)).lines():
        print(name, limit, *all_targets, sep="\t")


def queries(file, limit_ms):
    buckets = {}
    line = re.compile(r'banksia_db_query_duration_seconds_bucket\{(.*)\} (\S+)')
    for text in open(file):
        found = line.match(text)
        if not found:
            continue
        labels = dict(re.findall(r'(\w+)="([^"]*)"', found[1]))
        bound = float("inf") if labels["le"] == "+Inf" else float(labels["le"])
        buckets.setdefault(labels["query"], []).append((bound, float(found[2])))
    slow = False
    for query, counts in sorted(buckets.items()):
        counts.sort()
        total = counts[-1][1]
        bound = next(b for b, c in counts if c >= 0.99 * total) * 1000
        bad = bound > float(limit_ms) and query not in OF_DISK
        slow = slow or bad
        print(f"  {query:24} {total:9.0f} times, p99 <= {bound:g} ms"
              f"  {'SLOW' if bad else 'of the disk' if query in OF_DISK else 'ok'}")
    return 1 if slow else 0


def disk(file):
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    block = os.urandom(64 * 1024)
    took = []
    while not stopped.wait(0.5):
        os.write(handle, block)
        began = time.perf_counter()
        os.fdatasync(handle)
        took.append((time.perf_counter() - began) * 1000)
    os.close(handle)
    os.unlink(file)
    took.sort()
    if took:
        print(f"disk: fdatasync of 64 KB, {len(took)} times, p50 {took[len(took) // 2]:.1f} "
              f" p99 {took[len(took) * 99 // 100]:.1f}  max {took[-1]:.1f} ms", flush=True)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    sys.exit({"targets": targets, "queries": queries, "disk": disk}[command](*arguments))
