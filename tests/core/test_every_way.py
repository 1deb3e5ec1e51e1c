"""Every way that a law leaves open, walked as a graph: no clock is lost, and no body waits without one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import pytest

from huiyin.core.rulebook import Row, Rulebook
from tests.core.cast import CN05, CN22, LAWS

DEEPEST = 3  # a petition may be passed on for ever; what holds after three bodies holds after more
SENT_ON = {"handing-over"}  # outside: the law sets no clock of ours
# What others set or must do in any state, and closing ends for nobody: it would only multiply the places.
LOOSE = frozenset({"supervision-answer", "urgent", "opening-asked", "opening"})
LOOSE |= {"demand", "demand-granted", "demand-told", "demand-kept"}
TOLD = {"registered", "transferred", "assigned", "crossing"}  # where a suggestion waits that was acknowledged
SUPERIOR_LOOKS = {"challenged"}  # arts. 42 (2005) and 44 (2022) set no term


@dataclass(frozen=True)
class Place:
    """Where a petition stands, as far as its clocks are concerned."""

    state: str
    live: frozenset[str]
    holders: tuple[str, ...]  # kinds of the bodies it came through, the holder last
    other: str = ""  # kind of the body that objected


def starts(book: Rulebook, kind: str) -> Iterator[Place]:
    for row in book.rows_of("lodge"):
        if not row.kinds or kind in row.kinds:
            for holder in row.held_by:
                # What another installation handed over has its sender there.
                before = ("office",) if "adopted" in row.when else ()
                yield Place(row.to, frozenset(row.starts), (*before, holder))


def onward(book: Rulebook, place: Place, kind: str) -> Iterator[Place]:
    for row, asked in _open_here(book.id, place.state, place.holders[-1], kind):
        if _runs(row, asked, place.live):
            yield from _after(book, row, place)


@cache
def _open_here(law: str, state: str, holder: str, kind: str) -> tuple[tuple[Row, frozenset[str]], ...]:
    """The rows for that state, holder and class, each with the clocks that its guards ask for."""
    book = LAWS[law]
    return tuple(
        (row, frozenset({guard.partition(":")[2] for guard in row.guards} - {""} - LOOSE))
        for row in book.rows
        if row.verb != "lodge"
        and (not row.held_by or holder in row.held_by)
        and (not row.kinds or kind in row.kinds)
        and book.covers(state, row)
    )


def _runs(row: Row, asked: frozenset[str], live: frozenset[str]) -> bool:
    wrong = "not-withdrawing" if "withdrawal" in live else "withdrawing"
    return asked <= live and wrong not in row.guards


def _after(book: Rulebook, row: Row, place: Place) -> Iterator[Place]:
    # A clock that runs beside another ends with it; which cases have one, the marks say.
    ended = {*row.meets, *row.ends}
    ended |= {name for name, rule in book.clocks.items() if rule.beside in ended}
    live = ((place.live - ended) | {*row.starts}) - LOOSE
    here = replace(place, state=row.to or place.state, live=live)
    if "to-target" in row.effects or "to-superior" in row.effects:
        if len(place.holders) <= DEEPEST:
            for kind in row.target or {"organ"}:
                yield replace(here, holders=(*place.holders, kind))
    elif "arrive" in row.effects:
        if len(place.holders) <= DEEPEST:
            yield replace(here, holders=(*place.holders, "organ"))
    elif "hand-up" in row.effects:
        yield replace(here, holders=(*place.holders[:-1], "organ"))
    elif "back-to-sender" in row.effects:
        assert len(place.holders) > 1, f"{row.verb} sends back what nobody sent"
        yield replace(here, holders=place.holders[:-1], other=place.holders[-1])
    elif "back-to-receiver" in row.effects:
        assert place.other, f"{row.verb} gives back what nobody gave"
        yield replace(here, holders=(*place.holders, place.other), other="")
    else:
        yield here


def every_place(book: Rulebook, kind: str) -> set[Place]:
    seen: set[Place] = set()
    todo = list(starts(book, kind))
    while todo:
        place = todo.pop()
        if place not in seen:
            seen.add(place)
            todo.extend(onward(book, place, kind))
    return seen


@pytest.fixture(scope="module")
def places() -> dict[tuple[str, str], set[Place]]:
    return {(book.id, kind): every_place(book, kind) for book in LAWS.values() for kind in book.lodged_kinds}


def test_a_closed_petition_leaves_no_clock_running_but_an_order_and_the_time_to_object(places):
    for (law, kind), found in places.items():
        for place in found:
            if not LAWS[law].states[place.state].open:
                assert place.live <= {"report", "new-key", "first-key", "publication"}, (law, kind, place)


def test_while_a_petition_is_open_somebody_is_under_a_clock(places):
    for (law, kind), found in places.items():
        for place in found:
            waits = LAWS[law].states[place.state].open and place.state not in SENT_ON | SUPERIOR_LOOKS
            # A suggestion that was acknowledged waits for an answer that art. 29 gives no term for.
            told = kind == "suggestion" and place.state in TOLD
            if waits and not told:
                assert place.live - {"withdrawal"}, (law, kind, place)


def test_a_report_never_comes_to_an_organ_by_a_move(places):
    for law in ("cn-2005", "cn-2022"):
        for place in places[law, "report"]:
            for after in onward(LAWS[law], place, "report"):
                sent = len(after.holders) > len(place.holders) and after.state != "challenged"
                assert not (sent and after.holders[-1] == "organ"), (place, after)


def test_every_class_of_petition_can_reach_an_end_of_its_own(places):
    for (law, kind), found in places.items():
        ends = {place.state for place in found if not LAWS[law].states[place.state].open}
        assert ends - {"withdrawn"}, (law, kind)


def test_a_petition_office_never_holds_what_was_taken_up(places):
    taken_up = {"accepted", "opinion-issued", "opinion-served", "review-requested", "rereview-requested"}
    for law in ("cn-2005", "cn-2022"):
        for kind in ("claim", "suggestion", "report"):
            for place in places[law, kind]:
                assert place.state not in taken_up or place.holders[-1] != "office", place


def test_what_began_under_the_old_law_goes_on_under_the_new_one():
    assert set(CN05.states) <= set(CN22.states)
    assert set(CN05.clocks) <= set(CN22.clocks)
    ends = {name for row in CN22.rows for name in (*row.meets, *row.ends)}
    assert set(CN05.clocks) <= ends
