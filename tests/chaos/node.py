"""A demo node in a folder of its own, for the scripts beside this one."""

import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time


class Node:
    def __init__(self, programs, more=(), secure=False, folder=None,
                 faults="", ml="off"):
        """In `folder`, which is kept, what a node before has left goes on."""
        self.secure = secure
        self.keeps_folder = folder is not None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="banksia-"))
        (self.folder / "run" / "node.json").unlink(missing_ok=True)
        command = [f"{programs}/banksia", "run", "--env", "demo",
                   "--data-dir", str(self.folder), "--set", f"ml={ml}"]
        for name in ("prediction", "evaluation", "ml", "data", "dashboard",
                     "node"):
            command += ["--set", f"{name}_port=0"]
        for setting in more:
            command += ["--set", setting]
        environment = dict(os.environ)
        if faults:
            environment["BANKSIA_FAULTS"] = faults
        self.log = open(self.folder / "stderr.log", "wb")
        self.process = subprocess.Popen(command, stderr=self.log,
                                        stdout=self.log,
                                        stdin=subprocess.DEVNULL,
                                        env=environment)
        self.ports = self._ports()
        self.token = (self.folder / "operator.token").read_text().strip()
        self._await_ready()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.log.close()
        if not self.keeps_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _ports(self):
        file = self.folder / "run" / "node.json"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            if file.exists():
                found = json.loads(file.read_text())["addresses"]
                return {name: int(where.rsplit(":", 1)[1])
                        for name, where in found.items()}
            time.sleep(0.02)
        fail("the node does not start: "
             + (self.folder / "stderr.log").read_text()[-500:])

    def _await_ready(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.ask(get("/readyz"))[0] == 200:
                return
            time.sleep(0.05)
        fail("the node does not become ready")

    def connect(self, service="dashboard"):
        plain = connect(self.ports[service])
        if not self.secure:
            return plain
        trust = ssl.create_default_context(
            cafile=str(self.folder / "tls" / "ca.pem"))
        return trust.wrap_socket(plain, server_hostname="127.0.0.1")

    def ask(self, request, service="dashboard"):
        with self.connect(service) as to:
            to.sendall(request)
            return read_reply(to)

    def signal(self, number=signal.SIGTERM):
        os.kill(self.process.pid, number)

    def rss_mb(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        fail("the node is gone")


def connect(port, timeout=10):
    return socket.create_connection(("127.0.0.1", port), timeout)


def read_reply(from_socket, rest=b""):
    """Status, header and body of one answer, and what came behind it."""
    data = rest
    while b"\r\n\r\n" not in data:
        more = from_socket.recv(65536)
        if not more:
            raise ConnectionError(f"no answer, {len(data)} bytes")
        data += more
    header, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in header.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        more = from_socket.recv(65536)
        if not more:
            raise ConnectionError("the answer ends early")
        body += more
    return int(header.split()[1]), header, body[:length], body[length:]


def get(target):
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def ask(port, target):
    with connect(port) as to:
        to.sendall(get(target))
        return read_reply(to)


def fail(what):
    sys.stderr.write(f"{pathlib.Path(sys.argv[0]).name}: {what}\n")
    raise SystemExit(1)
