"""What is compared: the proxy, in as many forms as asked for, and the peers that this machine has."""
import dataclasses
import os
import shutil
import subprocess

from . import upstream as upstreams
from .upstream import template
from .works import DIRECT, FLOOR, HAPROXY, LUA, NGINX

FIRST_PORT = 28100


@dataclasses.dataclass
class Peer:
    name: str
    port: int
    pid: int  # 0 for none
    knows_tokens: bool
    variant: str
    rest_kib: int = 0


class Peers:
    """Starts them by name, each on a port of its own."""

    def __init__(self, processes, upstream, proxies):
        self.processes = processes
        self.upstream = upstream
        self.proxies = proxies  # name: [java, flag...]
        self.next_port = FIRST_PORT
        self.relay = self._compile_relay()
        self.haproxy = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")

    def _compile_relay(self):
        compiler = shutil.which("cc")
        if not compiler:
            return None
        binary = self.processes.home / "relay"
        subprocess.run([compiler, "-O2", "-o", binary, upstreams.HERE / "relay.c"], check=True)
        return binary

    def missing(self):
        """Those that this machine lacks, with what would bring them."""
        found = {
            FLOOR: (self.relay, "a C compiler, cc"), NGINX: (upstreams.nginx_binary(), "nginx"),
            HAPROXY: (self.haproxy, "haproxy"), LUA: (upstreams.lua_modules(), "libnginx-mod-http-lua")}
        return {name: needs for name, (there, needs) in found.items() if not there}

    def of(self, work):
        """Names, for this work, of all that can be compared."""
        return [name for name in work.peers if name not in self.missing()] + list(self.proxies)

    def start(self, name, work, variant):
        port = self.next_port
        self.next_port += 2
        if name == DIRECT:
            return Peer(name, self.upstream.port(variant), 0, False, variant)
        if name in self.proxies:
            process = self._proxy(name, work, variant, port)
        else:
            start = {FLOOR: self._floor, NGINX: self._nginx, HAPROXY: self._haproxy, LUA: self._lua}[name]
            process = start(f"{name} {port}", variant, port)
        return Peer(name, port, process.pid, name in self.proxies or name == LUA, variant)

    def _floor(self, log, variant, port):
        """Knows no TLS: it always stands before the upstream without."""
        plain = variant if self.upstream.scheme(variant) == "http" else "fast"
        return self.processes.start(log, [self.relay, str(port), str(self.upstream.port(plain))], port)

    def _nginx(self, log, variant, port):
        tls = ""
        if self.upstream.scheme(variant) == "https":
            tls = f"proxy_ssl_verify on; proxy_ssl_trusted_certificate {self.upstream.certificate}; proxy_ssl_name 127.0.0.1;"
        conf = template(
            "pass.conf", port=port, upstream=self.upstream.port(variant), scheme=self.upstream.scheme(variant), tls=tls)
        return upstreams.nginx(self.processes, log.replace(" ", "-"), conf, port)

    def _lua(self, log, variant, port):
        conf = template("token-job.conf", port=port, upstream=self.upstream.port(variant))
        return upstreams.nginx(self.processes, f"lua-{port}", conf, port, upstreams.lua_modules())

    def _haproxy(self, log, variant, port):
        tls = ""
        if self.upstream.scheme(variant) == "https":
            tls = f"ssl verify required ca-file {self.upstream.certificate}"
        conf = self.processes.home / f"{log}.cfg"
        conf.write_text(template("haproxy.cfg", port=port, upstream=self.upstream.port(variant), tls=tls))
        return self.processes.start(log, [self.haproxy, "-db", "-f", conf], port)

    def _proxy(self, name, work, variant, port):
        java, *flags = self.proxies[name]
        secrets = {f"VALIFY_{secret}": "bench" for secret in ("USERNAME", "PASSWORD", "CLIENT_ID", "CLIENT_SECRET")}
        environment = dict(
            os.environ, **secrets, PROXY_BIND="127.0.0.1", PROXY_PORT=str(port), PROXY_ADMIN_PORT=str(port + 1),
            VALIFY_BASE_URL=f"{self.upstream.scheme(variant)}://127.0.0.1:{self.upstream.port(variant)}")
        if self.upstream.scheme(variant) == "https":
            flags.append(f"-Dvalify-proxy.upstream.ca-file={self.upstream.certificate}")
        if work.measure == "idle":
            flags.append("-Dvalify-proxy.limits.max-connections=20000")
        jar = ["-jar", "proxy-server/target/valify-proxy.jar"]
        return self.processes.start(
            f"{name} {port}", [java, "@conf/jvm.options", *work.flags(), *flags, *jar], port, environment)
