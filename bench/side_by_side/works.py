"""The kinds of work that are compared."""
import dataclasses

FLOOR, NGINX, HAPROXY, LUA, DIRECT = "floor", "nginx", "HAProxy", "nginx + Lua", "direct"
PASSING = (FLOOR, NGINX, HAPROXY)

# Tokens that serve many calls, against an upstream that does not count: minting is out of the way, all else is as it was.
NO_MINTS = ("-Dvalify-proxy.token.max-uses=1000",)

# At 200 ms a mint, the default of 128 at once would carry 1,920 calls a second, whoever asks.
MORE_MINTS = ("-Dvalify-proxy.token.max-concurrent-mints=512",)


@dataclasses.dataclass(frozen=True)
class Work:
    """One kind of work.

    measure says how it is measured: load (as fast as it goes), open (at a fixed rate), idle (connections that do nothing), start.
    peers stand beside the proxy; those that know nothing of tokens call plain_path. variants are upstreams by name: all peers are
    started before each of them, and a rate is compared with that before the first.
    """
    name: str
    title: str
    measure: str = "load"
    peers: tuple = PASSING
    connections: int = 64
    body: int = 0
    fields: int = 0  # of a request's head, beyond wrk's own
    tokens: bool = False
    plain_path: str = "/plain/x"
    variants: tuple = ("fast",)
    settings: tuple = ()  # of the proxy

    def path(self, peer_knows_tokens):
        return "/api/v1.5/ocr/" if self.tokens and peer_knows_tokens else self.plain_path

    def flags(self):
        return self.settings if self.tokens else (*NO_MINTS, *self.settings)


WORKS = [
    Work("small", "small calls, mints out of the way"),
    Work("tokens", "small calls, the whole token job", peers=(*PASSING, LUA), tokens=True),
    Work("upload-256k", "uploads of 256 KiB", connections=16, body=256 << 10),
    Work("upload-2m", "uploads of 2 MiB", connections=16, body=2 << 20),
    Work("answer-1m", "answers of 1 MiB", connections=16, plain_path="/big/x"),
    Work("one", "one connection at a time", peers=(DIRECT, *PASSING), connections=1),
    Work("open", "at a fixed rate, latency from when each call was due", measure="open"),
    Work("tls", "TLS to the upstream, connections kept", variants=("tls",)),
    Work("tls-new", "TLS to the upstream, a new connection for each call", connections=16, variants=("tls-new",)),
    Work("slow", "API 20 ms; mints 1 ms, then 200 ms", peers=(LUA,), tokens=True, variants=("mint 1 ms", "mint 200 ms"),
         settings=MORE_MINTS),
    Work("idle", "idle client connections", measure="idle", peers=(NGINX,)),
    Work("start", "start to the first answered call", measure="start", peers=(NGINX, HAPROXY, LUA), tokens=True),
]

# How the cost of a call grows; only when asked for.
SCALE = [
    *(Work(f"connections-{count}", f"small calls, {count} connections", connections=count) for count in (1, 8, 64, 512, 2048)),
    *(Work(f"fields-{count}", f"small calls, {count} more fields in each head", fields=count) for count in (20, 80)),
    *(Work(f"body-{kib}k", f"uploads of {kib} KiB", connections=16, body=kib << 10) for kib in (1, 16, 64, 1024)),
]
