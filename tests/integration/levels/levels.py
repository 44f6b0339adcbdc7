#!/usr/bin/env python3
"""Compares the service levels that a node tells with a calculation from its
tables: from rows as they were stored, not from the sums that the node keeps.

    levels.py DATABASE BASE_URL GAP_US

The node's clock must be slow, so that the tables stand still for a moment."""

import datetime
import json
import math
import sqlite3
import sys
import time
import urllib.request

HOUR = 3600 * 10**6
DAY = 24 * HOUR
MINUTE = 60 * 10**6


def micros(text):
    """RFC 3339 to microseconds since 1970."""
    parsed = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    delta = parsed - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (delta.days * 86400 + delta.seconds) * 10**6 + delta.microseconds


def floor_hour(t):
    return t - t % HOUR


class Tables:
    """What was stored, read as plainly as can be."""

    def __init__(self, db, wall, market):
        self.db = db
        self.wall = wall
        self.market = market

    def rows(self, sql, *values):
        return self.db.execute(sql, values).fetchall()

    def uptime(self, start):
        spans = self.rows("SELECT time, seconds, ready_seconds FROM "
                          "service_samples WHERE service = 'node' "
                          "AND time >= ? ORDER BY time", start)
        good = sum(ready for _, _, ready in spans)
        begun = spans[0][0] - spans[0][1] * 1e6
        total = (self.wall - begun) / 1e6
        return good / total, good, total - good

    def prediction_cycles(self, start):
        states = [s for (s,) in self.rows(
            "SELECT status FROM cycles WHERE run = 'live' AND status <> "
            "'scheduled' AND scheduled_at BETWEEN ? AND ?", start, self.market)]
        bad = states.count("missed")
        return bad, len(states) - bad, bad

    def outcome_evaluation(self, start):
        # When an outcome was stored is in no row of its own; it was not before
        # its evaluation. Here nothing was late, see below.
        lags = [(e - d) / 1e6 for e, d in self.rows(
            "SELECT evaluation_timestamp, due_at FROM outcomes WHERE "
            "evaluation_timestamp >= ?", start)]
        owed = [(self.market - d) / 1e6 for (d,) in self.rows(
            "SELECT min(due_at) FROM obligations WHERE run = 'live'") if d]
        return max(lags + owed), len(lags), 0

    def ml_training(self, start):
        states = [s for (s,) in self.rows(
            "SELECT status FROM jobs WHERE run = 'live' AND kind = 'training' "
            "AND status <> 'owed' AND due_at BETWEEN ? AND ?", start,
            self.market)]
        if not states:
            return None, 0, 0  # a busy machine trains for more than a day
        good = states.count("done")
        return good / len(states), good, len(states) - good

    def data_quality(self, start):
        verdicts = [v for (v,) in self.rows(
            "SELECT verdict FROM bars WHERE received_at >= ?", start)]
        refused = self.rows("SELECT count(*) FROM quarantine WHERE "
                            "kind = 'feed' AND received_at >= ?", start)[0][0]
        bad = verdicts.count(1) + refused
        total = len(verdicts) + refused
        return bad / total, total - bad, bad

    def success_rate(self, start):
        rows = self.rows(
            "SELECT p.action, o.actual_return FROM outcomes o JOIN predictions "
            "p USING(prediction_id) WHERE o.horizon_minutes = 240 AND "
            "o.void = 0 AND o.sessions_elapsed <= 1 AND "
            "o.evaluation_timestamp >= ?", start)
        right = {"BUY": lambda r: r > 0, "SELL": lambda r: r <= 0,
                 "HOLD": lambda r: abs(r) < 0.01}
        good = sum(right[a](r) for a, r in rows)
        self.constants = {a: sum(f(r) for _, r in rows) / len(rows)
                          for a, f in right.items()}
        return good / len(rows), good, len(rows) - good

    def of_samples(self, start, count, total, slow):
        n, seconds, late = self.rows(
            f"SELECT sum({count}), sum({total}), sum({slow}) FROM "
            "service_samples WHERE time >= ?", start)[0]
        return seconds / n, n - late, late

    def api_response(self, start):
        return self.of_samples(start, "requests", "request_seconds",
                               "slow_requests")

    def database_query(self, start):
        return self.of_samples(start, "queries", "query_seconds",
                               "slow_queries")

    def memory(self, start):
        return self.rows("SELECT max(resident_bytes) FROM service_samples "
                         "WHERE time >= ?", start)[0][0], 0, 0

    def cpu(self, start):
        spans = self.rows("SELECT time, seconds, cpu_seconds, cpu_capacity "
                          "FROM service_samples WHERE service = 'node'")
        shares = []
        for t, seconds, _, capacity in spans:
            if t < start:
                continue
            used = sum(c for u, _, c, _ in spans if t - 15 * MINUTE < u <= t)
            shares.append(used / (900 * capacity / seconds))
        return max(shares), 0, 0


