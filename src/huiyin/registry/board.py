"""What a supervisor's board counts: what bodies owe here and below, why they are late, how old it is.

Counted by the database, in a number of questions that does not grow with what is counted. All of it is about
bodies and their answers: nobody who petitions and no single officer is counted or compared (decision 0053).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from huiyin.core import standings
from huiyin.core.calendar import Calendar
from huiyin.core.rulebook import Rulebook, Trigger
from huiyin.core.standings import AGES, IN_TIME, LATE, NEAR, ORDERED, STANDINGS
from huiyin.core.vocabulary import VERBS
from huiyin.registry import access, law, supervision, takeovers
from huiyin.registry.access import Acting
from huiyin.registry.board_shares import MOST_HANDS
from huiyin.registry.models import Body, Clock, Entry, Holding, Petition


@dataclass(frozen=True, slots=True)
class Load:
    """What one body owes now."""

    body: Body
    open: int
    near: int
    late: int  # past a term of the law
    ordered: int  # past a date set by order, and no term of the law
    nobody: int  # nobody is in charge
    fresh: int  # newly late: its last day was the last working day, or a day off since
    newly_near: int  # came within the days that are near
    missed: int  # terms of the law that passed unmet this month while it was here
    missed_orders: int  # dates set by order that did

    @property
    def in_time(self) -> int:
        return max(self.open - self.near - self.late - self.ordered, 0)


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the last working day: late no longer, taken up."""

    day: date
    no_longer: int
    taken: int


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board. ages: how each group stands. hands: petitions by bodies that had them."""

    loads: list[Load]
    ages: list[Counter[str]]
    hands: list[int]


def near_until(today: date) -> date:
    """The last of the next working days within which a date is near."""
    return standings.near_until(today, _calendar(today))


def last_workday(today: date) -> date:
    """The working day before this one."""
    return standings.last_workday(today, _calendar(today))


def _book(today: date) -> Rulebook:
    return law.in_force(today, settings.JURISDICTION)


def _calendar(today: date) -> Calendar:
    return law.calendar_for(_book(today).calendar)


def of(acting: Acting, today: date) -> Board:
    """Everything that is counted: four questions, whatever the number of bodies and petitions."""
    open_now = owing(access.below(acting))
    rows: Any = (
        open_now.order_by()
        .annotate(standing=_standing(today), age=_age(today))
        .values("holder", "standing", "age")
        .annotate(
            all=Count("pk"),
            nobody=Count("pk", filter=Q(officer=None) | Q(officer__is_active=False)),
            fresh=Count("pk", filter=Q(**_fresh(today))),
            newly_near=Count("pk", filter=Q(**_newly_near(today))),
        )
    )
    held: dict[int, Counter[str]] = {}
    ages: list[Counter[str]] = [Counter() for _ in range(len(AGES) + 1)]
    for row in rows:
        of_body = held.setdefault(row["holder"], Counter())
        of_body.update({"open": row["all"], row["standing"]: row["all"]})
        of_body.update({name: row[name] for name in ("nobody", "fresh", "newly_near")})
        ages[row["age"]][row["standing"]] += row["all"]
    loads = list(loads_of(held, missed_this_month(access.below(acting), today)))
    return Board(loads, ages, _hands(open_now, sum(load.open for load in loads)))


def loads_of(held: dict[int, Counter[str]], missed: dict[str, tuple[int, int]]) -> Iterable[Load]:
    """By number of the body, what it holds; by code, what was missed while it was there."""
    known = Body.objects.filter(Q(pk__in=held) | Q(code__in=missed)).order_by("path")
    for body in known:
        n = held.get(body.pk, Counter())
        of_law, of_order = missed.get(body.code, (0, 0))
        yield Load(
            body,
            open=n["open"],
            near=n[NEAR],
            late=n[LATE],
            ordered=n[ORDERED],
            nobody=n["nobody"],
            fresh=n["fresh"],
            newly_near=n["newly_near"],
            missed=of_law,
            missed_orders=of_order,
        )


def owing(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """What is open, or still owes something: a report back can be owed after the end."""
    return petitions.filter(Q(is_open=True) | Q(next_due__isnull=False))


def missed_this_month(below: QuerySet[Petition], today: date) -> dict[str, tuple[int, int]]:
    """Code of the body that held it -> terms of the law, and dates set by order, that passed unmet since the
    first of the month.
    """
    return supervision.missed(below, law.start_of(today.replace(day=1)))


def _standing(today: date) -> Case:
    return Case(
        When(next_due__isnull=True, then=Value(IN_TIME)),
        When(next_due__gt=near_until(today), then=Value(IN_TIME)),
        When(next_due__gte=today, then=Value(NEAR)),
        When(Exists(_late_by_law(today)), then=Value(LATE)),
        default=Value(ORDERED),
    )


def _late_by_law(today: date) -> QuerySet[Clock]:
    """A term of the law that this petition is late by."""
    return _late(today).filter(petition=OuterRef("pk"), kind="law")


def _late(today: date) -> QuerySet[Clock]:
    """Over, and what it waits for has not come."""
    over = Q(state="running", due__lt=today) | Q(state="missed")
    return Clock.objects.filter(over, on_due="breach", carried_by=0, ended=None).exclude(kind="house")


def _age(today: date) -> Case:
    """The number of its group: the youngest first."""
    groups = [
        When(lodged_at__gte=law.start_of(today - timedelta(days=days)), then=Value(number))
        for number, days in enumerate(AGES)
    ]
    return Case(*groups, default=Value(len(AGES)))


def _bodies_that_had_it() -> Any:
    """How many bodies a petition was at so far. Whoever is called in for a part has not had it."""
    rows = Holding.objects.filter(petition=OuterRef("pk"), owes_by__isnull=True).order_by()
    return Coalesce(Subquery(rows.values("petition").annotate(n=Count("pk")).values("n")), 1)


def _hands(open_now: QuerySet[Petition], all_open: int) -> list[int]:
    """How many petitions were at one body, at two …; the last number also counts those at more.

    The holdings are gone through once, and not once for each petition.
    """
    had: Any = Holding.objects.filter(petition__in=open_now.order_by().values("pk"), owes_by__isnull=True)
    numbers: Any = had.order_by().values("petition").annotate(n=Count("pk"))
    wanted = {f"at_{n}": _how_many(n=n) for n in range(2, MOST_HANDS)}
    counted = numbers.aggregate(**wanted, more=_how_many(n__gte=MOST_HANDS))
    several = [counted[name] for name in (*wanted, "more")]
    return [all_open - sum(several), *several]


def _how_many(**fits: int) -> Count:
    return Count(Case(When(**fits, then=Value(1))))


# ---- why


@dataclass(frozen=True, slots=True)
class Why:
    """One reason to act, and at how many petitions it stands."""

    trigger: Trigger
    count: int


def reasons(acting: Acting, today: date) -> list[Why]:
    """Why bodies are late, the most frequent first. A petition may stand under more than one."""
    on_record = {t.name.replace("-", "_"): t for t in _book(today).triggers if not t.clocks}
    told = access.to_supervise(acting).order_by()
    wanted = {name: Count("pk", filter=_marked(trigger)) for name, trigger in on_record.items()}
    marked = {on_record[name].name: number for name, number in told.aggregate(**wanted).items()}
    return whys_of(_late_terms(acting, today), marked, today)


def whys_of(late: Mapping[tuple[str, str, str], int], marked: Mapping[str, int], today: date) -> list[Why]:
    """From (clock, its kind, state) and from a trigger's name, each with its number."""
    book, counted = _book(today), Counter(marked)
    for (name, kind, state), number in late.items():
        if trigger := supervision.about(book, name, kind, state):
            counted[trigger.name] += number
    # Of equal numbers, in the order of the rulebook.
    found = [Why(trigger, counted[trigger.name]) for trigger in book.triggers if counted[trigger.name]]
    return sorted(found, key=lambda why: -why.count)


