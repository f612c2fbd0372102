"""Tables, from the same data that is written as JSON."""
import statistics

from .works import DIRECT, FLOOR, NGINX

MIB = 1024


def median(rows, key):
    values = [row[key] for row in rows if key in row]
    return statistics.median(values) if values else None


def table(work):
    """Lines of text for one work's results."""
    columns = {"load": LOAD, "open": OPEN, "idle": IDLE, "start": START}[work["measure"]]
    columns = columns + (ADDED if work["connections"] == 1 else []) + (AGAINST_FIRST if len(work["variants"]) > 1 else [])
    rows = [["", *(title for title, _ in columns)]]
    for peer in work["peers"]:
        rows.append([label(work, peer), *(form(work, peer) for _, form in columns)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [f"{work['title']} ({settings(work)})"] + [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]).rstrip() for row in rows]


def settings(work):
    said = [f"{work['rounds']} rounds"]
    if work["measure"] == "load":
        said = [f"{work['connections']} connection" + "s" * (work["connections"] > 1), f"{said[0]} of {work['seconds']} s"]
    if work["measure"] == "open":
        said = [f"{work['rate']:.0f} calls/s", f"{said[0]} of {work['seconds']} s"]
    return ", ".join(said)


def label(work, peer):
    return peer["name"] + (f", {peer['variant']}" if len(work["variants"]) > 1 else "")


def number(key, digits=0, unit=1):
    def form(_, peer):
        value = median(peer["rounds"], key)
        return "-" if value is None else f"{value / unit:,.{digits}f}"
    return form


def total(key):
    return lambda _, peer: f"{sum(row[key] for row in peer['rounds'])}" if any(key in row for row in peer["rounds"]) else "-"


def ratio(key, to):
    """How many times the same number of another peer."""
    def form(work, peer):
        others = [other for other in work["peers"] if other["name"] == to and other["variant"] == peer["variant"]]
        mine, its = median(peer["rounds"], key), median(others[0]["rounds"], key) if others else None
        return f"{mine / its:.2f}" if mine is not None and its else "-"
    return form


def added(key):
    """What a call takes longer than without anybody between."""
    def form(work, peer):
        direct = [other for other in work["peers"] if other["name"] == DIRECT]
        mine = median(peer["rounds"], key)
        return f"{mine - median(direct[0]['rounds'], key):.1f}" if direct and peer["name"] != DIRECT else "-"
    return form


def against_first(work, peer):
    first = [other for other in work["peers"] if other["name"] == peer["name"]][0]
    return f"{median(peer['rounds'], 'rate') / median(first['rounds'], 'rate'):.3f}"


def at_rest(_, peer):
    return f"{peer['rest_kib'] / MIB:.0f}" if peer["rest_kib"] else "-"


COST = [("CPU µs/call", number("cpu_us", 1)), ("× floor", ratio("cpu_us", FLOOR)), ("× nginx", ratio("cpu_us", NGINX))]
LATENCY = [("p50 µs", number("p50_us")), ("p99 µs", number("p99_us"))]
TOKENS = [("MiB at rest", at_rest), ("under load", number("rss_kib", 0, MIB)), ("mints/call", number("mints_per_call", 3)),
          ("refused", total("refused")), ("wrong", total("wrong"))]
LOAD = [*COST, ("calls/s", number("rate")), *LATENCY, *TOKENS]
OPEN = [*COST, ("calls/s", number("rate")), *LATENCY, ("× nginx", ratio("p99_us", NGINX)), ("p99.9 µs", number("p999_us")), *TOKENS]
IDLE = [("KiB each", number("idle_kib", 1)), ("× nginx", ratio("idle_kib", NGINX)), ("MiB at rest", at_rest),
        ("with all", number("rss_kib", 0, MIB)), ("wrong", total("wrong"))]
START = [("seconds", number("start_s", 3)), ("MiB then", number("rss_kib", 0, MIB))]
ADDED = [("added p50", added("p50_us")), ("added p99", added("p99_us"))]
AGAINST_FIRST = [("× first", against_first)]
