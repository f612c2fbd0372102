"""One round of one peer: numbers by name; times in microseconds, memory in KiB."""
import http.client
import json
import re
import socket
import subprocess
import time

from .processes import cpu_seconds, resident_kib
from .upstream import BENCH_CLASSES, LOAD_PACKAGE

UNITS = {"us": 1, "ms": 1e3, "s": 1e6, "m": 60e6}
IDLE_CONNECTIONS = 10_000
OPEN_WARM_UP = 5  # seconds, mostly for the load generator itself


class Measures:
    def __init__(self, home, upstream, java, seconds):
        self.home = home
        self.upstream = upstream
        self.java = java
        self.seconds = seconds

    def wrk(self, peer, work, seconds):
        """As many calls as the peer takes."""
        command = ["wrk", "-t1", f"-c{work.connections}", f"-d{seconds}s", "--latency", "--timeout", "10s"]
        if work.body or work.fields:
            command += ["-s", self._request(work)]
        url = f"http://127.0.0.1:{peer.port}{work.path(peer.knows_tokens)}"
        said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
        refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        errors = [int(count) for count in re.findall(r"(?:connect|read|write|timeout) (\d+)", said)]
        return dict(
            calls=int(re.search(r"(\d+) requests in", said)[1]), rate=float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
            p50_us=percentile(said, 50), p99_us=percentile(said, 99), wrong=(int(refused[1]) if refused else 0) + sum(errors))

    def _request(self, work):
        """The script by which wrk makes this work's request."""
        lines = [f'wrk.headers["X-Field-{i}"] = "a value of thirty-two characters"' for i in range(work.fields)]
        if work.body:
            lines += ['wrk.method = "POST"', 'wrk.headers["Content-Type"] = "application/json"', f'wrk.body = string.rep("A", {work.body})']
        script = self.home / f"{work.name}.lua"
        script.write_text("\n".join(lines) + "\n")
        return str(script)

    def load(self, peer, work):
        return self._costing(peer, lambda: self.wrk(peer, work, self.seconds))

    def open(self, peer, work, rate):
        """At this rate, by the load generator of proxy-bench, which verifies every answer."""
        command = [self.java, "-cp", BENCH_CLASSES, LOAD_PACKAGE + "LoadGenerator", f"--rate={rate}", f"--seconds={self.seconds}",
                   f"--connections={work.connections}", f"--body={work.body}", f"--warm-up={OPEN_WARM_UP}"]
        if work.tokens and peer.knows_tokens:
            command.append(f"--ledger=http://127.0.0.1:{self.upstream.port(peer.variant)}")
        url = f"http://127.0.0.1:{peer.port}{work.path(peer.knows_tokens)}"

        def run():
            said = subprocess.run([*command, url], capture_output=True, text=True)
            if not said.stdout.startswith("{"):
                raise RuntimeError(said.stderr)
            numbers = json.loads(said.stdout)
            return dict({key: numbers[key] for key in ("rate", "p50_us", "p99_us", "p999_us", "max_us", "wrong")},
                        calls=numbers["calls"] + OPEN_WARM_UP * rate)  # those of the warm-up cost, too

        return self._costing(peer, run)

    def _costing(self, peer, run):
        counted, cpu = self.upstream.counts(peer.variant), peer.pid and cpu_seconds(peer.pid)
        numbers = run()
        calls = max(1, numbers["calls"])
        after = self.upstream.counts(peer.variant)
        if peer.pid:
            numbers.update(cpu_us=(cpu_seconds(peer.pid) - cpu) * 1e6 / calls, rss_kib=resident_kib(peer.pid))
        if peer.knows_tokens:
            numbers.update(mints_per_call=(after["minted"] - counted["minted"]) / calls,
                           refused=after["refused"] - counted["refused"])
        return numbers

    def idle(self, peer, work):
        """Memory for each of many connections that have made a call and do nothing now."""
        before = resident_kib(peer.pid)
        connections, wrong = [], 0
        try:
            for _ in range(IDLE_CONNECTIONS):
                connection = socket.create_connection(("127.0.0.1", peer.port), 10)
                connections.append(connection)
                connection.sendall(f"GET {work.path(peer.knows_tokens)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                wrong += not received(connection).startswith(b"HTTP/1.1 200")
            return dict(idle_kib=(resident_kib(peer.pid) - before) / IDLE_CONNECTIONS, rss_kib=resident_kib(peer.pid), wrong=wrong)
        finally:
            for connection in connections:
                connection.close()


def received(connection):
    """A whole answer, framed by its length."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += more(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
    while len(body) < length:
        body += more(connection)
    return head


def more(connection):
    received_bytes = connection.recv(65536)
    if not received_bytes:
        raise ConnectionError("closed in the middle of an answer")
    return received_bytes


def first_answer(port, path, begun):
    """Seconds until a call is answered with 200."""
    while time.monotonic() < begun + 60:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return time.monotonic() - begun
        except OSError:
            pass
        time.sleep(0.002)
    raise TimeoutError(f"port {port} answered no call with 200")


def percentile(said, which):
    found = re.search(rf"^\s+{which}%\s+([\d.]+)(us|ms|s|m)\s*$", said, re.M)
    if not found:
        raise RuntimeError(f"wrk said no latencies:\n{said}")
    return float(found[1]) * UNITS[found[2]]
