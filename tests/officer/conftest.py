"""Officers at their desk: signed-in clients, and petitions lodged around today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.registry import proving
from huiyin.registry.models import CodeApp, Officer
from tests.cast import Walk, lodge


@pytest.fixture
def password_alone(request: pytest.FixtureRequest, settings: Any) -> None:
    """A house that asks only keepers for a second factor; nobody else has one."""
    settings.SECOND_FACTOR = "keepers"
    if "cast" not in request.fixturenames:
        return
    request.getfixturevalue("cast")
    kept = Officer.objects.filter(roles__role__in=proving.DEMANDED)
    CodeApp.objects.exclude(officer__in=kept).delete()


@pytest.fixture
def desk(cast: dict[str, Officer]) -> Callable[..., Client]:
    """`desk("otto")`: a browser in which that officer has signed in; English, so that tests can read it."""

    def signed_in(login: str = "", language: str = "en") -> Client:
        browser = Client()
        browser.cookies["huiyin_language"] = language
        if login:
            # As the row stands now: a role that was given since ends older sessions.
            browser.force_login(Officer.objects.get(pk=cast[login].pk))
        return browser

    return signed_in


@pytest.fixture
def at(cast: dict[str, Officer]) -> Callable[..., Walk]:
    """`at("accepted", days=3)`: a claim lodged so many days ago that stands in that state now."""

    def walked(state: str, *, days: int = 0, **lodging: Any) -> Walk:
        then = timezone.now() - timedelta(days=days)
        return Walk(lodge(now=then, **lodging), then + timedelta(seconds=1)).to(state)

    return walked
