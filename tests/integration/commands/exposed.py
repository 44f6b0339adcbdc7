#!/usr/bin/env python3
"""A node that others may ask, as its operator sees it: tokens, scopes, TLS,
pauses after wrong tokens, a proxy, the audit; and no secret anywhere.

    exposed.py [FOLDER OF THE PROGRAMS]
"""

import json
import pathlib
import ssl
import subprocess
import sys
import warnings

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tests" / "chaos"))
from node import Node, connect, fail, read_reply  # noqa: E402

PROGRAMS = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "bin")


def run(*arguments):
    done = subprocess.run([f"{PROGRAMS}/banksia", *arguments], text=True,
                          stdin=subprocess.DEVNULL, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def insist(holds, what):
    if not holds:
        fail(what)


def make_token(name, scope):
    code, out, _ = run("token", "create", "--name", name, "--scope", scope,
                       "--json")
    insist(code == 0, "no token is made")
    made = json.loads(out)
    insist(made["token"] not in made["entry"], "the entry has the token")
    return made


def request(method, target, token=None, body=b"", more=b""):
    text = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n".encode()
    if token:
        text += b"Authorization: Bearer " + token.encode() + b"\r\n"
    if body:
        text += b"Content-Type: application/json\r\n"
    return (text + more + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body)


def check_commands():
    code, _, err = run("token", "create", "--name", "a b", "--scope", "read")
    insist(code == 2 and "--name" in err, "a bad name passes")
    code, _, _ = run("token", "create", "--name", "a", "--scope", "root")
    insist(code == 2, "a bad scope passes")
    code, _, err = run("run", "--set", "bind_address=0.0.0.0")
    insist(code == 78 and "token create" in err and "tls" in err,
           "an open node starts without tokens")


def check_tls(node):
    with connect(node.ports["dashboard"]) as plain:
        plain.sendall(request("GET", "/livez"))
        try:
            if read_reply(plain)[0]:
                fail("it answers without TLS")
        except OSError:
            pass
    warnings.simplefilter("ignore", DeprecationWarning)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        old.wrap_socket(connect(node.ports["dashboard"]))
        fail("it speaks TLS 1.1")
    except OSError:
        pass


def check_scopes(node, reader, chief):
    read, admin = reader["token"], chief["token"]
    symbols = b'{"remove":["SUN.AX"]}'
    for asked, wanted in (
            (request("GET", "/livez"), 200),
            (request("GET", "/predictions/latest"), 401),
            (request("GET", "/metrics"), 401),
            (request("GET", "/metrics", read), 200),
            (request("POST", "/evaluations/process", read, b"{}"), 403),
            (request("POST", "/data/symbols", None, symbols), 401),
            (request("POST", "/evaluations/process", admin, b"{}"), 200),
            (request("GET", "/predictions/latest", node.token), 200)):
        status, header, body, _ = node.ask(asked)
        insist(status == wanted, f"{asked[:60]}: {status} {body[:200]}")
        insist(b"Strict-Transport-Security" in header, "no HSTS")
    status, header, _, _ = node.ask(request("POST", "/evaluations/process",
                                            admin, b"{}"))
    insist(b"RateLimit-Policy: \"change\";q=600;w=60" in header
           and b"RateLimit: \"change\";r=" in header, "no RateLimit")


def check_pauses(node, reader):
    for _ in range(10):
        insist(node.ask(request("GET", "/metrics", "wrong"))[0] == 401,
               "a wrong token is not refused")
    status, header, _, _ = node.ask(request("GET", "/metrics",
                                            reader["token"]))
    insist(status == 429 and b"Retry-After: " in header,
           f"wrong tokens cost no pause: {status}")


def check_secrets(node, secrets):
    logs = "".join(x.read_text(errors="replace")
                   for x in (node.folder / "logs").iterdir())
    logs += (node.folder / "stderr.log").read_text(errors="replace")
    for secret in secrets:
        insist(secret not in logs, "a secret is in a log")
    lines = [json.loads(x) for x in
             (node.folder / "logs" / "audit.jsonl").read_text().splitlines()]
    said = [(x["route"], x["token"], x["scope"], x["status"]) for x in lines]
    insist(said[:3] == [("/evaluations/process", "reader", "read", 403),
                        ("/data/symbols", "", "", 401),
                        ("/evaluations/process", "chief", "admin", 200)],
           f"the audit says {said}")


def check_proxy(reader):
    more = ["behind_proxy=on", f"api_tokens={reader['entry']}"]
    with Node(PROGRAMS, more) as node:
        seen = b"X-Forwarded-For: 203.0.113.5\r\n"
        for _ in range(11):
            status = node.ask(request("GET", "/metrics", "wrong",
                                      more=seen))[0]
        insist(status == 429, "a client behind the proxy is not known")
        status = node.ask(request("GET", "/metrics", node.token, more=seen))[0]
        insist(status == 429, f"its pause does not hold: {status}")
        other = b"X-Forwarded-For: 203.0.113.5, 203.0.113.6\r\n"
        insist(node.ask(request("GET", "/metrics", node.token,
                                more=other))[0] == 401,
               "the operator's token counts for others")
        insist(node.ask(request("GET", "/metrics", reader["token"],
                                more=other))[0] == 200,
               "another client pays for the first one")


if __name__ == "__main__":
    check_commands()
    readers, chiefs = make_token("reader", "read"), make_token("chief", "admin")
    exposed = ["bind_address=0.0.0.0", "tls=on",
               f"api_tokens={readers['entry']},{chiefs['entry']}"]
    with Node(PROGRAMS, exposed, secure=True) as asked:
        check_tls(asked)
        check_scopes(asked, readers, chiefs)
        metrics = asked.ask(request("GET", "/metrics", readers["token"]))[2]
        secrets = [readers["token"], chiefs["token"], asked.token]
        insist(not any(x.encode() in metrics for x in secrets),
               "a secret is in the metrics")
        check_pauses(asked, readers)
        check_secrets(asked, secrets)
    check_proxy(readers)
    print("tokens, scopes, TLS, pauses and the audit hold")
