"""What boards and measures show is counted beforehand, and is what the petitions themselves would come to."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.clerk import checking, numbering, sweep
from huiyin.core.measures import Record
from huiyin.core.refusal import Refusal
from huiyin.registry import (
    board_counted,
    board_round,
    erasing,
    keeping,
    law,
    measured,
    measured_counted,
    watched,
    week,
)
from huiyin.registry.file import Filed, file
from huiyin.registry.models import (
    BoardAnew,
    BoardFigure,
    BoardRound,
    BoardShare,
    Body,
    Officer,
    Petition,
    Role,
    YearFigure,
)
from tests.cast import NOW, OFFICERS, Walk, acting_as, legal_day, lodge, lodging, said

pytestmark = pytest.mark.usefixtures("cast")
WATCHING = {"sven": "xian", "susan": "shi", "simon": "zj", "selma": "xf", "sigrid": "jw"}
NAMES = {"stands", "nobody", "age", "hands", "due", "why", "mark", "missed", "taken", "no-longer"}
NAMES |= {"week", "week-nobody", "week-handed", "answered"}
SOME = ("zj", "xf")  # bodies whose measures are looked at one by one
MEASURED = {"term", "registered", "handed", "objected", "objections", "outcomes", "reviews", "supervisions"}
MEASURED |= {"ratings", "hands", "open"}
ACTORS = (*OFFICERS, "author", "clerk")


@pytest.fixture
def watching(cast: dict[str, Officer], bodies: dict[str, Body]) -> tuple[str, ...]:
    """Supervisors of the county, the city, a bureau, the petition office, the discipline body."""
    for login, code in WATCHING.items():
        officer = cast.get(login) or Officer.objects.create_officer(login, "x" * 20, name=login)
        Role.objects.get_or_create(officer=officer, body=bodies[code], role="supervisor")
    return tuple(WATCHING)


def count(now: datetime) -> int:
    numbering.number()
    return board_round.count(now)


def told(overview: board_counted.Overview) -> dict[str, Any]:
    return {
        "loads": overview.board.loads,
        "ages": overview.board.ages,
        "hands": overview.board.hands,
        "reasons": [(why.trigger.name, why.count) for why in overview.reasons],
        "since": overview.since,
        "due today": overview.due_today,
        "longest": [petition.ref for petition in overview.longest],
    }


def same(logins: Iterable[str], day: date) -> None:
    """What was counted is what is there, for each of these."""
    for login in logins:
        acting = acting_as(login, day)
        counted = board_counted.overview(acting, day)
        assert counted.counted_at is not None
        assert told(counted) == told(board_counted.live(acting, day)), login
        assert board_counted.this_week(acting, day).week == week.of(acting, day), login
        same_measures(login, day)


def same_measures(login: str, day: date) -> None:
    """The record of the year, of all that this one watches together, and of some bodies."""
    acting = acting_as(login, day)
    mine = watched.at_desk(acting)
    for body in ("", *mine.bodies.filter(code__in=SOME).values_list("code", flat=True)):
        which = watched.of_body(mine, body) if body else mine
        counted = measured_counted.of(acting, which, day.year)
        assert counted.counted_at is not None, (login, body)
        assert tables(counted.record) == tables(measured.of(which, day.year)), (login, body)
        by_body = measured_counted.terms(acting, which, day.year)
        assert plain(by_body) == plain(measured.by_body(which, day.year)), (login, body)


def plain(by_body: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict[Any, int]]:
    return {key: dict(+table) for key, table in by_body.items() if +table}


def tables(record: Record) -> dict[str, Any]:
    return {name: dict(+counted) for name, counted in record.tables.items() if +counted}


# ---- chance


@dataclass
class Town:
    """Petitions that move by chance, day by day."""

    chance: random.Random
    now: datetime = NOW
    walks: list[Walk] = field(default_factory=list)
    made: set[str] = field(default_factory=set)

    def lodge(self) -> None:
        kind = self.chance.choice(("claim", "claim", "claim", "suggestion", "report"))
        against = tuple(self.chance.sample(("xian", "zj", "jt", "xf"), self.chance.randint(1, 2)))
        body = self.chance.choice(("xf", "xf", "zj", "jt", "shi", ""))
        wanted = lodging(kind=kind, body="" if kind == "report" else body)
        if kind == "report":
            pressure = self.chance.choice(("", "", "superior", "auditor"))
            wanted = lodging(kind=kind, against=against[: 1 if pressure else 2], pressure=pressure)
        filed = file(wanted, now=self.now)
        if isinstance(filed, Filed):
            self.walks.append(Walk(filed, self.now))

    def move(self) -> None:
        """Some step that the law allows, by whoever may make it."""
        walk = self.chance.choice(self.walks)
        walk.now = self.now
        today, state = legal_day(self.now), walk.petition.state
        verbs = sorted({row.verb for row in law.in_force(today).rows if state in row.sources} - UNASKED)
        way = [(verb, login, contents) for verb, login, contents, _ in walk._way()[:1]]
        for verb in self.chance.sample(verbs, min(len(verbs), 5)):
            logins = self.chance.sample(ACTORS, len(ACTORS))
            way += [(verb, login, said(verb, today)) for login in logins[:6]]
        for verb, login, contents in way if self.chance.random() < 0.5 else way[1:]:
            if not isinstance(walk.ask(verb, login, **contents), Refusal):
                self.made.add(verb)
                return

    def day(self) -> None:
        """A few lodge, a few move, and it becomes night."""
        for _ in range(self.chance.randint(0, 2)):
            self.lodge()
        for _ in range(self.chance.randint(2, 6)):
            self.now += timedelta(minutes=self.chance.randint(1, 40))
            if self.walks:
                self.move()
        if self.chance.random() < 0.5:
            sweep.sweep(self.now)


UNASKED = {"dispatch", "recompute", "lodge"}  # the house alone makes these


@pytest.mark.parametrize("seed", range(3))
def test_after_any_moves_the_numbers_are_those_of_the_petitions(watching: tuple[str, ...], seed: int) -> None:
    town = Town(random.Random(seed))
    for _ in range(24):
        town.day()
        if town.chance.random() < 0.4:
            count(town.now)
            same(town.chance.sample(watching, 2), legal_day(town.now))
        town.now = town.now.replace(hour=2, minute=0) + timedelta(days=town.chance.choice((1, 1, 2, 3, 7)))
    count(town.now)
    same(watching, legal_day(town.now))
    same_measures("hedda", legal_day(town.now))
    assert len(town.made) > 12, "few kinds of steps were made: this test shows little"
    # Of terms, steps of bodies and where it lies; nothing of who petitions, how often or in which way.
    assert {name.partition("/")[0] for name in BoardFigure.objects.values_list("figure", flat=True)} <= NAMES
    years = set(YearFigure.objects.values_list("figure", flat=True))
    assert {name.removeprefix("at/").partition("/")[0] for name in years} <= MEASURED
    # Made anew from nothing it comes to the same.
    figures = kept()
    board_round.begin_anew()
    count(town.now)
    assert kept() == figures
    assert list(board_round.wrongs()) == []


def kept() -> tuple[set[Any], set[Any]]:
    boards = BoardFigure.objects.exclude(n=0).values_list("holder", "figure", "day", "n")
    years = YearFigure.objects.exclude(n=0).values_list("holder", "body", "year", "figure", "n")
    return set(boards), set(years)


def test_a_day_later_it_stands_otherwise_though_nobody_moved(watching: tuple[str, ...]) -> None:
    Walk(lodge()).to("transferred"), Walk(lodge()).to("accepted"), lodge()
    count(NOW)
    for days in (1, 4, 5, 8, 10, 11, 14, 15, 16, 29, 30, 31, 32, 60, 61, 62, 91, 181, 182):
        later = NOW + timedelta(days=days)
        count(later)
        same(["sven"], legal_day(later))


def test_each_pass_looks_at_what_changed_and_at_nothing_else(watching: tuple[str, ...]) -> None:
    walks = [Walk(lodge()) for _ in range(12)]
    count(NOW)
    assert count(NOW) == 0
    walks[3]("register", "olga")
    assert count(NOW) == 1
    board = BoardRound.objects.get()
    assert board.walked is None
    assert board.counted_at == NOW


def test_until_all_is_counted_once_the_board_asks_what_is_there(
    watching: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_round, "AT_ONCE", 2)
    for _ in range(5):
        lodge()
    numbering.number()
    assert board_round.count(NOW, seconds=0) == 0
    seen = board_counted.overview(acting_as("sven"), legal_day(NOW))
    assert seen.counted_at is None
    assert sum(load.open for load in seen.board.loads) == 5
    count(NOW)
    assert board_counted.overview(acting_as("sven"), legal_day(NOW)).counted_at == NOW


# ---- killed


class Killed(BaseException):
    """As if the plug were pulled."""


@pytest.mark.parametrize("at", range(6))
def test_killed_in_the_middle_nothing_is_counted_twice(
    watching: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """What a batch wrote goes with it; the next pass begins where the last whole one ended."""
    monkeypatch.setattr(board_round, "AT_ONCE", 2)
    walks = [Walk(lodge()) for _ in range(5)]
    count(NOW)
    for walk in walks:
        walk("register", "olga")
    numbering.number()
    calls = [0]

    def dying(write: Callable[..., None]) -> Callable[..., None]:
        def once(*words: Any) -> None:
            write(*words)
            calls[0] += 1
            if calls[0] == at + 1:
                raise Killed

        return once

    for name in ("_keep", "_add"):
        monkeypatch.setattr(board_round, name, dying(getattr(board_round, name)))
    with pytest.raises(Killed):
        board_round.count(NOW)
    board_round.count(NOW)
    same(watching, legal_day(NOW))
    assert list(board_round.wrongs()) == []


# ---- what nobody may see


def test_what_becomes_a_report_is_in_no_number_of_whom_it_is_about_from_that_moment(
    watching: tuple[str, ...],
) -> None:
    walk = Walk(lodge(body="xf", unsure=True, against_words="housing"))
    count(NOW)
    before = board_counted.overview(acting_as("sven"), legal_day(NOW))
    assert [load.open for load in before.board.loads] == [1]
    from huiyin.registry import record

    record.keep_from(walk.petition, {"xian"})
    seen = board_counted.overview(acting_as("sven"), legal_day(NOW))
    assert seen.board.loads == []
    assert seen.board.hands == [0, 0, 0, 0]
    count(NOW)
    same(watching, legal_day(NOW))


def test_a_report_about_a_body_is_counted_for_nobody_who_answers_to_it(watching: tuple[str, ...]) -> None:
    lodge(kind="report", against=("zj",))
    count(NOW)
    same(watching, legal_day(NOW))
    assert board_counted.overview(acting_as("simon"), legal_day(NOW)).board.loads == []
    held = board_counted.overview(acting_as("sven"), legal_day(NOW)).board.loads
    assert [load.body.code for load in held] == ["jw"]


def test_who_stepped_back_has_it_in_no_number_at_once(watching: tuple[str, ...], bodies: Any) -> None:
    from huiyin.registry.models import Recusal

    walk = Walk(lodge()).to("accepted")
    count(NOW)
    Recusal.objects.create(petition=walk.petition, officer=Officer.objects.get(login="sven"))
    assert board_counted.overview(acting_as("sven"), legal_day(NOW)).board.loads == []
    assert len(board_counted.overview(acting_as("susan"), legal_day(NOW)).board.loads) == 1
    same(watching, legal_day(NOW))


def test_a_successor_sees_no_report_about_the_body_it_succeeds(
    watching: tuple[str, ...], bodies: dict[str, Body]
) -> None:
    from huiyin.registry import record

    lodge(kind="report", against=("zj",))
    count(NOW)
    record.keep_from_heir(bodies["zj"], bodies["xian"])
    assert board_counted.overview(acting_as("sven"), legal_day(NOW)).board.loads == []
    count(NOW)
    same(watching, legal_day(NOW))


# ---- without a step


def test_an_account_that_closes_leaves_its_petitions_to_nobody(
    watching: tuple[str, ...], cast: dict[str, Officer]
) -> None:
    Walk(lodge()).to("accepted")("entrust", "hedda", officer="otto")
    count(NOW)
    otto = Officer.objects.get(login="otto")
    otto.is_active = False
    assert keeping.save_officer(otto, by=cast["ada"], now=NOW) is None
    count(NOW)
    same(watching, legal_day(NOW))
    assert board_counted.overview(acting_as("sven"), legal_day(NOW)).board.loads[0].nobody == 1


def test_what_is_erased_is_in_no_number(watching: tuple[str, ...]) -> None:
    from huiyin.vault.store.models import Erased

    walk = Walk(lodge()).to("accepted")
    count(NOW)
    known = Erased(ref=walk.ref, on=legal_day(NOW), complete_on=legal_day(NOW), ground="26")
    erasing._bury(walk.petition, known, "test")
    assert BoardShare.objects.count() == 0
    assert set(BoardFigure.objects.values_list("n", flat=True)) == {0}
    assert BoardAnew.objects.count() == 0


def test_another_law_or_calendar_is_counted_anew(
    watching: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    Walk(lodge()).to("accepted")
    count(NOW)
    BoardRound.objects.update(law="another")
    assert count(NOW) == 1
    same(watching, legal_day(NOW))


# ---- checked


def test_the_check_finds_a_number_that_is_not_true_and_counting_anew_mends_it(
    watching: tuple[str, ...],
) -> None:
    Walk(lodge()).to("accepted")
    count(NOW)
    numbering.number()
    BoardFigure.objects.filter(figure="stands/time").update(n=7)
    assert any("stands/time" in each.en for each in checking.check(NOW))
    board_round.begin_anew()
    count(NOW)
    assert list(board_round.wrongs()) == []


def test_the_check_finds_a_petition_that_is_counted_otherwise(watching: tuple[str, ...]) -> None:
    walk = Walk(lodge()).to("accepted")
    count(NOW)
    Petition.objects.filter(ref=walk.ref).update(next_due=date(2026, 3, 3))
    assert [walk.ref in each.en for each in board_round.wrongs()] == [True]


def test_what_moved_since_is_no_mistake(watching: tuple[str, ...]) -> None:
    walk = Walk(lodge()).to("accepted")
    count(NOW)
    walk.signed()
    assert list(board_round.wrongs()) == []


# ---- the measures


def test_the_measures_ask_the_petitions_until_they_are_counted_once_and_of_several_that_somebody_heads(
    watching: tuple[str, ...], cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    Walk(lodge()).to("opinion-served")
    count(NOW)
    day = legal_day(NOW)

    def counted_at(login: str) -> datetime | None:
        acting = acting_as(login, day)
        return measured_counted.of(acting, watched.at_desk(acting), day.year).counted_at

    assert counted_at("sven") == counted_at("hedda") == NOW
    BoardRound.objects.update(measured=False)  # as a release before the measures left it
    assert counted_at("sven") is None
    BoardRound.objects.update(measured=True)
    Role.objects.create(officer=cast["hedda"], body=bodies["jt"], role="head")
    assert counted_at("hedda") is None


def test_another_release_that_counts_other_figures_counts_anew(watching: tuple[str, ...]) -> None:
    Walk(lodge()).to("opinion-served")
    count(NOW)
    YearFigure.objects.all().delete()
    for share in BoardShare.objects.all():
        share.figures = [each for each in share.figures if not each[0].startswith("year/")]
        share.save()
    BoardRound.objects.update(law=BoardRound.objects.get().law.removesuffix(" 2"), measured=False)
    assert count(NOW) == 1
    same(watching, legal_day(NOW))


def test_the_check_finds_a_measure_that_is_not_the_sum_of_its_petitions(watching: tuple[str, ...]) -> None:
    Walk(lodge()).to("opinion-served")
    count(NOW)
    assert list(board_round.wrongs()) == []
    YearFigure.objects.filter(figure="outcomes/support").update(n=7)
    assert ["outcomes/support" in each.en for each in board_round.wrongs()] == [True]


# ---- the cost


def test_more_petitions_and_bodies_ask_the_database_no_more(
    watching: tuple[str, ...], bodies: dict[str, Body]
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            acting = acting_as("sven")
            list(board_counted.overview(acting, legal_day(NOW)).longest)
            board_counted.this_week(acting, legal_day(NOW))
            measured_counted.of(acting, watched.at_desk(acting), NOW.year)
        return len(queries)

    lodge(now=NOW - timedelta(days=40))
    count(NOW)
    few = asked()
    for code in ("a", "b", "c"):
        Body.objects.create(code=code, name_zh=code, kind="organ", level="county", superior=bodies["xian"])
        for _ in range(8):
            lodge(now=NOW - timedelta(days=40), body=code)
    count(NOW)
    same(watching, legal_day(NOW))
    assert asked() == few
