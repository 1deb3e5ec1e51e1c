"""Who files at the same moment shares a commit, and nothing else: each petition stands or falls by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from huiyin.core.refusal import Refusal
from huiyin.registry import together
from huiyin.registry.file import Filed, file
from huiyin.registry.models import Entry, Holding, Indexed, Petition
from huiyin.registry.sqlite3.base import DatabaseWrapper
from huiyin.vault.models import ContactSeal, IdentitySeal
from tests.cast import NOW, lodging, make_bodies

AT_ONCE = 8
Outcome = Filed | Refusal | BaseException

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many filings each shared commit held."""
    held: list[int] = []
    write = together._write_for_all

    def counted(mine: Any) -> None:
        held.append(len(together._waiting))
        write(mine)

    monkeypatch.setattr(together, "_write_for_all", counted)
    return held


def at_once(*makes: Callable[[], Filed | Refusal]) -> list[Outcome]:
    """Have each made in a thread of its own, all of them waiting before the first may write."""
    outcomes: list[Outcome] = [RuntimeError("never ended")] * len(makes)

    def run(n: int) -> None:
        try:
            outcomes[n] = makes[n]()
        except OperationalError as error:
            outcomes[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(makes))]
    with together._pen:
        for thread in threads:
            thread.start()
        until = time.monotonic() + 60
        while len(together._waiting) < len(makes):
            assert time.monotonic() < until
            time.sleep(0.01)
    for thread in threads:
        thread.join()
    return outcomes


def claim(n: int) -> Callable[[], Filed | Refusal]:
    return lambda: file(lodging(source="s", source_id=str(n)), now=NOW)


def test_filings_of_one_moment_are_all_on_record_whole_in_one_commit(
    house_keys: None, commits: list[int]
) -> None:
    make_bodies()
    outcomes = at_once(*(claim(n) for n in range(AT_ONCE)))
    filed = [one for one in outcomes if isinstance(one, Filed)]
    assert len({one.ref for one in filed}) == AT_ONCE
    for one in filed:
        kept = Petition.objects.get(ref=one.ref)
        assert kept.pk == one.petition.pk
        for model in (Entry, Holding, IdentitySeal, ContactSeal, Indexed):
            assert model.objects.filter(petition=kept).count() == 1, model
    assert commits == [AT_ONCE]


def test_one_that_cannot_be_filed_takes_nobody_along(house_keys: None) -> None:
    make_bodies()
    assert isinstance(claim(3)(), Filed)
    outcomes = at_once(*(claim(n) for n in range(AT_ONCE)))
    refused = [n for n, one in enumerate(outcomes) if isinstance(one, Refusal)]
    assert refused == [3]
    assert all(isinstance(one, Filed) for n, one in enumerate(outcomes) if n != 3)
    assert Petition.objects.count() == Entry.objects.count() == AT_ONCE


def test_when_the_commit_fails_nobody_is_told_that_theirs_is_on_record(
    house_keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bodies()
    file(lodging(), now=NOW)  # data keys are there: their store commits by itself

    def broken(self: DatabaseWrapper) -> None:
        raise OperationalError("disk I/O error")

    if connection.vendor == "sqlite":
        with monkeypatch.context() as patched:
            patched.setattr(DatabaseWrapper, "_commit", broken)
            outcomes = at_once(*(claim(n) for n in range(AT_ONCE)))
        assert all(isinstance(one, OperationalError) for one in outcomes), outcomes
        assert Petition.objects.count() == 1
    assert all(isinstance(one, Filed) for one in at_once(*(claim(n) for n in range(AT_ONCE))))
    assert Petition.objects.count() == 1 + AT_ONCE
