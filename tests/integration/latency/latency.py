#!/usr/bin/env python3
"""Compares the lists and counts of a node with what its tables hold.

    latency.py DATABASE BASE_URL

The node's clock must be slow, so that the tables stand still for a moment."""

import datetime
import json
import re
import sqlite3
import sys
import urllib.parse
import urllib.request

DAY = 86_400_000_000
checks = 0


def text_of(us):
    moment = (datetime.datetime(1970, 1, 1)
              + datetime.timedelta(microseconds=us))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def get(path, **query):
    asked = {name.rstrip("_"): x for name, x in query.items() if x is not None}
    url = base + path + ("?" + urllib.parse.urlencode(asked) if asked else "")
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def expect(what, found, wanted):
    global checks
    checks += 1
    if found != wanted:
        sys.exit(f"{what}: found {str(found)[:300]}, wanted {str(wanted)[:300]}")


def all_pages(path, rows, key, **query):
    """The rows of all pages, each as what `key` makes of it."""
    result, pages, cursor = [], 0, None
    while True:
        page = get(path, cursor=cursor, **query)
        result += [key(x) for x in page[rows]]
        pages, cursor = pages + 1, page["next_cursor"]
        if cursor is None:
            return result, pages


def filters(first, last):
    """Ways to ask: symbol, from and to, with where the database starts."""
    middle = (first + last) // 2
    for symbol in (None, "CBA.AX", "SUN.AX"):
        for begin, end in ((last - DAY, last), (middle, middle + DAY // 2),
                           (first, first + DAY // 4), (first - 9 * DAY, first)):
            yield symbol, begin, end


def compare_predictions(first, last):
    for symbol, begin, end in filters(first, last):
        for order in ("desc", "asc"):
            found, pages = all_pages(
                "/predictions", "predictions", lambda x: x["prediction_id"],
                symbol=symbol, from_=text_of(begin), to=text_of(end),
                order=order, limit=500)
            wanted = [x for x, in db.execute(
                "SELECT prediction_id FROM predictions WHERE timestamp >= ? AND "
                "timestamp < ? AND (?3 IS NULL OR symbol = ?3) AND run = 'live' "
                f"ORDER BY timestamp {order}, prediction_id {order}",
                (begin, end, symbol))]
            expect(f"predictions {symbol} {order}", found, wanted)
            expect("pages", pages, max(1, -(-len(wanted) // 500)))


def compare_outcomes(first, last):
    for symbol, begin, end in filters(first, last):
        for order, horizon in (("desc", None), ("asc", 240)):
            found, _ = all_pages(
                "/evaluations", "outcomes",
                lambda x: (x["prediction_id"], x["horizon_minutes"],
                           x["actual_return"], x["action"]),
                symbol=symbol, from_=text_of(begin), to=text_of(end),
                order=order, horizon_minutes=horizon, limit=700)
            wanted = db.execute(
                "SELECT o.prediction_id, o.horizon_minutes, o.actual_return, "
                "p.action FROM outcomes o JOIN predictions p "
                "USING(prediction_id) WHERE p.timestamp >= ? AND "
                "p.timestamp < ? AND (?3 IS NULL OR o.symbol = ?3) AND "
                "(?4 IS NULL OR o.horizon_minutes = ?4) AND p.run = 'live' "
                f"ORDER BY o.prediction_id {order}, o.horizon_minutes",
                (begin, end, symbol, horizon)).fetchall()
            expect(f"outcomes {symbol} {order} {horizon}", found, wanted)


def compare_market(first, last):
    begin, end = first + 3 * DAY, first + 20 * DAY
    for order in (None, "asc", "desc"):
        found, _ = all_pages(
            "/data/prices/CBA.AX", "prices", lambda x: x["close"], interval="30m",
            from_=text_of(begin), to=text_of(end), order=order, limit=11)
        wanted = [x for x, in db.execute(
            "SELECT close FROM bars WHERE symbol = 'CBA.AX' AND "
            "interval = '30m' AND opened_at >= ? AND opened_at < ? "
            "ORDER BY opened_at", (begin, end))]
        if order == "desc":
            wanted.reverse()
        if order is None:  # pages go back, each oldest first
            found, wanted = sorted(found), sorted(wanted)
        expect(f"prices {order}", found, wanted)
    for order in ("desc", "asc"):
        found, _ = all_pages(
            "/data/news/CBA.AX", "headlines", lambda x: x["title"],
            from_=text_of(begin), to=text_of(end), order=order, limit=3)
        wanted = [x for x, in db.execute(
            "SELECT title FROM headlines WHERE symbol = 'CBA.AX' AND "
            "known_at >= ? AND known_at < ? "
            f"ORDER BY known_at {order}, headline_id {order}", (begin, end))]
        expect(f"news {order}", found, wanted)


def compare_latest():
    found = [x["prediction_id"] for x in get("/predictions/latest")["predictions"]]
    wanted = [db.execute("SELECT max(prediction_id) FROM predictions "
                         "WHERE symbol = ?", (x,)).fetchone()[0]
              for x in ("CBA.AX", "WBC.AX", "ANZ.AX", "NAB.AX", "MQG.AX",
                        "QBE.AX", "SUN.AX")]
    expect("latest", sorted(found), sorted(wanted))


def series(text, name):
    """{labels: value} of a family."""
    result = {}
    for labels, value in re.findall(rf"^{name}\{{(.*)\}} (\S+)$", text, re.M):
        key = tuple(sorted(re.findall(r'(\w+)="([^"]*)"', labels)))
        result[key] = float(value)
    return result


def compare_metrics():
    with urllib.request.urlopen(base + "/metrics", timeout=30) as answer:
        text = answer.read().decode()
    wanted = {(("action", a), ("symbol", s)): float(n) for s, a, n in db.execute(
        "SELECT symbol, action, count(*) FROM predictions WHERE abstained = 0 "
        "AND run = 'live' GROUP BY 1, 2")}
    expect("banksia_predictions_total", series(text, "banksia_predictions_total"),
           wanted)
    wanted = {(("reason", r),): float(n) for r, n in db.execute(
        "SELECT reason, count(*) FROM predictions WHERE abstained GROUP BY 1")}
    expect("banksia_abstentions_total", series(text, "banksia_abstentions_total"),
           wanted)
    wanted = {(("horizon", str(h)), ("success", s)): float(n) for h, s, n in
              db.execute("SELECT horizon_minutes, CASE WHEN void THEN 'void' "
                         "WHEN success THEN 'true' ELSE 'false' END, count(*) "
                         "FROM outcomes GROUP BY 1, 2")}
    expect("banksia_outcomes_total", series(text, "banksia_outcomes_total"), wanted)
    cycles = series(text, "banksia_prediction_cycles_total")
    expect("cycles", cycles[(("status", "completed"),)],
           float(db.execute("SELECT count(*) FROM cycles WHERE status IN "
                            "('completed', 'late')").fetchone()[0]))
    newest, = db.execute("SELECT max(hour) FROM outcome_hours").fetchone()
    hour = 3600 * 10**6
    good, all_of_them = db.execute(
        "SELECT sum(success), count(*) FROM outcomes WHERE void = 0 AND "
        "sessions_elapsed <= 1 AND horizon_minutes = 240 AND "
        "evaluation_timestamp - evaluation_timestamp % ? >= ?",
        (hour, newest - 30 * DAY)).fetchone()
    rate = series(text, "banksia_success_rate")[(("rule", "plan"),)]
    expect("banksia_success_rate", abs(rate - good / all_of_them) < 1e-9, True)


def compare_report():
    report = get("/evaluations/metrics", days=20)
    newest, = db.execute(
        "SELECT max(p.timestamp) FROM outcomes o JOIN predictions p ON "
        "p.prediction_id = o.prediction_id AND "
        "p.horizon_minutes = o.horizon_minutes").fetchone()
    good, samples = db.execute(
        "SELECT sum(o.success), count(*) FROM outcomes o JOIN predictions p ON "
        "p.prediction_id = o.prediction_id AND "
        "p.horizon_minutes = o.horizon_minutes WHERE p.timestamp >= ? AND "
        "o.void = 0 AND o.sessions_elapsed <= 1", (newest - 20 * DAY,)).fetchone()
    expect("report samples", report["samples"], samples)
    expect("report rate", abs(report["success_rate"] - good / samples) < 1e-9, True)
    expect("the same report again", get("/evaluations/metrics", days=20), report)


def standing():
    """What a compared answer depends on; the node may be about to store."""
    return db.execute("SELECT (SELECT count(*) FROM predictions), "
                      "(SELECT count(*) FROM outcomes), "
                      "(SELECT count(*) FROM cycles)").fetchone()


def while_standing(compare):
    """Once more where the node has stored something meanwhile."""
    for _ in range(20):
        before = standing()
        try:
            compare()
        except SystemExit:
            if standing() == before:
                raise
            continue
        if standing() == before:
            return
    sys.exit("the tables never stood still")


db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
base = sys.argv[2]
first, last = db.execute("SELECT min(timestamp), max(timestamp) FROM "
                         "predictions").fetchone()
while_standing(lambda: compare_predictions(first, last))
while_standing(lambda: compare_outcomes(first, last))
compare_market(first, last)
while_standing(compare_latest)
while_standing(compare_metrics)
while_standing(compare_report)
print(f"ok: {checks} answers are what the tables say")
