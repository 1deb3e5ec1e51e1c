"""What changed in the last seven days at the bodies that a supervisor watches, and why; with the week before.

What the page shows is counted beforehand (`board_counted.py`); this is what is there.

Terms that passed unmet, and answers that went out: of bodies alone. Why is what the record tells: nobody was
in charge, or it had gone from body to body. Three questions, whatever there is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, Sum, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from huiyin.core import changes, rulebook
from huiyin.core.text import Text
from huiyin.core.vocabulary import VERBS
from huiyin.registry import access, law, takeovers
from huiyin.registry.access import Acting
from huiyin.registry.board_shares import ANSWERED
from huiyin.registry.models import Body, Entry, Holding, TopicOutcome

DAYS = 7
YEAR = 12  # months looked back on


@dataclass(frozen=True, slots=True)
class Missed:
    """One term at one body: how often it passed unmet in these days and in those before, and why."""

    body: Body
    term: Text
    now: int
    before: int
    nobody: int  # of those now: nobody was in charge
    handed: int  # of those now: it had been at more than one body


@dataclass(frozen=True, slots=True)
class Week:
    """since: the first of the days. answered: what went out in them, and in those before."""

    since: date
    missed: tuple[Missed, ...]
    answered: tuple[int, int]


def of(acting: Acting, today: date) -> Week:
    """The last seven days with today, beside the seven before."""
    since = today - timedelta(days=DAYS - 1)
    start, earlier = (law.start_of(day) for day in (since, since - timedelta(days=DAYS)))
    happened = Coalesce("claimed_at", "recorded_at")
    # What a step was made on since: few beside all that there is, and read by an index.
    moved = access.below(acting).filter(is_open__in=[True, False], moved_at__gte=earlier)
    below = moved.exclude(kind="report").order_by()
    seen = Entry.objects.filter(petition__in=below.values("pk")).exclude(takeovers.TOLD)
    seen = seen.annotate(at=happened).filter(at__gte=earlier)
    seen = seen.annotate(fresh=Case(When(at__gte=start, then=Value(1)), default=Value(0))).order_by()
    went = dict(seen.filter(event__in=ANSWERED).values_list("fresh").annotate(n=Count("pk")))
    return Week(since, _missed(seen), (went.get(1, 0), went.get(0, 0)))


def _missed(seen: Any) -> tuple[Missed, ...]:
    """Terms of the law and of orders, where most were missed these days first."""
    several = Holding.objects.filter(petition=OuterRef("petition"), owes_by__isnull=True)
    several = several.exclude(body__code=OuterRef("body"))
    rows = seen.filter(event=VERBS["breach"]).annotate(clock=KT("contents__clock"))
    counted = rows.values("body", "rulebook", "clock", "fresh").annotate(
        n=Count("pk"),
        nobody=Count("pk", filter=Q(petition__officer=None)),
        handed=Count("pk", filter=Exists(several)),
    )
    return missed_of(
        (row["rulebook"], str(row["clock"]).partition("/")[0], row["body"], _told(row)) for row in counted
    )


def _told(row: Any) -> Counter[str]:
    if not row["fresh"]:
        return Counter(before=row["n"])
    return Counter(now=row["n"], nobody=row["nobody"], handed=row["handed"])


def missed_of(rows: Iterable[tuple[str, str, str, Counter[str]]]) -> tuple[Missed, ...]:
    """From version of the law, clock, code of the body, and {now, before, nobody, handed}."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    texts: dict[str, Text] = {}
    for book, name, body, numbers in rows:
        rule = rulebook.by_id(book).clocks.get(name)
        if rule is None or rule.kind == "house":
            continue
        texts[name] = rule.text
        found[body, name].update(numbers)
    known = {body.code: body for body in Body.objects.filter(code__in={code for code, _ in found})}
    made = [
        Missed(known[code], texts[name], n["now"], n["before"], n["nobody"], n["handed"])
        for (code, name), n in found.items()
        if code in known
    ]
    return tuple(sorted(made, key=lambda each: (-each.now, -each.before, each.body.path, each.term.en)))


# ---- topics


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of which clearly more came in the last whole month: at least so many, usually so many."""

    name: str
    month: date
    least: int
    usual: int


def topics(today: date) -> list[Topic]:
    """Topics that changed suddenly in the month that is over: each points to something to be put right.

    Sums of the whole house, by what officers decided a petition is about; rounded down to multiples of five.
    """
    first = today.replace(day=1)
    months = [_month_before(first, n) for n in range(1, YEAR + 1)]
    rows = TopicOutcome.objects.filter(month__in=months).exclude(decided="").order_by()
    sums: dict[str, Counter[date]] = defaultdict(Counter)
    for row in rows.values("decided", "month").annotate(n=Sum("petitions")):
        sums[row["decided"]][row["month"]] += row["n"]
    begun = min((month for counted in sums.values() for month in counted), default=first)
    before = [month for month in months[1:] if month >= begun]
    made = []
    for name, counted in sums.items():
        earlier = [counted[month] for month in before]
        if changes.is_sudden(counted[months[0]], earlier):
            usual = round(sum(earlier) / len(earlier))
            made.append(Topic(name, months[0], changes.rounded_down(counted[months[0]]), usual))
    return sorted(made, key=lambda each: (-each.least, each.name))


def _month_before(first: date, n: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 - n, 12)
    return date(year, month + 1, 1)
