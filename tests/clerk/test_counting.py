"""Counting terms: when their month is over, where they are many, and again whenever they stand otherwise."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest

from huiyin.clerk import counting, sweep
from huiyin.core import cohorts
from huiyin.registry.models import Clock, Count
from tests.cast import NOW, Walk, lodge

pytestmark = pytest.mark.usefixtures("cast")
APRIL = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
K = 20


@pytest.fixture
def many() -> list[Walk]:
    return [Walk(lodge()) for _ in range(K)]


def said() -> list[cohorts.Count]:
    return [cohorts.read(bytes(row.public)) for row in Count.objects.order_by("pk")]


def test_nothing_is_counted_while_the_month_runs(many: list[Walk]) -> None:
    assert counting.count(NOW) == 0


def test_a_month_that_is_over_is_counted_once(many: list[Walk]) -> None:
    assert counting.count(APRIL) == Count.objects.count() > 0
    assert counting.count(APRIL) == 0
    assert {count.cohort.bodies for count in said()} == {"body xf"}
    assert {count.what for count in said()} == {("began", "open")}


def test_too_few_are_not_counted(cast: Any) -> None:
    for _ in range(K - 1):
        lodge()
    assert counting.count(APRIL) == 0


def test_the_fewest_stand_in_the_law(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin.core.rulebook import all_rulebooks

    assert {book.cohort for book in all_rulebooks()} == {20}


def test_killed_after_the_first_transaction_no_cohort_is_left_small(
    many: list[Walk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "BATCH", 3)
    write = counting._write
    written: list[int] = []

    def once(*words: Any) -> int:
        if written:
            raise OSError("the plug was pulled")
        written.append(write(*words))
        return written[0]

    monkeypatch.setattr(counting, "_write", once)
    lodge()
    with contextlib.suppress(OSError):
        counting.count(APRIL)
    assert written[0] >= K
    assert Count.objects.count() >= K


def test_a_term_that_stands_otherwise_is_counted_again(many: list[Walk]) -> None:
    counting.count(APRIL)
    for walk in many[:3]:
        walk.now = APRIL
        walk("register", "olga")
        walk("transfer", "olga", body="zj")
    sweep.sweep(APRIL, {})
    counting.count(APRIL)
    changes = [count.what for count in said() if count.what[0] == "became"]
    assert len(changes) >= K
    assert {what[1] for what in changes} == {"open"}
    assert {what[2] for what in changes} == {"overdue", "late-30"}


def test_the_house_and_the_author_are_not_measured(many: list[Walk]) -> None:
    counting.count(APRIL)
    counted = {count.cohort.clock for count in said()}
    skipped = {c.name for c in Clock.objects.all() if c.on_due != "breach" or c.kind == "house"}
    assert counted
    assert not counted & skipped


def test_a_petition_that_goes_to_another_body_moves_out_and_in(many: list[Walk]) -> None:
    """It leaves the cohort of its body, and waits until there are enough where it is now."""
    for walk in many:
        walk("register", "olga")
    counting.count(APRIL)
    term = Clock.objects.filter(petition__ref=many[0].ref).exclude(cohort=None).latest("seq")
    Clock.objects.filter(pk=term.pk).update(body="zj", unlogged=True)
    counting.count(APRIL)
    term.refresh_from_db()
    assert said()[-1].what == ("moved-out", "open")
    others = Clock.objects.filter(name=term.name, start=term.start).exclude(pk=term.pk)
    Clock.objects.filter(pk__in=others).update(body="zj", unlogged=True)
    counting.count(APRIL)
    term.refresh_from_db()
    assert term.cohort == [f"{term.start:%Y-%m}", "body zj", term.name]
    assert said()[-1].what[0] == "moved-in"


def test_a_report_stands_at_no_body(many: list[Walk], cast: Any) -> None:
    reports = [lodge(kind="report", against=("zj",)) for _ in range(K)]
    counting.count(APRIL)
    refs = {made.ref for made in reports}
    theirs = Count.objects.filter(petition__ref__in=refs)
    assert not any(cohorts.read(bytes(row.public)).cohort.bodies.startswith("body") for row in theirs)


def test_every_count_can_be_opened_and_is_true(many: list[Walk]) -> None:
    for walk in many:
        walk.to("opinion-served")
    counting.count(datetime(2026, 5, 4, 2, 0, tzinfo=UTC))
    assert Count.objects.exists()
    for row in Count.objects.all():
        assert cohorts.wrong(cohorts.read(bytes(row.public)), row.opening, bytes(row.salt)) == ""


def test_a_review_says_what_it_came_to(many: list[Walk]) -> None:
    for walk in many:
        walk.to("review-served")
    counting.count(datetime(2026, 12, 1, 2, 0, tzinfo=UTC))
    reviewed = [count for count in said() if count.cohort.clock == "review"]
    assert {count.what for count in reviewed} == {("began", "met/uphold")}
    assert {count.cohort.bodies for count in reviewed} == {"body xian"}