def _late_terms(acting: Acting, today: date) -> dict[tuple[str, str, str], int]:
    """(clock, its kind, state of the petition) -> petitions late by it."""
    owed: Any = _late(today).filter(petition__in=_past(acting, today).values("pk")).order_by()
    rows = owed.values("name", "kind", "petition__state").annotate(n=Count("petition", distinct=True))
    return {(row["name"], row["kind"], row["petition__state"]): row["n"] for row in rows}


def _past(acting: Acting, today: date) -> QuerySet[Petition]:
    """What is past a date here and below; of what is elsewhere by now, what a body below still owes."""
    # A promise that is late is no date of the petition's: the record alone tells of it.
    return _either(owing(access.below(acting)).filter(next_due__lt=today), access.to_supervise(acting))


def _marked(trigger: Trigger) -> Q:
    """Petitions of whose trigger the record itself tells."""
    fits = Q(state__in=trigger.states) if trigger.states else Q()
    if trigger.remedies:
        return fits & Q(remedy__in=trigger.remedies)
    left = {f"marks__{trigger.mark}__gte": trigger.times} if trigger.times > 1 else {}
    return fits & (Q(**left) if left else Q(marks__has_key=trigger.mark))


def watched(acting: Acting) -> QuerySet[Petition]:
    """Every petition that the board leads to: open or owing here and below, or with something found."""
    return _either(owing(access.below(acting)), access.to_supervise(acting))


def _either(*found: QuerySet[Petition]) -> QuerySet[Petition]:
    """What is in one of these: each asked by its own index, where an OR would read every petition."""
    one, other = (each.order_by().values("pk") for each in found)
    return Petition.objects.filter(pk__in=one.union(other))


