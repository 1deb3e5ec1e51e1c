"""An older database goes on with the log that was published, and with no other."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from huiyin.clerk import checking, publishing, recovering
from huiyin.core import cohorts
from huiyin.registry import logfiles
from huiyin.registry.models import Adopted, Clock, Cohorted, Count, Entry, Head, LogSize, Petition
from tests.cast import NOW, lodge
from tests.clerk import logs
from tests.clerk.test_counting import APRIL, K

pytestmark = pytest.mark.usefixtures("cast")


def reader(folder: Path) -> recovering.Fetch:
    return lambda name: (folder / name).read_bytes()


def forget_since(size: int) -> None:
    """What a database restored from an older copy does not know: rows since the head over `size` lines."""
    Head.objects.filter(size__gt=size).delete()
    Count.objects.filter(number__gte=size).delete()
    Cohorted.objects.all().delete()
    Clock.objects.update(cohort=None, logged_as="", unlogged=True)
    lost = Petition.objects.filter(entries__number__gte=size)
    for petition in lost:
        petition.outbox.all().delete()
        petition.entries.all().delete()
    LogSize.objects.update(size=size)


def test_the_log_goes_on_and_nothing_that_was_published_is_taken_back(settings: Any, tmp_path: Path) -> None:
    for _ in range(K + 2):
        lodge()
    first = logs.look(NOW)
    other, lost = lodge(), lodge()
    logs.look(NOW)
    published = logs.look(APRIL)
    before = logs.leaves()
    forget_since(first.size)
    with pytest.raises(publishing.Forked):
        publishing.publish(APRIL)

    elsewhere = tmp_path / "mirror"
    shutil.move(logfiles.folder(), elsewhere)
    done = recovering.recover(reader(elsewhere))
    assert done.size == published.size
    assert done.lost == Adopted.objects.count() == published.size - first.size
    lodge(APRIL)
    after = logs.look(APRIL)
    assert logs.leaves()[: published.size] == before
    assert after.size > published.size
    assert Head.objects.filter(size=published.size).exists()
    assert not Entry.objects.filter(petition=lost.petition).exists()
    gone = {lost.ref, other.ref}  # their rows stand half-deleted here: all else holds
    assert not [wrong for wrong in checking.check(APRIL) if not any(ref in wrong.en for ref in gone)]


def test_figures_balance_after_terms_are_counted_again(tmp_path: Path) -> None:
    for _ in range(K):
        lodge()
    first = logs.look(NOW)
    logs.look(APRIL)
    forget_since(first.size)
    elsewhere = tmp_path / "mirror"
    shutil.move(logfiles.folder(), elsewhere)
    recovering.recover(reader(elsewhere))
    logs.look(APRIL)
    sums = cohorts.Figures()
    for leaf in logs.leaves():
        if cohorts.is_count(leaf):
            sums.add(cohorts.read(leaf))
    [row] = sums.as_json()
    assert row["standings"] == {"open": K}
    assert row["began"] + row["moved_in"] - row["moved_out"] == K


def test_a_log_that_is_another_is_refused(tmp_path: Path) -> None:
    lodge()
    logs.look(NOW)
    Head.objects.update(root=bytes(32))
    with pytest.raises(publishing.Forked, match="differ among their first"):
        recovering.recover(reader(logfiles.folder()))


def test_a_log_that_is_older_is_refused(tmp_path: Path) -> None:
    lodge()
    logs.look(NOW)
    old = tmp_path / "old"
    shutil.copytree(logfiles.folder(), old)
    lodge()
    logs.look(NOW)
    with pytest.raises(publishing.Forked, match="it is older"):
        recovering.recover(reader(old))
