"""Promises 1, 4 and 10 at the door: no cookie beyond the visit, nobody lists what is not theirs."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from tests.petitioner.conftest import Lodger

KNOWN = {"huiyin_all_csrf", "huiyin_desk", "huiyin_follow", "huiyin_language", "messages"}


def pages() -> list[str]:
    """Every address that holds no parameter."""
    found: list[str] = []

    def look(patterns: Any, prefix: str) -> None:
        for pattern in patterns:
            path = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                look(pattern.url_patterns, path)
            elif not any(mark in path for mark in ("<", "^", ".zip")):
                found.append(f"/{path}")

    look(get_resolver().url_patterns, "")
    return found


def outlasting(cookies: SimpleCookie) -> list[str]:
    """The cookies that would live on when the browser is closed."""
    return [
        name
        for name, cookie in cookies.items()
        if (cookie["max-age"] or cookie["expires"]) and cookie["max-age"] != 0
    ]


def test_no_cookie_of_any_page_outlasts_the_visit(walk: Any, cast: Any) -> None:
    visitor, officer = Client(), Client()
    officer.force_login(cast["otto"])
    seen: dict[str, list[str]] = {}
    opened = visitor.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    lodger = Lodger(visitor).to_check()
    languages = [lodger.send("language=en").page, visitor.post("/i18n/setlang/", {"language": "en"})]
    for given in (opened, *languages):
        seen[str(given)] = outlasting(given.cookies)
    for path in pages():
        for client in (visitor, officer):
            answer: Any = client.get(path)
            seen[path] = outlasting(answer.cookies)
            assert set(answer.cookies) <= KNOWN, path
            for close in answer._resource_closers:
                close()

    assert len(seen) > 40
    assert not {path: names for path, names in seen.items() if names}


def test_the_settings_say_so_too() -> None:
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
    assert settings.CSRF_COOKIE_AGE is None
    assert settings.LANGUAGE_COOKIE_AGE is None


@pytest.mark.django_db
def test_the_list_of_ones_own_petitions_leaves_nothing_on_the_server(walk: Any) -> None:
    """The page asks for nothing, sends nothing, and the server has not even an address that would take it."""
    before = {model.__name__: model._default_manager.count() for model in apps.get_models()}
    client = Client()
    page = client.get("/mine/")
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert not page.cookies.keys() - {"huiyin_all_csrf"}
    html = page.content.decode()
    forms = html.split("<form")[1:]
    sending = [form.split(">")[0] for form in forms if 'method="post"' in form.split(">")[0]]
    assert all('action="/follow/"' in form or 'action="/i18n/setlang/"' in form for form in sending), sending
    assert client.post("/mine/", {"list": "…"}).status_code == 405
    assert before == {model.__name__: model._default_manager.count() for model in apps.get_models()}


def test_the_script_of_that_page_has_no_way_to_send_anything() -> None:
    from pathlib import Path

    import huiyin.site

    script = (Path(huiyin.site.__file__).parent / "static" / "huiyin" / "mine.js").read_text()
    for way in (
        "fetch",
        "XMLHttpRequest",
        "sendBeacon",
        "WebSocket",
        "EventSource",
        "document.cookie",
        "import(",
    ):
        assert way not in script, way
    for place in ("localStorage", "sessionStorage", "indexedDB", "caches."):
        assert place not in script, f"{place}: phones are shared, and a list is private"
