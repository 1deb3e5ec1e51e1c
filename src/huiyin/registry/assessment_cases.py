"""Which cases make up one item of a body's assessment, for who may see them, with their place in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from huiyin.core import assessment, cohorts, measures
from huiyin.core.formula import Item
from huiyin.core.text import Text
from huiyin.registry import access, assessing, inspecting, measured
from huiyin.registry.access import Acting
from huiyin.registry.models import Body, Clock, Entry, Petition, Reception

MOST = 200  # cases of an item that a page shows
A_PAGE = 50  # cases of a measure that one shows
STANDS = {
    assessment.DONE: Text("做到，没有异议", "done, not disputed"),
    assessment.DISPUTED: Text("做到，信访人有异议", "reported as done, disputed"),
    assessment.NOT_DONE: Text("到期没有做到", "not done though its day is over"),
    cohorts.MET: Text("按期", "in time"),
    cohorts.OVERDUE: Text("逾期未办", "overdue"),
    **{name: Text("逾期办结", "late") for name in measures.AFTERWARDS},
    "corrected": Text("已改正", "corrected"),
    "in-part": Text("部分改正", "corrected in part"),
    "proposed": Text("提出建议", "a proposal was made"),
    assessment.RIGHT: Text("没有发现问题", "nothing was found"),
    assessment.WRONG: Text("发现问题", "it was found"),
    measures.HELD: Text("按公布办理", "held as announced"),
    measures.CHANGED: Text("公布后改动", "changed after it was announced"),
    measures.CALLED_OFF: Text("取消", "called off"),
}
WORST = (assessment.WRONG, assessment.NOT_DONE, assessment.DISPUTED, cohorts.OVERDUE)


@dataclass(frozen=True, slots=True)
class Case:
    """One case of an item. ref: of its petition. entry: its number in the public log, where it has one."""

    stands: Text
    ref: str = ""
    subject_of: Petition | None = None
    difficulty: str = ""
    entry: int | None = None
    day: date | None = None
    inspection: int | None = None  # where this officer may open it


def of(acting: Acting, body: Body, year: int, item: Item) -> list[Case]:
    """At most so many, the worst first. What this officer may not see is in the sums, and not here."""
    if item.term == "solved":
        return _promises(acting, body, year)
    if item.clocks:
        return _terms(acting, body, year, item)
    if item.term == "corrected":
        return _supervisions(acting, body, year)
    return _receptions(acting, body, year) if item.term == "receptions" else _files(acting, body, year, item)


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases of a list, and where it goes on: '' at its end."""

    cases: list[Case]
    after: str


