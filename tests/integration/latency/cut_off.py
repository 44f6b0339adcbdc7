#!/usr/bin/env python3
"""A request whose query takes longer than it was given is answered with 504 in
time, its query ends, and who asks next is answered as ever.

    cut_off.py BASE_URL
"""

import json
import statistics
import sys
import time
import urllib.error
import urllib.request

# No outcome has that horizon: all of them are looked at, and none is found.
SLOW = "/evaluations?horizon_minutes=7&limit=1"
QUICK = "/evaluations?limit=1"
ROUNDS = 20
# What a busy machine may add.
SLACK_S = 0.5


def ask(path, timeout_s=None):
    """Status, content, and how long it took."""
    request = urllib.request.Request(BASE + path)
    if timeout_s:
        request.add_header("Request-Timeout", f"{timeout_s:.6f}")
    began = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    return status, text, time.monotonic() - began


def expect(holds, what):
    if not holds:
        sys.exit(f"cut_off.py: {what}")


def check(whole_s):
    """With a fifth of the time that it needs."""
    given = whole_s / 5
    late, after = [], []
    for i in range(ROUNDS):
        # Another filter each time, so that nothing is kept of the one before.
        status, text, took = ask(f"{SLOW}&from=2001-01-01T00:00:{i:02}Z", given)
        expect(status == 504, f"{status} after {took:.3f} s of {given:.3f} s: "
               f"{text[:200]}")
        expect(json.loads(text)["type"] == "/problems/deadline-passed",
               f"the 504 is {text[:200]}")
        late.append(took - given)
        status, text, took = ask(f"{QUICK}&to=2040-01-01T00:00:{i:02}Z")
        expect(status == 200 and json.loads(text)["outcomes"],
               f"after a cut: {status} {text[:200]}")
        after.append(took)
    expect(max(late) < SLACK_S, f"cut off {max(late):.3f} s late")
    # A query that went on would hold the reader for the rest of its time.
    expect(statistics.median(after) < given,
           f"after a cut the reader takes {statistics.median(after):.3f} s: "
           "the query goes on")
    return late, after


def main():
    status, text, whole = ask(SLOW)
    expect(status == 200 and json.loads(text)["outcomes"] == [],
           f"{status} {text[:200]}")
    expect(whole > 0.05, f"the query is too quick to be cut off: {whole:.3f} s")
    late, after = check(whole)
    # Nobody's fault but the client's own.
    health = json.loads(ask("/health")[1])
    state = {x["component"]: x["state"] for x in health["components"]}
    expect(state["database"] == "HEALTHY", f"the database is {state}")
    status, text, took = ask(SLOW + "&from=2001-01-01T00:01:00Z")
    expect(status == 200, f"with time enough it is {status} {text[:200]}")
    print(f"a query of {whole:.3f} s is cut off {statistics.median(late):.4f} s "
          f"after its deadline ({max(late):.4f} s at most); the next answer "
          f"takes {statistics.median(after):.4f} s")


if __name__ == "__main__":
    BASE = sys.argv[1]
    main()
