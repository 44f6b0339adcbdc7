"""What can be away of a node, and what each API answers then: the rows that
degraded.py asks a real node for."""

from lost_parts import (SYMBOL, full_models, goes_without_news,
                        locked_database, news_count, nothing_stored,
                        nothing_trained, others_go_on, rules_predict,
                        stopped_models)

# What each request is given.
TIMEOUT_S = 8.0

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
    world      that the node asks for prices and news: "whole", or what it lacks
    shown      what else tells people, for the page
    """

    def __init__(self, component=None, state="DEGRADED", reason="", faults="",
                 away=None, answers=None, kinds=None, degraded=False, ml="off",
                 also=None, timeout_s=TIMEOUT_S, settings=(), world="",
                 shown=""):
        self.component, self.state, self.reason = component, state, reason
        self.faults, self.away, self.ml = faults, away, ml
        self.answers, self.kinds = answers or {}, kinds or {}
        self.degraded, self.also = degraded, also
        self.timeout_s, self.settings = timeout_s, settings
        self.world, self.shown = world, shown


OF_DATA = [x for x in ROUTES if " /data/" in x and x != "GET /data/health"]
BEFORE_A_SLOT = {"POST /predictions/generate": (200, 409)}
NO_SLOT = {"POST /predictions/generate": "nothing-predicted-yet"}
SILENT = {"POST /evaluations/process": "part-silent"}

LOSSES = {
    "nothing": Loss("database", "HEALTHY"),
    # Its last word stands in; before its first nobody knows the time.
    "scheduler": Loss("scheduler", "UNHEALTHY", "no answer from scheduler",
                      faults="drop:scheduler:every=1",
                      answers={"POST /ml/predict": 503, "GET /readyz": 503},
                      kinds={"POST /ml/predict": "part-away",
                             "GET /readyz": "not-ready"},
                      shown="its last word stands in where there was one"),
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
                     also=others_go_on,
                     shown="it abstains `symbol_unavailable`, the others are "
                           "predicted"),
    "database": Loss("database", "DEGRADED", "journal", away=locked_database,
                     degraded=True,
                     shown="what is acknowledged goes to the journal"),
    "database and journal": Loss(
        "database", "UNHEALTHY", "nothing can be stored", away=nothing_stored,
        degraded=True,
        answers={"POST /predictions/generate": 507,
                 "POST /evaluations/process": 507, "GET /readyz": 503},
        kinds={"POST /predictions/generate": "insufficient-storage",
               "POST /evaluations/process": "insufficient-storage",
               "GET /readyz": "not-ready"}),
    "models": Loss("prediction_engine", "DEGRADED", "rules predict", away=stopped_models,
                   ml="on", also=rules_predict,
                   shown="the rules predict, `models_away` says why"),
    "room for models": Loss(
        "database", "HEALTHY", away=full_models, ml="on",
        also=nothing_trained,
        shown="`POST /ml/train` and promoting 507 `insufficient-storage`"),
    # The bridge of one service; the others do not notice.
    "the data service": Loss(
        "database", "HEALTHY",
        faults="hang:api/data:every=1:ms=20000", timeout_s=1.0,
        answers={x: (503, 504) for x in OF_DATA},
        kinds={x: ("overloaded", "deadline-passed") for x in OF_DATA},
        shown="the other services do not notice"),
    # A live market has no slot while it is closed.
    "nothing of the world": Loss(
        "feeds", "HEALTHY", world="whole", also=news_count,
        answers=BEFORE_A_SLOT, kinds=NO_SLOT),
    "news": Loss(
        "feeds", "DEGRADED", "news from 127.0.0.1: ",
        world="no news", also=goes_without_news, answers=BEFORE_A_SLOT,
        kinds=NO_SLOT,
        shown="predictions have no features of news: they are masked"),
    # Nobody listens there, as without a network. The last, since a live node
    # takes the market's clock to today; it may have no slot yet.
    "prices and news of the world": Loss(
        "feeds", "UNHEALTHY", "get no prices: yahoo",
        answers=BEFORE_A_SLOT, kinds=NO_SLOT,
        settings=["clock=live", "price_source=live",
                  "yahoo_url=http://127.0.0.1:9",
                  "news_feeds=http://127.0.0.1:9/rss"]),
}


# -- what is promised, as a table -----------------------------------------------------


def words_of(x):
    return " or ".join(f"`{y}`" for y in (x if isinstance(x, tuple) else (x,)))


def answers_of(loss):
    """The routes that answer otherwise than usual, those that do so alike
    together."""
    alike = {}
    for route, status in loss.answers.items():
        if loss.answers is BEFORE_A_SLOT:
            continue  # it is not for the loss
        statuses = status if isinstance(status, tuple) else (status,)
        kind = loss.kinds.get(route, ())
        said = " or ".join(str(x) for x in statuses)
        said += f" {words_of(kind)}" if kind else ""
        alike.setdefault(said, []).append(f"`{route}`")
    text = "; ".join(f"{', '.join(routes)} {said}"
                     for said, routes in alike.items()) or "none"
    return text.replace(SYMBOL, "{symbol}")


def table():
    lines = ["| away | `/health` | answers otherwise | and |",
             "|---|---|---|---|"]
    for name, loss in LOSSES.items():
        if name.startswith("nothing"):
            continue
        reason = loss.reason.replace(SYMBOL, "CODE").replace("127.0.0.1", "HOST")
        health = "as ever" if loss.state == "HEALTHY" else \
            f"`{loss.component}` {loss.state}: \"…{reason.strip(' :')}…\""
        also = [loss.shown] if loss.shown else []
        if loss.degraded:
            also.append('lists have `"degraded": true`')
        lines.append(f"| {name} | {health} | {answers_of(loss)} | "
                     f"{'; '.join(also)} |")
    return "\n".join(lines)
