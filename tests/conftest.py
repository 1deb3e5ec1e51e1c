"""Fixtures that every room's tests share; who is who stands in `cast.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

# The core's tests run where Django is not even loaded, and this file is read there too.
if TYPE_CHECKING:
    from huiyin.registry.access import Acting
    from huiyin.registry.file import Filed
    from huiyin.registry.models import Body, Officer
    from tests.cast import Walk


@pytest.fixture
def house_keys() -> None:
    """The installation's keys, made once for all tests of a process.

    The certificate is looked at each time: a test that runs the house at today's date renews it, and then
    nobody would vouch for what is lodged at the date of the cast.
    """
    from huiyin.vault import certificate, keys
    from tests.cast import NOW

    keys.make_missing()
    certificate.renew(NOW)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever may use the database may use the key store as well."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            said = {**marker.kwargs} if marker else {}
            item.add_marker(pytest.mark.django_db(**said | {"databases": ["default", "keys"]}), append=False)


@pytest.fixture(autouse=True)
def no_keys_left() -> Iterator[None]:
    """Data keys made ahead in one test are rolled back with it: the next one makes its own."""
    yield
    if supply := sys.modules.get("huiyin.vault.supply"):
        supply.forget()


@pytest.fixture(autouse=True)
def nobody_was_here() -> Iterator[None]:
    """What one test counted at the turnstile is no other's."""
    yield
    if turnstile := sys.modules.get("huiyin.site.turnstile"):
        turnstile.forget()


@pytest.fixture(autouse=True)
def nothing_was_marked() -> Iterator[None]:
    """A demonstration built in one test is rolled back with it, and so must be what a page knew of it."""
    yield
    if context := sys.modules.get("huiyin.site.context"):
        context.kind.cache_clear()


@pytest.fixture
def now() -> datetime:
    """A working Monday morning in China, with time zone."""
    from tests.cast import NOW

    return NOW


@pytest.fixture
def bodies(db: Any, house_keys: None) -> dict[str, Body]:
    """The tree of bodies, by code."""
    from django.db import transaction

    from tests.cast import make_bodies

    with transaction.atomic():
        return make_bodies()


@pytest.fixture
def cast(bodies: dict[str, Body]) -> dict[str, Officer]:
    """The officers, by sign-in name; each signs in with `cast.PASSWORD`."""
    from django.db import transaction

    from tests.cast import make_officers

    with transaction.atomic():
        return make_officers(bodies)


@pytest.fixture
def acting(cast: dict[str, Officer]) -> Callable[..., Acting]:
    """`acting(login)`, `acting(login, day)`: an officer at work, as `perform` and `visible_to` want it."""
    from tests.cast import acting_as

    def at_work(login: str, day: date | None = None) -> Acting:
        return acting_as(login, day)

    return at_work


@pytest.fixture
def lodged(cast: dict[str, Officer]) -> Filed:
    """A claim, filed a moment ago by a named author, that waits at the petition office."""
    from tests.cast import lodge

    return lodge()


@pytest.fixture
def walk(lodged: Filed) -> Walk:
    """The lodged claim on its way: `walk("register", "olga")`, `walk.to("opinion-served")`."""
    from tests.cast import Walk

    return Walk(lodged)
