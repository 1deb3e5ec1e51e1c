"""Once a day: count in the public log how every term of the law stands, month by month (decision 0045).

A term is counted when the month in which it began is over and its cohort is large enough; afterwards
whenever it stands otherwise. Nothing here makes a filing or a move wait: a term that changed says so itself,
and is found by an index.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from huiyin.core import cohorts, ledger
from huiyin.core.cohorts import Cohort, Term
from huiyin.core.rulebook import Rulebook, all_rulebooks
from huiyin.core.vocabulary import VERBS
from huiyin.registry import law
from huiyin.registry.models import Body, Clock, Cohorted, Count, Entry

BATCH = 500
OUTCOME = "review_outcome"
REPORT = "report"
# Counted are duties that a law or an order sets a body; the house's own promise is nobody's lateness.
# What ended in an older system, by its own word, nobody here saw.
DUTIES = Q(on_due="breach", claimed=False) & ~Q(kind="house")
AWAY = "moved-out"  # stands in no cohort at the moment, and did before


def count(now: datetime) -> int:
    """Write the counts that are due; answer how many. Killed at any point, the next look goes on."""
    rules, today = law.at(now)
    Clock.objects.filter(unlogged=True).exclude(DUTIES).update(unlogged=False)
    over = Clock.objects.filter(DUTIES, unlogged=True, start__lt=today.replace(day=1))
    terms = dict(_terms(over.values_list(*COLUMNS).iterator(chunk_size=2000)))
    stay, go = _sorted(terms)
    opened = {Cohort(*row) for row in Cohorted.objects.filter(_periods(go)).values_list(*COHORT)}
    placed = cohorts.place((seen.term for seen in go), opened, rules.cohort)
    done = sum(_write(batch, terms, {}) for batch in _batches(stay))
    return done + sum(_write(batch, terms, placed) for batch in _by_cohort(placed, go, rules.cohort))


COLUMNS = ("pk", "name", "start", "body", "petition__kind", "cohort", "logged_as", "petition__holder__code")
COHORT = ("period", "bodies", "clock")


@dataclass(frozen=True, slots=True)
class Seen:
    """A term that is not counted as it stands, and where it stands in the log so far."""

    term: Term
    cohort: Cohort | None
    counted: str


def _terms(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Seen]]:
    levels = dict(Body.objects.values_list("code", "level"))
    for pk, name, start, body, kind, cohort, counted, holder in rows:
        whose = body or holder
        term = Term(pk, name, start, whose, levels.get(whose, ""), kind == REPORT)
        yield pk, Seen(term, Cohort(*cohort) if cohort else None, counted)


def _sorted(terms: Mapping[int, Seen]) -> tuple[list[int], list[Seen]]:
    """Those that stay in the cohort they are in; those that are in none, or may be there no longer."""
    stay, go = [], []
    for pk, seen in terms.items():
        if seen.cohort and cohorts.may_be(seen.cohort, seen.term):
            stay.append(pk)
        else:
            go.append(seen)
    return stay, go


def _periods(seen: Iterable[Seen]) -> Q:
    months = {each.term.month for each in seen}
    return Q(period__in=months | {month[:4] for month in months})


def _batches(pks: list[int], size: int = BATCH) -> Iterator[list[int]]:
    yield from (pks[i : i + size] for i in range(0, len(pks), size))


def _by_cohort(placed: Mapping[Any, Cohort], go: Sequence[Seen], smallest: int) -> Iterator[list[int]]:
    """The terms of one cohort after the other; those that are to leave one and have no other yet at the end.

    Each batch is one transaction. The first of a cohort holds enough to open it, claims before reports:
    killed in between, none is left small.
    """
    members: dict[Cohort, list[int]] = defaultdict(list)
    for seen in sorted(go, key=lambda each: each.term.report):
        if seen.term.key in placed:
            members[placed[seen.term.key]].append(seen.term.key)  # type: ignore[arg-type]  # its row's
    for cohort in sorted(members):
        yield from _batches(members[cohort], max(BATCH, smallest))
    leaving = [seen.term.key for seen in go if seen.cohort and seen.term.key not in placed]
    yield from _batches(leaving)  # type: ignore[arg-type]  # the key of a term is its row's


def _write(pks: list[int], terms: Mapping[int, Seen], placed: Mapping[Any, Cohort]) -> int:
    """Count these terms, in one transaction, as they stand at that moment."""
    with transaction.atomic():
        clocks = list(
            Clock.objects.select_for_update(of=("self",)).select_related("petition").filter(pk__in=pks)
        )
        results = _results(clocks)
        made: list[Count] = []
        for clock in clocks:
            seen = terms[clock.pk]
            if seen.counted != clock.logged_as:
                continue  # another clerk was faster
            made += _count(clock, seen, placed.get(clock.pk), results.get(clock.pk, ""))
        Count.objects.bulk_create(made)
        Clock.objects.bulk_update(clocks, ["cohort", "logged_as", "unlogged"])
        fresh = {placed[pk] for pk in pks if pk in placed}
        Cohorted.objects.bulk_create(
            [Cohorted(period=each.period, bodies=each.bodies, clock=each.clock) for each in sorted(fresh)],
            ignore_conflicts=True,
        )
    return len(made)


def _count(clock: Clock, seen: Seen, to: Cohort | None, result: str) -> Iterator[Count]:
    """What is to be added for one term, and the term as it is counted from now on."""
    stands = cohorts.standing(
        state=clock.state, due=clock.due, ended=clock.ended, carried=bool(clock.carried_by), result=result
    )
    leaves = seen.cohort is not None and not cohorts.may_be(seen.cohort, seen.term)
    clock.unlogged = leaves and to is None
    if seen.cohort and leaves:
        yield _made(clock, seen.term, seen.cohort, (cohorts.MOVED_OUT, seen.counted), result)
        clock.cohort, clock.logged_as = None, AWAY
    elif seen.cohort and seen.counted != stands:
        yield _made(clock, seen.term, seen.cohort, (cohorts.BECAME, seen.counted, stands), result)
        clock.logged_as = stands
    if to is not None:
        verb = cohorts.MOVED_IN if clock.logged_as == AWAY else cohorts.BEGAN
        yield _made(clock, seen.term, to, (verb, stands), result)
        clock.cohort, clock.logged_as = [to.period, to.bodies, to.clock], stands


def _made(clock: Clock, term: Term, cohort: Cohort, what: tuple[str, ...], result: str) -> Count:
    opening: dict[str, Any] = {
        "ref": clock.petition.ref,
        "term": clock.seq,
        "clock": clock.name,
        "began": clock.start.isoformat(),
        "due": clock.due.isoformat(),
        "ended": clock.ended.isoformat() if clock.ended else None,
        "state": clock.state,
        "carried": bool(clock.carried_by),
        "result": result,
        "body": term.body,
        "level": term.level,
        "report": term.report,
    }
    salt = secrets.token_bytes(ledger.SALT_BYTES)
    leaf = cohorts.Count(cohort, what, cohorts.commit(opening, salt))
    return Count(petition=clock.petition, term=clock.seq, public=leaf.to_bytes(), salt=salt, opening=opening)


# ---- what a review came to


def _results(clocks: Sequence[Clock]) -> dict[int, str]:
    """By clock, what the review came to that ended it."""
    ended = [clock for clock in clocks if clock.ended and clock.state in {"met", "missed"}]
    if not ended:
        return {}
    said = Entry.objects.filter(petition__in=[clock.petition_id for clock in ended], event__in=_reviewing())
    about = set(said.values_list("petition", flat=True))
    steps: dict[int, list[tuple[int, str, list[Any]]]] = defaultdict(list)
    rows = Entry.objects.filter(petition__in=about).order_by("petition", "seq")
    for petition, seq, contents, touched in rows.values_list("petition", "seq", "contents", "clocks"):
        steps[petition].append((seq, str(contents.get(OUTCOME, "")), touched))
    return {
        clock.pk: _result(clock, steps[clock.petition_id]) for clock in ended if clock.petition_id in about
    }


def _result(clock: Clock, steps: Sequence[tuple[int, str, list[Any]]]) -> str:
    """The last outcome that was said while the term ran."""
    touching = [seq for seq, _, touched in steps if clock.seq in {line[0] for line in touched}]
    if not touching:
        return ""
    said = [outcome for seq, outcome, _ in steps if touching[0] < seq <= touching[-1] and outcome]
    return said[-1] if said and clock.name in _under_review() else ""


def _reviewing() -> set[str]:
    """Events that say what a review came to."""
    return {VERBS[row.verb] for book in all_rulebooks() for row in _saying(book)}


def _under_review() -> set[str]:
    """Names of the terms that a review itself has: those that start where its request is made."""
    return {name for book in all_rulebooks() for name in _review_clocks(book)}


def _saying(book: Rulebook) -> list[Any]:
    return [row for row in book.rows if any(content.name == OUTCOME for content in row.contents)]


def _review_clocks(book: Rulebook) -> set[str]:
    into = {state for row in _saying(book) for state in row.sources}
    return {name for row in book.rows if row.to in into for name in row.starts}
