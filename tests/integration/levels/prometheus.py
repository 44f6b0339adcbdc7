#!/usr/bin/env python3
"""Asks a Prometheus (BASE) that scrapes a node, and compares its answers with
the node's tables and with what the node says itself.

    prometheus.py DATABASE NODE_URL"""

import json
import math
import os
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

BASE = os.environ["BASE"]


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def query(text):
    """The value of each series, by its labels."""
    url = f"{BASE}/api/v1/query?" + urllib.parse.urlencode({"query": text})
    result = get(url)["data"]["result"]
    return {tuple(sorted(x["metric"].items())): float(x["value"][1])
            for x in result}


def value(text):
    found = query(text)
    if len(found) != 1:
        raise ValueError(f"{text} has {len(found)} series")
    return next(iter(found.values()))


def expectations(db, node):
    one = lambda sql: db.execute(sql).fetchone()[0]
    told = get(f"{node}/dashboard/api/service-levels")["levels"]
    levels = {x["level"]: x for x in told}
    yield "sum(up)", 5
    yield "count(process_resident_memory_bytes > 1e6)", 5
    yield "count(process_start_time_seconds)", 5
    yield "count(count by (job) (banksia_http_request_duration_seconds_count))", 5
    yield ('sum(banksia_predictions_total{job="prediction"})',
           one("SELECT count(*) FROM predictions WHERE abstained = 0"))
    yield ('sum(banksia_predictions_total{job="prediction",symbol="CBA.AX"})',
           one("SELECT count(*) FROM predictions WHERE abstained = 0 "
               "AND symbol = 'CBA.AX'"))
    yield ('banksia_prediction_cycles_total{job="prediction",'
           'status="completed"}',
           one("SELECT count(*) FROM cycles WHERE status IN "
               "('completed', 'late')"))
    yield ('sum(banksia_outcomes_total{job="evaluation"})',
           one("SELECT count(*) FROM outcomes"))
    yield ('banksia_training_runs_total{job="ml",result="done"}',
           one("SELECT count(*) FROM trainings WHERE status = 'done'"))
    yield 'count(banksia_service_level{job="dashboard"})', len(levels)
    yield 'count(banksia_service_level_burn_rate)', 2 * len(levels)
    for name in ("prediction_cycles", "success_rate", "data_quality"):
        yield (f'banksia_service_level{{level="{name}"}}',
               levels[name]["value"])
        yield (f'banksia_service_level_target{{level="{name}"}}',
               levels[name]["target"])
        yield (f'banksia_service_level_budget_left{{level="{name}"}}',
               levels[name]["budget_left"])
    yield 'min(banksia_component_health{component="database"})', 2
    yield 'count(banksia_build_info)', 5


def contract():
    """Families that must be there; those without data yet are left out."""
    return ["banksia_build_info", "banksia_prediction_cycles_total",
            "banksia_predictions_total", "banksia_evaluation_lag_seconds",
            "banksia_outcomes_total", "banksia_training_runs_total",
            "banksia_model_age_seconds", "banksia_feed_age_seconds",
            "banksia_http_request_duration_seconds_bucket",
            "banksia_db_query_duration_seconds_bucket",
            "banksia_actor_messages_total",
            "banksia_actor_processing_seconds_sum",
            "banksia_actor_processing_seconds_count",
            "banksia_actor_mailbox_size", "banksia_component_health",
            "banksia_success_rate", "banksia_baseline_success_rate",
            "banksia_brier_score", "banksia_calibration_error",
            "banksia_service_level_met", "process_cpu_seconds_total",
            "process_open_fds", "process_threads"]


def differences(db, node):
    result = []
    for text, expected in expectations(db, node):
        try:
            said = value(text)
        except ValueError as error:
            result.append(str(error))
            continue
        if not math.isclose(said, expected, rel_tol=1e-9):
            result.append(f"{text} is {said}, not {expected}")
    for name in contract():
        if not query(f'{name}{{job="dashboard"}}'):
            result.append(f"{name} is not there")
    biggest = query('topk(1, count by (__name__) ({job="dashboard"}))')
    result += [f"{dict(of)} has {n:.0f} series" for of, n in biggest.items()
               if n > 2000]
    return result


def main(file, node):
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
    deadline = time.monotonic() + 60
    wrong = ["Prometheus does not answer"]
    while wrong and time.monotonic() < deadline:
        try:
            wrong = differences(db, node)
        except (urllib.error.URLError, ConnectionError) as error:
            wrong = [str(error)]
        if wrong:
            time.sleep(0.2)  # the next scrape is up to a second away
    for line in wrong:
        print(f"prometheus.py: {line}", file=sys.stderr)
    if not wrong:
        print("ok: Prometheus says what the tables say")
    return 1 if wrong else 0


sys.exit(main(sys.argv[1], sys.argv[2]))
