"""An identity provider by others (nanoidp) as a process of its own, and a person who signs in there."""

from __future__ import annotations

import html
import http.cookiejar
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp

CLIENT, SECRET = "huiyin-desk", "a-secret-of-the-tests"
BACK = "http://testserver/desk/sign-in/provider/back/"
# Whoever works at the county, as its directory has them. `mona` has a second factor there.
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PEOPLE: dict[str, dict[str, Any]] = {
    "otto": {"groups": ["cn=handlers, ou=groups, dc=county"]},
    "mona": {"groups": ["CN=handlers,OU=groups,DC=county"], "totp_secret": TOTP},
    "nils": {"groups": ["cn=administrators,ou=groups,dc=county"], "totp_secret": TOTP},
    "vera": {},
}
PATIENCE = 60.0


@dataclass(slots=True)
class Provider:
    """A running provider."""

    issuer: str
    folder: Path


@contextmanager
def provider(folder: Path) -> Iterator[Provider]:
    """Strict (its profile `oauth21`): PKCE with S256, exact addresses, codes that are good once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    (folder / "settings.yaml").write_text(json.dumps(_settings(port, issuer)), encoding="utf-8")
    people = {
        login: {"password": f"{login}-there", "email": f"{login}@county.test", **more}
        for login, more in PEOPLE.items()
    }
    (folder / "users.yaml").write_text(json.dumps({"config_version": 1, "users": people}), encoding="utf-8")
    words = [sys.executable, "-m", "nanoidp", "--host", "127.0.0.1", "--port", str(port)]
    words += ["--config", str(folder), "--profile", "oauth21"]
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(words, stdout=log, stderr=log, cwd=folder, env=_environment()) as process:
        try:
            _await(issuer, process)
            yield Provider(issuer, folder)
        finally:
            process.terminate()


def _settings(port: int, issuer: str) -> dict[str, Any]:
    back = [BACK, *(f"http://127.0.0.1:{each}/desk/sign-in/provider/back/" for each in range(8185, 8190))]
    return {
        "config_version": 1,
        "server": {"host": "127.0.0.1", "port": port},
        "oauth": {
            "issuer": issuer,
            "audience": "nobody",
            "clients": [{"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": back}],
        },
        "login": {"totp": True},
    }


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}


def _await(issuer: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the provider did not start"
        try:
            with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the provider does not answer")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Do not follow an answer that leads back to the desk: it is read by the test's own client."""

    def redirect_request(self, *asked: Any) -> Any:
        if urllib.parse.urlsplit(asked[-1]).path.startswith("/desk/"):
            return None
        return super().redirect_request(*asked)


class Person:
    """Somebody with a browser of their own at the provider."""

    def __init__(self, login: str) -> None:
        self.login = login
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(jar, _Stay())

    def signs_in(self, where: str, password: str = "") -> str:
        """Go where the desk leads, sign in there as asked, and answer where the provider leads back to."""
        page, address = self._ask(where)
        for _ in range(4):
            if page.startswith("/desk/") or "/desk/" in page[:60]:
                return page
            assert "<form" in page, page[:400]
            page, address = self._ask(address, self._filled(page, password))
        raise AssertionError("the provider leads nowhere")

    def goes(self, where: str) -> str:
        """Follow a link to the provider, and answer where it leads back to, or the page it shows."""
        return self._ask(where)[0]

    def _filled(self, page: str, password: str) -> dict[str, str]:
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        said = {name: html.unescape(value) for name, value in hidden}
        if 'name="password"' in page:
            said |= {"username": self.login, "password": password or f"{self.login}-there"}
        if re.search(r'name="(totp|totp_code|code|otp)"', page):
            name = re.findall(r'name="(totp|totp_code|code|otp)"', page)[0]
            said[name] = pyotp.TOTP(TOTP).now()
        return said

    def _ask(self, where: str, said: dict[str, str] | None = None) -> tuple[str, str]:
        body = urllib.parse.urlencode(said).encode() if said is not None else None
        try:
            with self.browser.open(where, body, timeout=10) as answer:
                return answer.read().decode(), answer.geturl()
        except urllib.error.HTTPError as error:
            if error.code in {301, 302, 303, 307}:
                return str(error.headers["Location"]), where
            return error.read().decode(), where
