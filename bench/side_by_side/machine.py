"""What the numbers were taken on."""
import datetime
import os
import pathlib
import platform
import re
import subprocess

from .upstream import nginx_binary


def first_line(*command):
    try:
        said = subprocess.run(command, capture_output=True, text=True)
    except (OSError, TypeError):
        return None
    return ((said.stdout + said.stderr).splitlines() or [None])[0]


def describe(peers, upstream):
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return dict(
        date=datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%MZ"),
        commit=first_line("git", "describe", "--always", "--dirty", "--abbrev=12"),
        machine=dict(cpu=cpu[1] if cpu else platform.machine(), processors=os.cpu_count(), memory_mib=int(memory[1]) // 1024,
                     system=f"{platform.system()} {platform.release()}"),
        versions=dict(nginx=nginx_binary() and first_line(nginx_binary(), "-v"), haproxy=peers.haproxy and first_line(peers.haproxy, "-v"),
                      wrk=first_line("wrk", "-v"), cc=peers.relay and first_line("cc", "--version"),
                      **{name: first_line(command[0], "-version") for name, command in peers.proxies.items()}),
        proxies={name: command[1:] for name, command in peers.proxies.items()},
        upstream=upstream.kind)
