"""Processes under test: their start and end, processor time and memory, from /proc."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Processes:
    """Those started here; all are ended when the block is left."""

    def __init__(self, home):
        self.home = home
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    def start(self, name, command, port, env=None):
        """Returns once it accepts connections."""
        log = self.home / f"{name}.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, env=env, cwd=pathlib.Path(__file__).parent.parent.parent)
        self.running.append(process)
        until = time.monotonic() + 60
        while not accepts(port):
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"{name} does not listen on port {port}:\n{log.read_text()}")
            time.sleep(0.002)
        return process


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def family(pid):
    """A process and its children."""
    members = [pid]
    for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        members += [int(child) for child in children.read_text().split()]
    return members


def cpu_seconds(pid):
    total = 0
    for member in family(pid):
        fields = pathlib.Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def resident_kib(pid):
    statuses = (pathlib.Path(f"/proc/{member}/status").read_text() for member in family(pid))
    return sum(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) for status in statuses)