def of_term(acting: Acting, codes: Iterable[str], year: int, clock: str, after: str = "") -> Page:
    """The terms of one name at these bodies whose time is over, those that were not kept first.

    after: where the page before ended. Raises ValueError for what no page said.
    """
    kept = _of_terms(
        acting, codes, year, {clock}, most=A_PAGE + 1, after=_Place.read(after) if after else None
    )
    shown = kept[:A_PAGE]
    return Page(_cases_of_clocks(shown), _Place.of(shown[-1]).said if len(kept) > A_PAGE else "")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page ended: how that term stood, when it began, and its number."""

    stage: int
    start: date
    pk: int

    @classmethod
    def of(cls, clock: Clock) -> _Place:
        return cls(_stage(clock), clock.start, clock.pk)

    @classmethod
    def read(cls, said: str) -> _Place:
        stage, start, pk = said.split(".")
        if not 0 <= int(stage) < len(STAGES):
            raise ValueError("no such part of the list")
        return cls(int(stage), date.fromisoformat(start), int(pk))

    @property
    def said(self) -> str:
        return f"{self.stage}.{self.start}.{self.pk}"


# How the terms of a list stand, the worst first: each is asked for by itself, and never all together.
STAGES = (
    Q(state="missed", ended__isnull=True),
    Q(state="missed", ended__isnull=False),
    Q(state="met", ended__isnull=False),
)


def _stage(clock: Clock) -> int:
    return 2 if clock.state == "met" else 0 if clock.ended is None else 1


def _promises(acting: Acting, body: Body, year: int) -> list[Case]:
    found = assessing.promises([body.code], year).filter(petition__in=access.visible_to(acting))
    made = []
    for task in found.select_related("petition", "petition__holder"):
        stands = assessment.solves(task.state, over=assessing.over(task.due, year, acting.day))
        if stands:
            made.append((stands, task))
    made = sorted(made, key=lambda each: _worst(each[0]))[:MOST]
    entries = _entries_of_clocks([(task.petition_id, task.clock) for _, task in made])
    return [
        Case(
            STANDS[stands],
            task.petition.ref,
            task.petition,
            getattr(task, "hard", ""),
            entries.get((task.petition_id, task.clock)),
            task.due,
        )
        for stands, task in made
    ]


def _terms(acting: Acting, body: Body, year: int, item: Item) -> list[Case]:
    return _cases_of_clocks(_of_terms(acting, [body.code], year, item.clocks, most=MOST))


def _of_terms(
    acting: Acting,
    codes: Iterable[str],
    year: int,
    names: Iterable[str],
    *,
    most: int,
    after: _Place | None = None,
) -> list[Clock]:
    """So many terms at most, in a fixed number of questions."""
    whose = list(codes)
    seen = access.visible_to(acting).exclude(kind="report")
    found = Clock.objects.filter(petition__in=seen, on_due="breach", claimed=False, carried_by=0)
    found = found.filter(name__in=list(names), start__gte=date(year, 1, 1), start__lt=date(year + 1, 1, 1))
    found = found.filter(Q(body__in=whose) | Q(body="", petition__holder__code__in=whose))
    found = found.select_related("petition", "petition__holder").order_by("-start", "pk")
    made: list[Clock] = []
    for stage, stands in enumerate(STAGES):
        rows = found.filter(stands)
        if after and stage == after.stage:
            rows = rows.filter(Q(start__lt=after.start) | Q(start=after.start, pk__gt=after.pk))
        if (after is None or stage >= after.stage) and len(made) < most:
            made += rows[: most - len(made)]
    return made


def _cases_of_clocks(clocks: Iterable[Clock]) -> list[Case]:
    kept = list(clocks)
    entries = _entries_of_clocks([(clock.petition_id, clock.seq) for clock in kept])
    return [
        Case(
            STANDS[_stands(clock)],
            clock.petition.ref,
            clock.petition,
            entry=entries.get((clock.petition_id, clock.seq)),
            day=clock.due,
        )
        for clock in kept
    ]


def _stands(clock: Clock) -> str:
    return measured.stands({"state": clock.state, "due": clock.due, "ended": clock.ended, "carried": 0})


def _worst(stands: str) -> int:
    if stands in WORST:
        return WORST.index(stands)
    return len(WORST) + (stands in {cohorts.MET, assessment.DONE})


def _entries_of_clocks(wanted: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], int]:
    """Of each term, by petition and number: the place in the public log of the last entry that touched it."""
    keys = set(wanted)
    rows = Entry.objects.filter(petition__in={petition for petition, _ in keys}).exclude(number=None)
    made: dict[tuple[int, int], int] = {}
    for petition, place, touched in rows.order_by("seq").values_list("petition", "number", "clocks"):
        for line in touched:
            if (petition, line[0]) in keys:
                made[petition, line[0]] = place or 0
    return made


def _supervisions(acting: Acting, body: Body, year: int) -> list[Case]:
    found = assessing.supervisions([body.code], year, acting.day).filter(
        petition__in=access.visible_to(acting), said__in=("corrected", "in-part", "proposed")
    )
    found = found.select_related("petition", "petition__holder").order_by("-recorded_at")
    return [
        Case(STANDS[entry.said], entry.petition.ref, entry.petition, entry=entry.number)
        for entry in found[:MOST]
    ]


def _receptions(acting: Acting, body: Body, year: int) -> list[Case]:
    days = Reception.objects.filter(host=body, day__year=year, day__lt=acting.day).exclude(published_at=None)
    found = days.annotate(how=assessing.HELD).order_by("-day")
    return [Case(STANDS[each.how], day=each.day) for each in found[:MOST]]


def _files(acting: Acting, body: Body, year: int, item: Item) -> list[Case]:
    table = {table: name for name, table in assessing.LOOKED_FOR.items()}[item.term]
    found = assessing.checks(year, acting.day).order_by("-checked_at")
    said = [(each, assessing.VERDICTS.get(each.answers.get(table, ""))) for each in found]
    whose = assessing.whose_files(each.ref for each, verdict in said if verdict)
    seen = access.visible_to(acting).filter(ref__in=[ref for ref, code in whose.items() if code == body.code])
    petitions = {petition.ref: petition for petition in seen.select_related("holder")}
    opens = set(inspecting.visible_to(acting).values_list("pk", flat=True))
    made = [
        Case(
            STANDS[verdict],
            each.ref,
            petitions[each.ref],
            inspection=each.inspection_id if each.inspection_id in opens else None,
        )
        for each, verdict in said
        if verdict and each.ref in petitions
    ]
    return sorted(made, key=lambda each: each.stands == STANDS[assessment.RIGHT])[:MOST]
