"""The conditions that a row of a rulebook may name. One guard, one function, one test.

A guard answers None ("nothing against it") or the refusal. Before the contents of a move are known (`said`
is None: a page asks what may be done next) a guard that depends on them answers None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.core.case import Actor, Case, Clock, Situation, named_clock
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.rulebook import Row

Said = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a guard may look at."""

    case: Case
    row: Row
    said: Said  # None while the contents are not known yet
    actor: Actor
    situation: Situation

    @property
    def today(self) -> date:
        return self.situation.today


Guard = Callable[[Asked], Refusal | None]


def first_refusal(case: Case, row: Row, said: Said, actor: Actor, situation: Situation) -> Refusal | None:
    """The first guard of the row that refuses, or None."""
    asked = Asked(case, row, said, actor, situation)
    for name in row.guards:
        guard, _, clock = name.partition(":")
        check = CLOCK_GUARDS[guard](clock) if clock else GUARDS[guard]
        if refused := check(asked):
            return refused
    return None


# ---- clocks


def in_time(name: str) -> Guard:
    """The term is still open; one that never ran, or that fell away, is not."""

    def guard(asked: Asked) -> Refusal | None:
        clock = asked.case.latest(name)
        if clock is None:
            return refuse("clock-not-running", asked.row.article)
        if not clock.is_live or clock.is_past_due(asked.today):
            return refuse("term-over", asked.row.article, due=clock.due)
        return None

    return guard


def is_due(name: str) -> Guard:
    """The last day of the term is over."""

    def guard(asked: Asked) -> Refusal | None:
        clock = asked.case.live(name)
        if clock is None:
            return refuse("clock-not-running", asked.row.article)
        if not clock.is_past_due(asked.today):
            return refuse("term-not-over", asked.row.article, due=clock.due)
        return None

    return guard


def running(name: str) -> Guard:
    """The clock is on; a term that has passed cannot be extended afterwards (decision 0005)."""

    def guard(asked: Asked) -> Refusal | None:
        clock = asked.case.latest(name)
        if clock is None or clock.ended is not None:
            return refuse("clock-not-running", asked.row.article)
        if asked.row.verb == "extend" and (clock.state == "missed" or clock.is_past_due(asked.today)):
            return refuse("term-over", asked.row.article, due=clock.due)
        return None

    return guard


def _named(asked: Asked) -> Clock | None:
    seq = named_clock(asked.case, asked.said or {})
    return asked.case.clocks[seq - 1] if seq else None


def named_clock_is_late(asked: Asked) -> Refusal | None:
    """The clock that is named has passed its due date unmet, and nothing carries it on."""
    if asked.said is None:
        return None
    clock = _named(asked)
    late = clock is not None and clock.is_past_due(asked.today) and not clock.carried_by
    return (
        None if late and clock and clock.on_due == "breach" else refuse("clock-not-late", asked.row.article)
    )


def named_clock_changes(asked: Asked) -> Refusal | None:
    """Reckoned with what the calendar says now, the clock that is named ends differently."""
    if asked.said is None:
        return None
    clock = _named(asked)
    if clock is None or not clock.is_live:
        return refuse("clock-not-running", asked.row.article)
    anew = clock.recomputed(asked.situation.calendar_of(clock), asked.today)
    return refuse("clock-unchanged", asked.row.article) if anew == clock else None


def not_extended(asked: Asked) -> Refusal | None:
    """No clock that this move would carry on is carried on already."""
    rules = asked.situation.rulebook.clocks
    carried = (asked.case.live(rules[name].follows) for name in asked.row.starts)
    extended = any(clock is not None and clock.carried_by for clock in carried)
    return refuse("already-extended", asked.row.article) if extended else None


def term_ahead(asked: Asked) -> Refusal | None:
    """The day that the office sets lies ahead."""
    ahead = asked.said is None or date.fromisoformat(asked.said["term"]) > asked.today
    return None if ahead else refuse("term-past", asked.row.article)


# ---- who, and where to


def different_person(asked: Asked) -> Refusal | None:
    """Review and re-review are by other people (arts. 35, 36; charter 6)."""
    if asked.case.holder.external:
        return None  # who enters the letter of a body outside decides nothing, and may be the only one here
    earlier = {officer for officer, part in asked.case.took_part if part != asked.case.part}
    return (
        refuse("took-part-before", asked.row.article)
        if asked.actor.id and asked.actor.id in earlier
        else None
    )


def next_higher_body(asked: Asked) -> Refusal | None:
    """There is a body above on record, in this house or outside: there is never "nobody above"."""
    above = asked.situation.superior
    if above is None or above.code == asked.case.holder.code:
        return refuse("no-higher-body", asked.row.article)
    return None


def not_the_accused(asked: Asked) -> Refusal | None:
    """A report never goes to whom it is about, nor to one that answers to them (art. 30, charter 6)."""
    receiver = asked.situation.target if asked.row.target else asked.situation.superior
    if receiver is None or not asked.case.accused:
        return None
    touched = asked.case.accused & {receiver.code, *receiver.chain}
    return refuse("accused-body", asked.row.article) if touched else None


def inside(asked: Asked) -> Refusal | None:
    """The body it goes to is served by this installation."""
    return (
        refuse("outside", asked.row.article)
        if asked.situation.target and asked.situation.target.external
        else None
    )


