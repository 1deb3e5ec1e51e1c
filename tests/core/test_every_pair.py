"""Every state and every move of every law, against the law's own file read a second time, and plainly.

The file is the oracle: what no row of it allows must be refused, and what a row allows only its roles may do.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import pytest

from huiyin.core import procedure
from huiyin.core.case import Actor, After, Body, Case, Clock, Move, Prior, Situation
from huiyin.core.effects.marks import said_digest
from huiyin.core.marks import MARKS
from huiyin.core.refusal import REASONS, Refusal
from huiyin.core.rulebook import FOLDER, Rulebook
from huiyin.core.tasks import Task
from huiyin.core.vocabulary import AUTOMATIC_ROLES, BODY_KINDS, PARTNER, PETITION_KINDS, ROLES, VERBS
from tests.core.cast import (
    CALENDARS,
    COUNTY,
    LAWS,
    OF_KIND,
    OFFICE,
    OPINION,
    ROADS,
    STATION,
    WHOLE,
    WORDS,
    clock,
)

TODAY = date(2026, 3, 2)
OWED = (Task(1, "remedy", "", "station"),)
NEAR, PAST = date(2026, 3, 20), date(2026, 2, 27)
EVERY_ROLE = Actor("somebody", roles=ROLES)
MORE = {"met_on": "2026-03-02", "meet_on": "2026-03-09", "meet_place": "接待大厅", "signatures": "1"}
MORE |= {"body": "b", "term": "2026-04-01", "served_on": "2026-03-02", "way": "post", "clock": "late"}
MORE |= {"note": "as it was", "hearing_on": "2026-03-09", "message": "a word", "message_back": "a word"}
MORE |= {
    "demand_authority": "a",
    "demand_instrument": "b",
    "demand_article": "c",
    "demand_date": "2026-03-01",
}
MORE |= {
    "demand_number": "1",
    "demand_what": "d",
    "kept_order": "e",
    "kept_until": "2026-04-01",
    "handed": "f",
}
MORE |= {"purpose": "serve", "words": "to post the opinion", "reasons": "since", "reported": "else"}
MORE |= {"partner_ref": "HY-7K3M9-Q2X4T", "partner_on": "2026-03-02"}
MORE |= {"partner_refusal": "not-our-body", "partner_step": "accepted", "recall_outcome": "not-there"}
MORE |= {"letter": "2", "delivered_on": "2026-03-02"}
PUBLISHING = {
    book.id: replace(book, publishes=True) for book in LAWS.values()
}  # off in each: test_publishing
laws = pytest.mark.parametrize("book", LAWS.values(), ids=LAWS)
whole_laws = pytest.mark.parametrize("book", WHOLE.values(), ids=WHOLE)

Line = dict[str, Any]


def lines(book: Rulebook) -> list[Line]:
    """The [[moves]] of the file or of its chapters, as they stand there; of a local law those it touches."""
    moves = [line for part in parts(book.jurisdiction, book.id) for line in part.get("moves", [])]
    for part in parts(book.jurisdiction, book.id):
        below = part.get("rulebook", {}).get("extends")
        for change in part.get("changes", []):
            hit = [line for line in lines(LAWS[below]) if touched(line, change)]
            moves += [{**line, **change.get("set", {}), **grown(line, change)} for line in hit]
    return moves


@cache
def parts(jurisdiction: str, name: str) -> list[Line]:
    home = FOLDER / jurisdiction
    files = sorted((home / name).glob("*.toml")) or [home / f"{name}.toml"]
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]


def touched(line: Line, change: Line) -> bool:
    wanted = change.get("where", {}).items()
    fits = all(set(v) <= set(line.get(k, [])) if isinstance(v, list) else line.get(k) == v for k, v in wanted)
    return change["verb"] in {"*", line["verb"]} and fits


def grown(line: Line, change: Line) -> Line:
    return {name: [*line.get(name, []), *more] for name, more in change.get("add", {}).items()}


def states_of(book: Rulebook, line: Line) -> list[str]:
    sources = line.get("from", [])
    if "*" in sources:
        return list(book.states)
    opened = [name for name, state in book.states.items() if state.open] if "open" in sources else []
    return opened or sources


def fitting(line: Line) -> Iterator[tuple[str, str, str]]:
    """The kinds of holder, petition and target that the row is for."""
    holders = line.get("held_by", BODY_KINDS)
    return product(holders, line.get("kinds", PETITION_KINDS), line.get("target", ("organ",)))


def standing(book: Rulebook, state: str, holder: str, kind: str) -> Case:
    return Case(
        "R1",
        book.jurisdiction,
        kind,
        state,
        OF_KIND[holder],
        senders=(OFFICE,),
        handled_by=OF_KIND[holder].code,
        issued_on=TODAY,
        imported=True,
    )


def favourable(case: Case, line: Line) -> Case:
    """The same case, standing so that nothing speaks against this row."""
    guards = set(line.get("guards", ()))
    clocks: list[Clock] = []
    for guard in guards:
        check, _, name = guard.partition(":")
        if name and check != "not-running":
            clocks.append(clock(name, PAST if check == "is-due" else NEAR, seq=len(clocks) + 1))
    if guards & {"named-clock-is-late", "named-clock-changes"}:
        clocks.append(clock("late", PAST, seq=len(clocks) + 1))
    owing = guards & {"owes-contribution", "contribution-late"}
    if owing:
        due = PAST if "contribution-late" in owing else NEAR
        clocks.append(clock("contribution", due, seq=len(clocks) + 1))
    task = dict.fromkeys(("remedy-due", "remedy-unsettled", "hard-matter"), "due")
    task["remedy-reported"] = "reported"
    return replace(
        case,
        clocks=tuple(clocks),
        withdrawing="withdrawing" in guards,
        officer="vera" if "somebody-in-charge" in guards else "",
        hearing_since=TODAY if "hearing-open" in guards else None,
        stage="rereview" if "hard-matter" in guards else case.stage,
        tasks=tuple(Task(1, "remedy", "", "bureau", state=task[g]) for g in guards if g in task),
        handled_by=case.holder.code,
        requests=("a refund",) if guards & {"requests-listed", "all-requests-answered"} else (),
        marks={"returned": 2}
        | ({"recusal-asked": True} if "without-object" in guards else {})
        | {name: True for name in line.get("when", ()) if not name.startswith("!")}
        | {"hands": ["somebody"] if "own-opening" in guards else [], "purpose": "serve"}
        | ({"submitted": said_digest({"answers": OPINION["answers"]})} if "as-submitted" in guards else {}),
        imported="whole" not in guards,
        called=((ROADS.code, len(clocks)),) if owing else (),
    )


def asks_late(line: Line) -> bool:
    """Whether the row is for when the other body is late (art. 19.3)."""
    return "prior-late" in line.get("guards", ())


def towards(target: str) -> Body:
    """A body that is such a target."""
    if target == PARTNER:
        return replace(STATION, code="there", external=True, partner=True)
    return STATION if target == "organ" else replace(OF_KIND[target], code="there", external=False)


def around(book: Rulebook, target: str = "organ", *, late: bool = False) -> Situation:
    return Situation(
        rulebook=PUBLISHING[book.id],
        calendar=CALENDARS[book.id],
        today=TODAY,
        target=towards(target),
        superiors=(COUNTY,),
        prior=Prior("closed-final", handling_missed=late, handling_live=True),
        officer_bodies=frozenset(b.code for b in OF_KIND.values()),
        arbiter=COUNTY,
        succeeded="bureau",
        called_at=frozenset({ROADS.code}),
        signatures=1,
        publishable="it was paid twice",
        nobody_left=True,
        actor="somebody",
        custodian="there",
        auditing="there",
        part_answered=True,
        unanswered=True,
        letters={2: PAST},
    )


def said(book: Rulebook, line: Line) -> Move:
    """The move of that row, with all that it must say."""
    offered = {**MORE, **WORDS[book.jurisdiction].get(line["verb"], {})}
    if "posting-day" in line.get("guards", ()):
        offered["served_on"] = PAST.isoformat()
    for content in line.get("contents", ()):
        name, _, only = content.rstrip("?").partition("=")
        if only:
            offered[name] = only.split("|")[0]
    if not line.get("target"):
        offered.pop("body", None)  # which of the bodies above: the usual one
    names = {content.rstrip("?").partition("=")[0] for content in line.get("contents", ())}
    return Move(line["verb"], {name: value for name, value in offered.items() if name in names})


def of_a_mark(refused: Refusal) -> bool:
    """Whether it was refused for a mark: such codes are made of the mark's name."""
    return refused.code.removeprefix("not-").removeprefix("already-") in MARKS


