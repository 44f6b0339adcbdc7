"""Prices and news of an outside world on this machine: charts as Yahoo has them
of a market that goes up and down a little, and a page of news about each symbol.
Both can be had alone."""

import datetime
import http.server
import json
import math
import subprocess
import threading
import time
import urllib.parse

SYDNEY = {"exchangeTimezoneName": "Australia/Sydney", "gmtoffset": 36000}
STORY = """<item><title>{name} lifts profit and dividend, shares rally</title>
<link>http://news.example/{name}</link><guid>{name}-{at}</guid>
<pubDate>{date}</pubDate></item>"""


def seconds(text):
    return int(datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp())


def sessions_until(programs, now):
    """(open, close, end of the auction) of the sessions of two years."""
    year = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).year
    result = []
    for y in (year - 1, year, year + 1):
        told = subprocess.run([f"{programs}/banksia", "calendar", "--year",
                               str(y), "--json"], check=True,
                              capture_output=True, stdin=subprocess.DEVNULL)
        result += [tuple(seconds(x[key]) for key in
                         ("opens_at", "closes_at", "auction_ends_at"))
                   for x in json.loads(told.stdout)["sessions"]]
    return result


def price(symbol, at):
    base = 20 + sum(symbol.encode()) % 80
    return round(base * (1 + 0.03 * math.sin(at / 400_000 + base)
                         + 0.002 * math.sin(at / 3000)), 3)


def bar(symbol, begin, end):
    first, last = price(symbol, begin), price(symbol, end)
    return (begin, first, round(max(first, last) * 1.001, 3),
            round(min(first, last) * 0.999, 3), last,
            100_000 + begin // 300 % 7 * 1000)


class World:
    def __init__(self, programs, has_news=True):
        self.sessions = sessions_until(programs, time.time())
        self.has_news = has_news
        world = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                where = urllib.parse.urlparse(self.path)
                query = dict(urllib.parse.parse_qsl(where.query))
                if where.path.startswith("/v8/finance/chart/"):
                    symbol = urllib.parse.unquote(where.path.rsplit("/")[-1])
                    self.answer(200, world.chart(symbol, query))
                elif world.has_news:
                    self.answer(200, world.news(query["s"]))
                else:
                    self.answer(503, "away")

            def answer(self, status, text):
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def settings(self):
        """Of a node that asks this world."""
        here = f"http://127.0.0.1:{self.server.server_address[1]}"
        return ["clock=live", "price_source=live", f"yahoo_url={here}",
                f"news_feeds={here}/rss?s={{symbol}}"]

    def bars(self, symbol, interval, begin, end):
        for opens, closes, ends in self.sessions:
            if ends < begin or opens > end:
                continue
            if interval == "1d":
                if ends <= end:
                    yield bar(symbol, opens, closes)
                continue
            for at in range(opens, closes, 300):
                if begin <= at and at + 300 <= end:
                    yield bar(symbol, at, at + 300)

    def chart(self, symbol, query):
        end = min(int(query["period2"]), int(time.time()))
        rows = list(self.bars(symbol, query["interval"],
                              int(query["period1"]), end))
        day = next(x for x in self.sessions if x[2] >= end)
        period = {"start": day[0], "end": day[2], "gmtoffset": 36000}
        columns = list(zip(*rows)) or [()] * 6
        quote = dict(zip(("open", "high", "low", "close", "volume"),
                         columns[1:]))
        meta = {"symbol": symbol, "currency": "AUD", "exchangeName": "ASX",
                "instrumentType": "INDEX" if symbol[0] == "^" else "EQUITY",
                "regularMarketTime": end, "dataGranularity": query["interval"],
                "currentTradingPeriod": {"regular": period}, **SYDNEY}
        return json.dumps({"chart": {"error": None, "result": [
            {"meta": meta, "timestamp": columns[0],
             "indicators": {"quote": [quote]}}]}})

    def news(self, symbol):
        at = int(time.time()) // 600 * 600
        date = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
        story = STORY.format(name=symbol, at=at, date=date.strftime(
            "%a, %d %b %Y %H:%M:%S +0000"))
        return (f"<rss version='2.0'><channel><title>Wire</title>{story}"
                "</channel></rss>")