def not_itself(asked: Asked) -> Refusal | None:
    """The body it goes to is not the one that has it."""
    same = asked.situation.target is not None and asked.situation.target.code == asked.case.holder.code
    return refuse("same-body", asked.row.article) if same else None


def officer_of_holder(asked: Asked) -> Refusal | None:
    """The officer who is named serves at the body that holds it."""
    elsewhere = asked.said is not None and asked.case.holder.code not in asked.situation.officer_bodies
    return refuse("officer-elsewhere", asked.row.article) if elsewhere else None


# ---- earlier petitions on the same matter


def served_rereview(asked: Asked) -> Refusal | None:
    """Art. 36.3: only a served re-review ends the way through the same facts and reasons."""
    if asked.said is None:
        return None
    served = asked.situation.prior is not None and asked.situation.prior.state == "closed-final"
    return None if served else refuse("no-served-rereview", asked.row.article)


def comparison_complete(asked: Asked) -> Refusal | None:
    """Request by request, facts and reasons are the same (art. 36.3); one that differs is taken up."""
    if asked.said is None:
        return None
    same = all(line["same_facts"] and line["same_reasons"] for line in asked.said["comparison"])
    return None if same else refuse("comparison-differs", asked.row.article)


def prior_still_in_time(asked: Asked) -> Refusal | None:
    """The ground (art. 19.3) is open only while the other body handles the matter and is not late."""
    if asked.said is None or asked.said["ground"] != "being-handled":
        return None
    grounds = (choice for content in asked.row.contents for choice in content.choices)
    article = next((ground.article for ground in grounds if ground.code == "being-handled"), "")
    if asked.situation.prior is None:
        return refuse("prior-needed", article)
    in_time_there = asked.situation.prior.handling_live and not asked.situation.prior.handling_missed
    return None if in_time_there else refuse("prior-not-in-time", article)


# ---- service, hearing, withdrawal, remedy


def service_day_possible(asked: Asked) -> Refusal | None:
    """It was served after it was issued, and not in days to come."""
    if asked.said is None:
        return None
    served, issued = date.fromisoformat(asked.said["served_on"]), asked.case.issued_on or asked.today
    if issued <= served <= asked.today:
        return None
    return refuse("service-day", asked.row.article, issued=issued, today=asked.today)


def hearing_open(asked: Asked) -> Refusal | None:
    """A hearing is open, and can be closed."""
    return None if asked.case.hearing_since else refuse("no-hearing", asked.row.article)


def no_hearing_open(asked: Asked) -> Refusal | None:
    """No hearing is open: none is opened twice, and nobody decides while one lasts."""
    return refuse("hearing-open", asked.row.article) if asked.case.hearing_since else None


def withdrawing(asked: Asked) -> Refusal | None:
    """The author has asked to withdraw, and may still take it back."""
    return None if asked.case.withdrawing else refuse("not-withdrawing", asked.row.article)


def not_withdrawing(asked: Asked) -> Refusal | None:
    """No withdrawal is pending."""
    return refuse("withdrawing", asked.row.article) if asked.case.withdrawing else None


def not_yet_rated(asked: Asked) -> Refusal | None:
    """One rates once."""
    return refuse("already-rated", asked.row.article) if asked.case.rated else None


def remedy_due(asked: Asked) -> Refusal | None:
    """Something was promised and served, and is not carried out, or so the author says."""
    return None if asked.case.remedy in {"due", "disputed"} else refuse("no-remedy-due", asked.row.article)


def remedy_reported(asked: Asked) -> Refusal | None:
    """The body says that it was carried out."""
    return None if asked.case.remedy == "reported" else refuse("no-remedy-due", asked.row.article)


def remedy_unsettled(asked: Asked) -> Refusal | None:
    """The author has neither confirmed nor disputed yet."""
    return None if asked.case.remedy in {"due", "reported"} else refuse("no-remedy-due", asked.row.article)


def imported(asked: Asked) -> Refusal | None:
    """The petition came from an imported data set; nobody else is spared the required contents."""
    return None if asked.case.imported else refuse("not-imported", asked.row.article)


CLOCK_GUARDS: dict[str, Callable[[str], Guard]] = {"in-time": in_time, "is-due": is_due, "running": running}

GUARDS: dict[str, Guard] = {
    "named-clock-is-late": named_clock_is_late,
    "named-clock-changes": named_clock_changes,
    "not-extended": not_extended,
    "different-person": different_person,
    "next-higher-body": next_higher_body,
    "not-the-accused": not_the_accused,
    "inside": inside,
    "not-itself": not_itself,
    "served-rereview": served_rereview,
    "comparison-complete": comparison_complete,
    "prior-still-in-time": prior_still_in_time,
    "service-day-possible": service_day_possible,
    "term-ahead": term_ahead,
    "hearing-open": hearing_open,
    "no-hearing-open": no_hearing_open,
    "withdrawing": withdrawing,
    "not-withdrawing": not_withdrawing,
    "not-yet-rated": not_yet_rated,
    "remedy-due": remedy_due,
    "remedy-reported": remedy_reported,
    "remedy-unsettled": remedy_unsettled,
    "imported": imported,
    "officer-of-holder": officer_of_holder,
}
