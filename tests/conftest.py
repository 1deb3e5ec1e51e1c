"""Fixtures that every room's tests share; who is who stands in `cast.py`.

What every test would begin with is made once in each process and kept: the tables (`prepared.py`) and,
committed to the test database, the bodies and officers of the cast. A test that asks for less begins with
less: what it did not ask for is taken away inside its own transaction.
"""

from __future__ import annotations

import os
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


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test databases begin as copies that have their tables."""
    from tests import prepared

    prepared.begin_tests()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Django is to take those copies as they are; they go with the folder or the server that they lie on."""
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """On top of pytest-django's own: the cast stands in the database before the first test."""
    with django_db_blocker.unblock():
        _cast_stands()


_fallen = pytest.StashKey[bool]()


def _cast_stands() -> None:
    """Commit the bodies and officers of the cast, if they do not stand there."""
    from django.db import transaction

    from huiyin.registry.models import Body
    from huiyin.vault import certificate, keys
    from tests.cast import NOW, make_bodies, make_officers

    keys.make_missing()
    certificate.renew(NOW)
    with transaction.atomic():
        if not Body.objects.exists():
            make_officers(make_bodies())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that commits is followed by a flush, and the cast has to be put back before the next."""
    if item.session.stash.get(_fallen, False):
        from pytest_django.plugin import blocking_manager_key

        item.session.stash[_fallen] = False
        with item.config.stash[blocking_manager_key].unblock():
            _cast_stands()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(
        item, "fixturenames", ()
    ):
        item.session.stash[_fallen] = True


@pytest.fixture(autouse=True)
def no_more_than_asked_for(request: pytest.FixtureRequest) -> None:
    """Who asks for no cast finds no officer, and who asks for no bodies finds an empty registry."""
    asked = request.fixturenames
    if "cast" in asked or not (request.node.get_closest_marker("django_db") or "_django_db_helper" in asked):
        return
    request.getfixturevalue("_django_db_helper")
    from huiyin.registry.models import Body, CodeApp, Officer, Role

    for model in (CodeApp, Role, Officer) if "bodies" in asked else (CodeApp, Role, Officer, Body):
        rows = model._default_manager.all()
        rows._raw_delete(rows.db)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever may use the database may use the key store as well.

    What uses none, and starts none (`engine`), comes to the same on PostgreSQL: once, on SQLite, is enough.
    So does what walks the law through in many ways, each with statements that others ask too (`once`).
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        if _asks_a_database(item):
            said = {**marker.kwargs} if marker else {}
            item.add_marker(pytest.mark.django_db(**said | {"databases": ["default", "keys"]}), append=False)
    if os.environ.get("HUIYIN_DATABASE_URL"):
        config.hook.pytest_deselected(items=[item for item in items if not _is_about_the_engine(item)])
        items[:] = [item for item in items if _is_about_the_engine(item)]


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & fixtures)


def _is_about_the_engine(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    return _asks_a_database(item) or any(map(item.get_closest_marker, ("engine", "postgres")))


@pytest.fixture(autouse=True)
def no_keys_left() -> Iterator[None]:
    """Data keys made ahead in one test are rolled back with it: the next one makes its own."""
    yield
    if supply := sys.modules.get("huiyin.vault.supply"):
        supply.forget()


@pytest.fixture(autouse=True)
def nowhere_to_go() -> Iterator[None]:
    """Bodies of one test are rolled back with it, and so must be who of them was asked for last."""
    yield
    if routing := sys.modules.get("huiyin.registry.routing"):
        routing.forget()


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
    from tests.cast import standing_bodies

    return standing_bodies()


@pytest.fixture
def cast(bodies: dict[str, Body]) -> dict[str, Officer]:
    """The officers, by sign-in name; each signs in with `cast.PASSWORD`."""
    from huiyin.registry.models import Officer
    from tests.cast import OFFICERS

    found = Officer.objects.in_bulk(OFFICERS, field_name="login")
    return {login: found[login] for login in OFFICERS}


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
