"""Every page of each zone: a strict policy, nothing inline, nothing from outside."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

import huiyin
from huiyin.doors.officer.urls import urlpatterns as desk_addresses
from huiyin.registry.models import Officer
from huiyin.site import assets, headers
from tests.cast import Walk, lodge

STATIC = Path(huiyin.__file__).parent / "site" / "static"
PUBLIC = (
    *(
        "/",
        "/about/",
        "/how/",
        "/charter/",
        "/bodies/",
        "/rules/",
        "/reception/",
        "/questions/",
        "/receipts/",
    ),
    *("/source/", "/lodge/", "/follow/", "/healthz", "/nowhere/", "/receipt-key", "/desk/sign-in/"),
)
LOADS = {"src", "srcset", "poster", "data", "action", "formaction", "background", "manifest", "ping"}


class Page(HTMLParser):
    """What a page loads or sends to, and what stands inline in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.within = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.addresses += [value or "" for name, value in attrs if name in LOADS]
        if tag in {"link", "base", "use", "image"}:
            self.addresses.append(said.get("href") or "")
        if tag == "meta" and said.get("http-equiv"):
            self.inline.append("meta http-equiv")
        self.inline += [name for name, _ in attrs if name == "style" or name.startswith("on")]
        self.within = tag if tag in {"script", "style"} else ""

    def handle_data(self, data: str) -> None:
        if self.within and data.strip():
            self.inline.append(self.within)


def desk_pages(login: str, walk: Walk) -> Iterator[str]:
    known = {"ref": walk.ref, "verb": "accept", "number": 1, "seq": 1, "code": "zj", "login": "otto"}
    known |= {"pk": "00000000-0000-0000-0000-000000000000", "kind": "improve-work", "token": "made-up"}
    known |= {"item": "made-up", "clock": "handling"}
    for pattern in desk_addresses:
        assert isinstance(pattern, URLPattern)
        names = pattern.pattern.converters
        yield reverse(f"desk:{pattern.name}", kwargs={name: known[name] for name in names})


def got(browser: Client, address: str) -> Any:
    """The answer, read to its end: a file that is sent is closed by its last byte."""
    answer: Any = browser.get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer


@pytest.fixture
def answers(cast: dict[str, Officer]) -> list[tuple[str, Any]]:
    """Every page of each zone, as everybody gets it, with every form of a petition that is being handled."""
    walk = Walk(lodge(now=timezone.now()), timezone.now()).to("accepted")
    anybody = Client()
    found = [(address, anybody.get(address)) for address in PUBLIC]
    anybody.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    found.append(("/follow/petition/", anybody.get("/follow/petition/")))
    for login in ("otto", "olga", "hedda", "sven", "ada", "audrey"):
        browser = Client()
        browser.force_login(cast[login])
        found += [(f"{login} {address}", got(browser, address)) for address in desk_pages(login, walk)]
    return found


def test_every_page_is_strict_self_contained_and_asks_nothing_of_the_browser(
    answers: list[tuple[str, Any]],
) -> None:
    pages = 0
    for address, answer in answers:
        said = answer.headers
        assert said["X-Content-Type-Options"] == "nosniff", address
        assert said["Referrer-Policy"] == "no-referrer", address
        assert said["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert said["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert said["Permissions-Policy"] == headers.PERMISSIONS, address
        assert said["X-Frame-Options"] == "DENY", address
        policy = dict(part.split(" ", 1) for part in said["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'", address
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", address
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", address
        assert "unsafe" not in said["Content-Security-Policy"], address
        is_saved = said.get("Content-Disposition", "").startswith("attachment")  # a file of its own, no page
        if said.get("Content-Type", "").startswith("text/html") and answer.content and not is_saved:
            page = Page(answer.content.decode())
            assert page.inline == [], address
            assert [a for a in page.addresses if not re.match(r"/(?!/)|data:image/|\?|#|$", a)] == [], address
            pages += 1
    assert pages > 100


def test_no_script_and_no_style_of_ours_names_another_place() -> None:
    for path in STATIC.rglob("*"):
        if path.suffix in {".css", ".js"}:
            text = path.read_text()
            assert not re.findall(r"https?://(?!www\.w3\.org/)|@import|importScripts|\beval\(", text), (
                path.name
            )
            assert not re.findall(r"url\((?!['\"]?(?:data:|#))", text), path.name


def test_nobody_is_asked_where_they_are() -> None:
    assert "geolocation=()" in headers.PERMISSIONS
    assert not set(headers.ALLOWED) & set(headers.FORBIDDEN)


@pytest.mark.django_db
def test_style_and_script_are_packed_and_kept_and_pages_are_not(bodies: Any) -> None:
    browser = Client(headers={"accept-encoding": "gzip"})
    page = browser.get("/")
    address = re.search(r'href="(/static/huiyin/huiyin\.css\?v=[0-9a-f]{10})"', page.content.decode())
    assert address
    style = browser.get(address[1])
    own = (STATIC / "huiyin/huiyin.css").read_bytes()

    assert "Content-Encoding" not in page.headers, "how well a page packs tells what is in it"
    assert style.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(style)) == own
    assert "max-age=31536000" in style.headers["Cache-Control"]


def test_an_address_of_style_changes_with_its_content() -> None:
    marks = {name: assets.Versioned().url(f"huiyin/{name}") for name in ("huiyin.css", "enhance.js")}
    assert len({address.partition("?v=")[2] for address in marks.values()}) == 2
    assert assets.Versioned().url("huiyin/nothing.css") == "/static/huiyin/nothing.css"
