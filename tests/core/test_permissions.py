"""The printed table of permissions says what the code allows: each role, move, place and law."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyin.core.case import Actor, Body, Case
from huiyin.core.rulebook import Row, Rulebook, all_rulebooks
from huiyin.core.vocabulary import AUTOMATIC_ROLES, ROLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "permissions.md"
LAWS = all_rulebooks()
EVERYWHERE = AUTOMATIC_ROLES | {"author"}
ABOVE = Body("above", "organ")
HOLDER, CARRIER, CALLED, LETTER, ELSEWHERE = (
    Body(code, "organ", ("above",) if code != "elsewhere" else ())
    for code in ("holder", "carrier", "called", "letter", "elsewhere")
)
SAID = {"has it": "holder", "took it up": "carrier", "above": "above", "got the letter": "letter"}
SAID["called in"] = "called"


def table_of(book: Rulebook) -> list[dict[str, str]]:
    """The lines of one law's table, by the titles of its columns."""
    part = PAGE.read_text(encoding="utf-8").split(f"\n## {book.id}: ")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def may(role: str, place: str, row: Row) -> bool:
    """Whether somebody who holds this one role, at this one place, may make the move."""
    case = _case(row)
    if place == "everywhere":
        return Actor("x", frozenset({role})).may_make(row, case)
    body = {b.code: b for b in (ABOVE, HOLDER, CARRIER, CALLED, LETTER, ELSEWHERE)}[place]
    return Actor("x", at={place: frozenset({role})}, bodies={place: body}).may_make(row, case)


def _case(row: Row) -> Case:
    """A case that every kind of place is another body of."""
    marks = {"supervised": "above/letter"} if row.at in {"supervised", "above"} else {}
    return Case(
        ref="HY-00000-00000",
        jurisdiction="cn",
        kind="claim",
        state="accepted",
        holder=HOLDER,
        senders=(CARRIER,),
        handled_by="carrier",
        called=(("called", 1),),
        marks=marks,
    )


@pytest.mark.parametrize("book", LAWS, ids=lambda book: book.id)
def test_the_table_says_exactly_who_may_make_which_move_where(book: Rulebook) -> None:
    lines = table_of(book)
    assert [line["move"].strip("`") for line in lines] == [row.verb for row in book.rows]
    places = ("above", "holder", "carrier", "called", "letter", "elsewhere", "everywhere")
    for line, row in zip(lines, book.rows, strict=True):
        for role in ROLES:
            cell = line.get(role, "")
            for place in places:
                if (role in EVERYWHERE) != (place == "everywhere"):
                    continue  # nobody is clerk at a body, and no officer everywhere
                wanted = cell == "yes" if place == "everywhere" else SAID.get(cell) == place
                assert may(role, place, row) == wanted, (row.verb, role, place, cell)