@whole_laws
def test_every_state_and_move_gives_a_case_or_a_reason(book):
    situation = around(book)
    for state, verb, holder, kind in product(book.states, VERBS, BODY_KINDS, PETITION_KINDS):
        case = standing(book, state, holder, kind)
        made = procedure.apply(case, Move(verb), EVERY_ROLE, situation)
        assert isinstance(made, After) or made.code in REASONS or of_a_mark(made), (state, verb)
        if isinstance(made, After):
            assert made.case.state in book.states
            assert made.event == VERBS[verb]


@laws
def test_every_row_of_the_file_can_be_walked(book):
    for line in lines(book):
        if line["verb"] == "lodge":
            continue
        for state in states_of(book, line):
            for holder, kind, target in fitting(line):
                case = favourable(standing(book, state, holder, kind), line)
                made = procedure.apply(
                    case, said(book, line), EVERY_ROLE, around(book, target, late=asks_late(line))
                )
                assert isinstance(made, After), (line, state, holder, kind, made)
                assert made.row.article == line["article"]
                assert made.case.state == line.get("to", state)
                assert made.case.ref == case.ref


@laws
def test_a_move_is_for_the_roles_of_its_row_and_for_nobody_else(book):
    for line in lines(book):
        holder, kind, target = next(fitting(line))
        first = line["verb"] == "lodge"
        for state, role in product([""] if first else states_of(book, line), ROLES):
            case = favourable(standing(book, state, holder, kind), line)
            actor = Actor("somebody", roles=frozenset({role}))
            situation = around(book, target, late=asks_late(line))
            if first:
                made = procedure.lodge(case, actor, situation)
            else:
                made = procedure.apply(case, said(book, line), actor, situation)
            if role in line["by"]:
                assert isinstance(made, After), (line, role, made)
            else:
                assert isinstance(made, Refusal), (line, role)
                assert made.code == "wrong-role"


