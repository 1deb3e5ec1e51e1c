"""Which cohort a term is counted in, and the public bytes that count it.

The log holds two kinds of leaf. An *entry* (`ledger.py`) says that something was put on record, and nothing
of what. A *count* adds one term of one petition to a cohort, or changes how it stands there: the month in
which the term began, a group of bodies, and the name of the term. All published figures are sums of counts.

A cohort is opened only when at least k terms of claims or suggestions go into it at once, and not before its
month is over, so no count ever stands for fewer (decision 0045). Nothing ties a count to an entry but a
commitment, which the holder of the petition's key, or an auditor, can open.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from huiyin.core import ledger

COUNT = "huiyin-count/1"
OPENING = b"huiyin-count-opening/1\n"
SMALLEST = 20  # k, where a rulebook sets no other
ALL = "all"

BEGAN, BECAME, MOVED_OUT, MOVED_IN = "began", "became", "moved-out", "moved-in"
# How a term stands. Late by so much: up to 7, 30, 90 days, or more.
OPEN, OVERDUE, MET, EXTENDED, LAPSED = "open", "overdue", "met", "extended", "lapsed"
LATE = ((7, "late-7"), (30, "late-30"), (90, "late-90"))
LATE_MORE = "late-more"
STANDINGS = (OPEN, OVERDUE, MET, *(name for _, name in LATE), LATE_MORE, EXTENDED, LAPSED)
ANSWERED = (MET, *(name for _, name in LATE), LATE_MORE)
RESULTS = ("uphold", "change", "quash", "redo")  # of a review, behind a slash: met/uphold

_PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_BODIES = re.compile(r"all|level [a-z]{1,20}|body [a-z0-9_-]{1,40}")
_CLOCK = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")


class BadCount(ValueError):
    """Bytes that are no count of a version known here."""


@dataclass(frozen=True, slots=True, order=True)
class Cohort:
    """Terms of one name that began in one month, at one group of bodies.

    period: 'YYYY-MM', or 'YYYY' where the months are too small. bodies: 'body CODE', 'level NAME' or 'all'.
    """

    period: str
    bodies: str
    clock: str


@dataclass(frozen=True, slots=True)
class Count:
    """One line of figures, version 1: what one term adds to a cohort.

    what: began STANDING | became OLD NEW | moved-out STANDING | moved-in STANDING.
    """

    cohort: Cohort
    what: tuple[str, ...]
    commitment: str

    def to_bytes(self) -> bytes:
        lines = (
            COUNT,
            f"period {self.cohort.period}",
            f"bodies {self.cohort.bodies}",
            f"clock {self.cohort.clock}",
            f"adds {' '.join(self.what)}",
            f"commitment {self.commitment}",
        )
        return ("\n".join(lines) + "\n").encode()


def is_count(leaf: bytes) -> bool:
    return leaf.startswith(f"{COUNT}\n".encode())


def read(leaf: bytes) -> Count:
    """Read a count. Raises BadCount for whatever `to_bytes` would not have written."""
    try:
        head, *lines, end = leaf.decode("ascii").split("\n")
        said = [line.split(" ", 1) for line in lines]
        names = [name for name, _ in said]
        period, bodies, clock, adds, commitment = (value for _, value in said)
    except ValueError as error:
        raise BadCount("a count has five lines of a name and a value") from error
    if head != COUNT or end or names != ["period", "bodies", "clock", "adds", "commitment"]:
        raise BadCount("this is no count of a version known here")
    forms = ((_PERIOD, period), (_BODIES, bodies), (_CLOCK, clock))
    if not all(form.fullmatch(value) for form, value in forms) or not ledger.is_digest(commitment):
        raise BadCount("a count with a period, a group, a term or a commitment of another form")
    return Count(Cohort(period, bodies, clock), _what(adds), commitment)


def _what(adds: str) -> tuple[str, ...]:
    verb, *standings = adds.split(" ")
    wanted = 2 if verb == BECAME else 1
    if verb not in {BEGAN, BECAME, MOVED_OUT, MOVED_IN} or len(standings) != wanted:
        raise BadCount(f"a count adds {adds!r}, which is nothing known here")
    if not all(map(is_standing, standings)) or (verb == BECAME and standings[0] == standings[1]):
        raise BadCount(f"a count adds {adds!r}, which is no way for a term to stand")
    return (verb, *standings)


def is_standing(said: str) -> bool:
    plain, slash, result = said.partition("/")
    return plain in STANDINGS and (result in RESULTS and plain in ANSWERED if slash else True)


# ---- how a term stands


def standing(*, state: str, due: date, ended: date | None, carried: bool = False, result: str = "") -> str:
    """How a term stands, as a count says it. `result`: of the review that it was the term of, if any."""
    if carried:
        return EXTENDED
    if state == "lapsed":
        return LAPSED
    if state == "missed" and ended is None:
        return OVERDUE
    if ended is None:
        return OPEN
    said = MET if state == "met" else late((ended - due).days)
    return f"{said}/{result}" if result in RESULTS else said


def late(days: int) -> str:
    return next((name for most, name in LATE if days <= most), LATE_MORE)


# ---- which cohort


@dataclass(frozen=True, slots=True)
class Term:
    """A term that is to be counted: what decides where."""

    key: Hashable
    clock: str
    began: date
    body: str  # code of the body whose term it is
    level: str
    report: bool  # of a report against persons: never counted at a body

    @property
    def month(self) -> str:
        return f"{self.began:%Y-%m}"

    @property
    def year(self) -> str:
        return f"{self.began:%Y}"


def place(terms: Iterable[Term], opened: Collection[Cohort], smallest: int) -> dict[Hashable, Cohort]:
    """The cohort of each term: the finest that is open, or that at least `smallest` of them open together.

    Only terms of months that are over may be handed in. Those for which there is none yet are not in the
    answer: they wait. Terms of reports open nothing; they join what is open from their level upward, and
    stand there among claims that look the same.
    """
    placed: dict[Hashable, Cohort] = {}
    left = list(terms)
    known = set(opened)
    for way in _WAYS:
        groups: dict[Cohort, list[Term]] = defaultdict(list)
        for term in left:
            if cohort := way(term):
                groups[cohort].append(term)
        for cohort, members in groups.items():
            if cohort in known or sum(not term.report for term in members) >= smallest:
                known.add(cohort)
                placed |= {term.key: cohort for term in members}
        left = [term for term in left if term.key not in placed]
    return placed


_WAYS: tuple[Callable[[Term], Cohort | None], ...] = (
    lambda term: None if term.report else Cohort(term.month, f"body {term.body}", term.clock),
    lambda term: Cohort(term.month, f"level {term.level}", term.clock) if term.level else None,
    lambda term: Cohort(term.month, ALL, term.clock),
    lambda term: Cohort(term.year, ALL, term.clock),
)


def may_be(cohort: Cohort, term: Term) -> bool:
    """Whether a term may stand in that cohort at all: what whoever opens a count checks it against."""
    return cohort in {way(term) for way in _WAYS}


# ---- sums

COLUMNS = ("period", "bodies", "clock", "began", "moved_in", "moved_out")


@dataclass(slots=True)
class Sums:
    """What the counts of one cohort come to."""

    began: int
    moved_in: int
    moved_out: int
    standings: Counter[str]

    def answered(self) -> int:
        return sum(n for name, n in self.standings.items() if name.partition("/")[0] in ANSWERED)


class Unbalanced(ValueError):
    """A count that takes out of a cohort what is not there."""


class Figures:
    """Running sums over the counts of a log, in the order of their numbers. Memory: one row a cohort."""

    def __init__(self) -> None:
        self.cohorts: dict[Cohort, Sums] = {}

    def add(self, count: Count) -> None:
        """Raises Unbalanced, and then nothing was added."""
        sums = self.cohorts.get(count.cohort) or Sums(0, 0, 0, Counter())
        verb, *standings = count.what
        taken = standings[0] if verb in {BECAME, MOVED_OUT} else ""
        if taken and sums.standings[taken] < 1:
            raise Unbalanced(f"{' '.join(count.what)} in {count.cohort}, where nothing stands so")
        if taken:
            sums.standings[taken] -= 1
        if verb != MOVED_OUT:
            sums.standings[standings[-1]] += 1
        sums.began += verb == BEGAN
        sums.moved_in += verb == MOVED_IN
        sums.moved_out += verb == MOVED_OUT
        self.cohorts[count.cohort] = sums

    def as_json(self) -> list[dict[str, Any]]:
        """One row a cohort, in order: what is published."""
        return [_row(cohort, self.cohorts[cohort]) for cohort in sorted(self.cohorts)]

    @classmethod
    def from_json(cls, rows: Iterable[Mapping[str, Any]]) -> Figures:
        """Take up sums where they were left. Raises ValueError, KeyError or TypeError for what is none."""
        made = cls()
        for row in rows:
            cohort = Cohort(str(row["period"]), str(row["bodies"]), str(row["clock"]))
            stands = Counter({str(name): int(n) for name, n in row["standings"].items()})
            sums = Sums(int(row["began"]), int(row["moved_in"]), int(row["moved_out"]), stands)
            made.cohorts[cohort] = sums
        return made


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """The same rows flat, one column for each way to stand; the first line names the columns."""
    stands = [*STANDINGS, *(f"{name}/{result}" for name in ANSWERED for result in RESULTS)]
    lines = [",".join([*COLUMNS, *stands])]
    for row in rows:
        said = row["standings"]
        lines.append(
            ",".join([*(str(row[name]) for name in COLUMNS), *(str(said.get(n, 0)) for n in stands)])
        )
    return "\n".join(lines) + "\n"


def _row(cohort: Cohort, sums: Sums) -> dict[str, Any]:
    stands = {name: n for name, n in sorted(sums.standings.items()) if n}
    return {
        "period": cohort.period,
        "bodies": cohort.bodies,
        "clock": cohort.clock,
        "began": sums.began,
        "moved_in": sums.moved_in,
        "moved_out": sums.moved_out,
        "standings": stands,
    }


# ---- what opens a count


def commit(opening: Mapping[str, Any], salt: bytes) -> str:
    """The commitment of a count to the term that it counts."""
    return ledger.commit(opening, salt, tag=OPENING)


Verdict = Literal["", "commitment", "cohort", "standing"]


def wrong(count: Count, opening: Mapping[str, Any], salt: bytes) -> Verdict:
    """Why a count is not true of the term that its opening tells; empty where it is.

    The opening is {ref, term, clock, began, due, ended, state, carried, result, body, level, report}.
    """
    if commit(opening, salt) != count.commitment:
        return "commitment"
    began = date.fromisoformat(opening["began"])
    term = Term("", opening["clock"], began, opening["body"], opening["level"], opening["report"])
    if not may_be(count.cohort, term):
        return "cohort"
    ended = date.fromisoformat(opening["ended"]) if opening["ended"] else None
    due = date.fromisoformat(opening["due"])
    said = standing(
        state=opening["state"], due=due, ended=ended, carried=opening["carried"], result=opening["result"]
    )
    return "" if count.what[0] == MOVED_OUT or count.what[-1] == said else "standing"