LEVELS = {  # target, rule, window, short window, clock
    "uptime": (0.995, "at_least", 30 * DAY, DAY, "wall"),
    "prediction_cycles": (0, "none_bad", 7 * DAY, DAY, "market"),
    "outcome_evaluation": (3600, "below", 7 * DAY, DAY, "market"),
    "ml_training": (1, "none_bad", 7 * DAY, DAY, "market"),
    "data_quality": (0.05, "below", 7 * DAY, DAY, "market"),
    "api_response": (0.2, "below", 7 * DAY, DAY, "wall"),
    "success_rate": (0.65, "at_least", 30 * DAY, 7 * DAY, "market"),
    "memory": (2 * 2**30, "below", 7 * DAY, DAY, "wall"),
    "cpu": (0.7, "below", DAY, HOUR, "wall"),
    "database_query": (0.1, "below", 7 * DAY, DAY, "wall"),
}


def burn(rule, target, value, bad):
    if value is None:
        return 0
    if rule == "at_least":
        return (1 - value) / (1 - target)
    return value / target if rule == "below" else bad


def kept(rule, target, value, bad):
    if rule == "at_least":
        return value >= target
    return value < target if rule == "below" else bad == 0


def near(a, b):
    return a is not None and math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)


def compare(told, tables):
    wrong = []

    def check(name, what, said, expected):
        same = near(said, expected) if isinstance(expected, (int, float)) \
            else said == expected
        if not same:
            wrong.append(f"{name}: {what} is {said}, not {expected}")

    names = [x["level"] for x in told["levels"]]
    check("all", "names", names, list(LEVELS))
    for x in told["levels"]:
        name = x["level"]
        target, rule, window, short, clock = LEVELS[name]
        now = tables.wall if clock == "wall" else tables.market
        check(name, "clock", x["clock"], clock)
        check(name, "target", x["target"], target)
        start = floor_hour(now - window)
        check(name, "window_from", micros(x["window_from"]), start)
        value, good, bad = getattr(tables, name)(start)
        if name == "outcome_evaluation":
            # By the clock when it was stored: not before, nor an hour behind.
            if not value - 1e-6 <= x["value"] < 3600:
                wrong.append(f"{name}: {x['value']} is not from {value} to 3600")
            value = x["value"]
        check(name, "value", x["value"], value)
        if name not in ("memory", "cpu", "outcome_evaluation"):
            check(name, "good", x["good"], good)
            check(name, "bad", x["bad"], bad)
        # Of the value told, which is checked above: rounding of its last places
        # would count two hundred times in the burn rate of uptime.
        long_burn = burn(rule, target, x["value"], bad)
        check(name, "burn_rate.long", x["burn_rate"]["long"], long_burn)
        check(name, "budget_left", x["budget_left"],
              min(max(1 - long_burn, 0), 1))
        if name != "outcome_evaluation":
            v, _, b = getattr(tables, name)(floor_hour(now - short))
            check(name, "burn_rate.short", x["burn_rate"]["short"],
                  burn(rule, target, v, b))
        missed = x["state"] == "missed"
        check(name, "missed", missed, not kept(rule, target, value, bad))
    best = next(x for x in told["levels"] if x["level"] == "success_rate")
    tables.success_rate(floor_hour(tables.market - 30 * DAY))
    check("success_rate", "best_constant", best["best_constant"]["rate"],
          max(tables.constants.values()))
    check("success_rate", "met though a constant is as good",
          best["state"] == "met"
          and best["best_constant"]["rate"] >= best["value"], False)
    return wrong


def stand(db):
    """Something that changes with whatever a level is made of."""
    return [db.execute(sql).fetchone() for sql in (
        "SELECT market_time FROM runs WHERE run = 'live'",
        "SELECT max(time), count(*) FROM service_samples",
        "SELECT count(*) FROM outcomes", "SELECT count(*) FROM bars",
        "SELECT count(*) FROM cycles WHERE status <> 'scheduled'",
        "SELECT count(*) FROM jobs WHERE status <> 'owed'")]


def main(file, base, gap):
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10,
                         isolation_level=None)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        before = stand(db)
        with urllib.request.urlopen(
                f"{base}/dashboard/api/service-levels", timeout=10) as answer:
            told = json.load(answer)
        as_of = {x["clock"]: micros(x["as_of"]) for x in told["levels"]}
        wall = db.execute("SELECT max(time) FROM service_samples WHERE "
                          "service = 'node'").fetchone()[0]
        if stand(db) != before or as_of["wall"] != wall \
                or as_of["market"] != before[0][0]:
            continue
        wrong = compare(told, Tables(db, wall, before[0][0]))
        uptime = next(x for x in told["levels"] if x["level"] == "uptime")
        if uptime["bad"] * 1e6 < gap * 0.99:
            wrong.append(f"the gap of {gap} us is not in {uptime['bad']} s")
        for x in told["levels"]:
            print(f"{x['level']:20} {x['value']:.6g} {x['unit']}, target "
                  f"{x['target']:g}, {x['state']}, budget {x['budget_left']:.3f}")
        for line in wrong:
            print(f"levels.py: {line}", file=sys.stderr)
        return 1 if wrong else 0
    print("levels.py: the tables never stood still", file=sys.stderr)
    return 1


sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