@whole_laws
def test_what_no_row_allows_is_refused_to_every_role(book):
    allowed = {
        (state, line["verb"], holder, kind)
        for line in lines(book)
        for state in states_of(book, line)
        for holder, kind, _ in fitting(line)
    }
    situation = around(book)
    for state, verb, holder, kind in product(book.states, VERBS, BODY_KINDS, PETITION_KINDS):
        if (state, verb, holder, kind) not in allowed:
            made = procedure.apply(standing(book, state, holder, kind), Move(verb), EVERY_ROLE, situation)
            assert isinstance(made, Refusal), (state, verb, holder, kind)
            assert of_a_mark(made) or made.code in {
                "wrong-state",
                "wrong-body",
                "wrong-class",
                "not-in-this-law",
                "unknown-move",
            }


@laws
def test_the_moves_that_are_offered_are_those_that_can_be_made(book):
    """Offered: before anything is said. None is offered that its row refuses, and none is held back."""
    for line in lines(book):
        if line["verb"] == "lodge":
            continue
        holder, kind, target = next(fitting(line))
        for state in states_of(book, line):
            case = favourable(standing(book, state, holder, kind), line)
            offered = list(procedure.open_rows(case, EVERY_ROLE, around(book, target, late=asks_late(line))))
            assert any(row.verb == line["verb"] for row in offered), (line["verb"], state)
            for row in offered:
                assert book.covers(state, row)
                assert row.verb != "lodge"
                assert not row.held_by or holder in row.held_by
                assert not row.kinds or kind in row.kinds
        nobody = Actor("nobody")
        assert not list(procedure.open_rows(case, nobody, around(book, target, late=asks_late(line))))


@whole_laws
def test_a_role_held_elsewhere_is_no_role_here(book):
    handled = {"accept", "acknowledge"}
    line = next(
        row for row in lines(book) if row["verb"] in handled and "claim" in row.get("kinds", ["claim"])
    )
    case = favourable(standing(book, line["from"][0], "organ", "claim"), line)
    for body, code in (("elsewhere", "wrong-role"), (case.holder.code, "")):
        actor = Actor("otto", at={body: frozenset({"handler"})})
        made = procedure.apply(case, said(book, line), actor, around(book))
        assert (made.code if isinstance(made, Refusal) else "") == code


def test_who_took_it_up_carries_it_out_whoever_holds_it_now():
    book = LAWS["cn-2022"]
    case = replace(standing(book, "closed-final", "organ", "claim"), handled_by="station", tasks=OWED)
    move = Move("report-carried-out", {"note": "done"})
    for body, allowed in (("station", True), (case.holder.code, False)):
        actor = Actor("otto", at={body: frozenset({"handler"})})
        assert isinstance(procedure.apply(case, move, actor, around(book)), After) is allowed


def test_what_the_house_does_alone_is_named_in_no_row_of_people():
    """A row is either for people (and the author) or for the house; only the replay stands in for people."""
    for book in LAWS.values():
        for line in lines(book):
            house = set(line["by"]) & (AUTOMATIC_ROLES - {"importer"})
            assert not house or set(line["by"]) == house, line


def test_unknown_moves_and_a_second_lodging_are_refused():
    case, situation = standing(LAWS["cn-2022"], "registered", "organ", "claim"), around(LAWS["cn-2022"])
    for verb in ("lodge", "", "Accept", "delete"):
        made = procedure.apply(case, Move(verb), EVERY_ROLE, situation)
        assert isinstance(made, Refusal)
        assert made.code == "unknown-move"


def test_a_move_leaves_the_case_it_was_made_on_unchanged():
    case, situation = standing(LAWS["cn-2022"], "registered", "organ", "claim"), around(LAWS["cn-2022"])
    before = replace(case)
    assert isinstance(procedure.apply(case, Move("accept"), EVERY_ROLE, situation), After)
    assert case == before


def test_the_same_question_gets_the_same_answer():
    case, situation = standing(LAWS["cn-2022"], "registered", "organ", "claim"), around(LAWS["cn-2022"])
    once = procedure.apply(case, Move("accept"), EVERY_ROLE, situation)
    assert once == procedure.apply(case, Move("accept"), EVERY_ROLE, situation)