# ---- which


def chosen(acting: Acting, today: date, wanted: dict[str, str]) -> QuerySet[Petition]:
    """The petitions behind one number of the board, the longest late first.

    wanted: body (its code), due (a standing, or a key of BY_DATE or SINCE), why (a trigger's name), age and
    hands (the number of the group), nobody. What cannot be read chooses nothing out.
    """
    whose, since = bool(wanted.get("why")), SINCE.get(wanted.get("due", ""))
    found = watched(acting) if whose else access.below(acting) if since else owing(access.below(acting))
    if body := wanted.get("body"):
        found = found.filter(holder__code=body)
    if wanted.get("nobody"):
        found = found.filter(Q(officer=None) | Q(officer__is_active=False))
    due = wanted.get("due", "")
    if due in STANDINGS:
        found = found.annotate(standing=_standing(today)).filter(standing=due)
    elif due in BY_DATE:
        found = found.filter(**BY_DATE[due](today))
    elif since:
        found = _moved_since(found, today).filter(since(today))
    found = _numbered(found, today, wanted)
    if whose:
        found = _because(found, acting, today, wanted["why"])
    return found.order_by(F("next_due").asc(nulls_last=True), "id")


def _fresh(today: date) -> dict[str, Any]:
    return {"next_due__gte": last_workday(today), "next_due__lt": today}


def _newly_near(today: date) -> dict[str, Any]:
    return {"next_due__gt": near_until(last_workday(today)), "next_due__lte": near_until(today)}


BY_DATE: dict[str, Any] = {
    "over": lambda today: {"next_due__lt": today},
    "today": lambda today: {"next_due": today},
    "fresh": _fresh,
    "newly-near": _newly_near,
}


def _numbered(found: QuerySet[Petition], today: date, wanted: dict[str, str]) -> QuerySet[Petition]:
    if (age := _group(wanted.get("age", ""), len(AGES))) is not None:
        found = found.annotate(age=_age(today)).filter(age=age)
    if (hands := _group(wanted.get("hands", ""), MOST_HANDS)) is not None and hands > 0:
        at = found.annotate(hands=_bodies_that_had_it())
        found = at.filter(hands__gte=hands) if hands == MOST_HANDS else at.filter(hands=hands)
    return found


def _group(said: str, last: int) -> int | None:
    return int(said) if said.isascii() and said.isdecimal() and int(said) <= last else None


def _because(found: QuerySet[Petition], acting: Acting, today: date, why: str) -> QuerySet[Petition]:
    book = _book(today)
    trigger = next((each for each in book.triggers if each.name == why), None)
    if trigger is None:
        return found
    if not trigger.clocks:
        return found.filter(_marked(trigger), pk__in=access.to_supervise(acting).values("pk"))
    by_clock: dict[tuple[str, str], list[str]] = {}
    for name, kind, state in _late_terms(acting, today):
        if supervision.about(book, name, kind, state) == trigger:
            by_clock.setdefault((name, kind), []).append(state)
    pairs = (Q(name=name, kind=kind, petition__state__in=states) for (name, kind), states in by_clock.items())
    about: Q = reduce(or_, pairs, Q(pk__in=[]))
    return found.filter(Exists(_late(today).filter(about, petition=OuterRef("pk"))))


# ---- what changed since the last working day


def since(acting: Acting, today: date) -> Since:
    """What bodies here and below did since then, whether it is still here: one question."""
    moved = _moved_since(access.below(acting), today).order_by()
    numbers = moved.aggregate(**{name: Count("pk", filter=fits(today)) for name, fits in SINCE.items()})
    return Since(last_workday(today), **numbers)


def _moved_since(found: QuerySet[Petition], today: date) -> QuerySet[Petition]:
    """What a step was made on since: few beside all that there is, and read by an index."""
    return found.filter(is_open__in=[True, False], moved_at__gte=law.start_of(last_workday(today)))


def _no_longer_late(today: date) -> Q:
    """A term of the law that was missed, and ended since: it came, or it is owed no more."""
    ended = Clock.objects.filter(petition=OuterRef("pk"), state="missed", kind="law", on_due="breach")
    ended = ended.filter(claimed=False)
    return Q(Exists(ended.filter(ended__gte=last_workday(today))))


def _taken_up(today: date) -> Q:
    accepted = Entry.objects.filter(petition=OuterRef("pk"), event=VERBS["accept"])
    accepted = accepted.exclude(takeovers.TOLD)
    at = accepted.annotate(at=Coalesce("claimed_at", "recorded_at"))
    return Q(Exists(at.filter(at__gte=law.start_of(last_workday(today)))))


SINCE: dict[str, Callable[[date], Q]] = {"no_longer": _no_longer_late, "taken": _taken_up}
