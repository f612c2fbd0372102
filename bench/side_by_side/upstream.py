"""The upstream that all peers stand before: nginx with Lua where its module is there, else the one in proxy-bench."""
import json
import pathlib
import shutil
import string
import subprocess
import urllib.request

HERE = pathlib.Path(__file__).parent
BENCH_CLASSES = "proxy-bench/target/classes:proxy-bench/target/lib/*"
LOAD_PACKAGE = "dev.valifyproxy.bench.load."
CLOSING = "keepalive_timeout 0;"

# name: port, whether TLS, seconds until a token, seconds until an answer, more of nginx's directives
SERVERS = {
    "fast": (28080, False, 0, 0, ""),
    "tls": (28081, True, 0, 0, ""),
    "tls-new": (28082, True, 0, 0, CLOSING),
    "mint 1 ms": (28083, False, 0.001, 0.02, ""),
    "mint 200 ms": (28084, False, 0.2, 0.02, ""),
}


def template(file, /, **values):
    return string.Template((HERE / file).read_text()).substitute(values)


def lua_modules():
    """The directives that load Lua into nginx, or None where that is not installed."""
    for folder in map(pathlib.Path, ("/usr/lib/nginx/modules", "/usr/share/nginx/modules")):
        if nginx_binary() and (folder / "ngx_http_lua_module.so").exists():
            return "".join(f"load_module {folder}/{name}_module.so;\n" for name in ("ndk_http", "ngx_http_lua"))
    return None


def nginx_binary():
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def nginx(processes, name, http, port, modules=""):
    conf = processes.home / f"{name}.conf"
    conf.write_text(template("nginx-common.conf", home=processes.home, name=name, http=http, modules=modules))
    return processes.start(name, [nginx_binary(), "-p", processes.home, "-c", conf], port)


class Upstream:
    """Running; by name it says where to call."""

    def __init__(self, processes, java):
        self.certificate = None
        if lua_modules():
            self.kind = "nginx + Lua"
            self.names = set(SERVERS) if self._make_certificate(processes.home) else {n for n, s in SERVERS.items() if not s[1]}
            self._start_nginx(processes)
        else:
            self.kind = "StrictUpstream of proxy-bench"
            self.names = {name for name, server in SERVERS.items() if not server[1]}
            self._start_own(processes, java)

    def _make_certificate(self, home):
        if not shutil.which("openssl"):
            return False
        self.certificate = home / "upstream.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
             "subjectAltName=IP:127.0.0.1", "-keyout", home / "upstream.key", "-out", self.certificate],
            check=True, capture_output=True)
        return True

    def _start_nginx(self, processes):
        servers = ""
        for name in self.names:
            port, tls, mint, call, more = SERVERS[name]
            key = f"ssl_certificate {self.certificate}; ssl_certificate_key {processes.home}/upstream.key;" if tls else ""
            servers += template(
                "upstream-server.conf", port=port, listen="ssl" if tls else "", server=key + more, mint=mint, call=call)
        nginx(processes, "upstream", template("upstream.conf", servers=servers), self.port("fast"), lua_modules())

    def _start_own(self, processes, java):
        for name in self.names:
            port, _, mint, call, _ = SERVERS[name]
            processes.start(
                f"upstream {name}", [java, "-cp", BENCH_CLASSES, LOAD_PACKAGE + "UpstreamCommand", f"--port={port}",
                                     f"--mint-delay={mint * 1000:.0f}", f"--call-delay={call * 1000:.0f}"], port)

    @staticmethod
    def port(name):
        return SERVERS[name][0]

    @staticmethod
    def scheme(name):
        return "https" if SERVERS[name][1] else "http"

    def counts(self, name):
        """What became of tokens so far."""
        plain = name if self.scheme(name) == "http" else "fast"
        return json.load(urllib.request.urlopen(f"http://127.0.0.1:{self.port(plain)}/stats", timeout=10))
