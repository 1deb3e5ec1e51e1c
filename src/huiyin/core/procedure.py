"""What may happen next: walks one line of the rulebook's transition table and answers what follows.

Pure: everything it needs to know is passed in, the time included, and it answers with values. A move that
is not allowed is answered with a `Refusal`, never with an exception.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from huiyin.core import contents
from huiyin.core.case import Actor, After, Case, Clock, Move, Situation
from huiyin.core.clock import Exclusion, Reckoning, reckon
from huiyin.core.conditions import CARRY_OUT
from huiyin.core.effects import effect_of
from huiyin.core.guards import first_refusal
from huiyin.core.marks import MARKS, WAITING
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.rulebook import ClockRule, Row, Rulebook
from huiyin.core.vocabulary import OFFICERS, PARTNER, PAUSES, VERBS

REPORT = "report"
HOUSE = "house"  # the article of what no law says


def lodge(case: Case, actor: Actor, situation: Situation) -> After | Refusal:
    """Start a new case: the row of 'lodge' for the kind of body that receives it."""
    found = _row(case, Move("lodge"), situation)
    if isinstance(found, Refusal):
        return found
    if not actor.may_make(found, case):
        return refuse("wrong-role", found.article)
    return After(_changed(case, actor, found, {}, situation), found, {}, situation.rulebook.id)


def apply(case: Case, move: Move, actor: Actor, situation: Situation) -> After | Refusal:
    """Make one move on one case, or say why not. Answers the case afterwards; changes nothing."""
    if move.verb not in VERBS or move.verb == "lodge":
        return refuse("unknown-move", verb=move.verb)
    row = _row(case, move, situation)
    if isinstance(row, Refusal):
        return row
    if not actor.may_make(row, case):
        return refuse("wrong-role", row.article)
    said = contents.read(row, move.contents)
    if isinstance(said, Refusal):
        return said
    if refused := first_refusal(case, row, said, actor, situation):
        return refused
    return After(_changed(case, actor, row, said, situation), row, said, situation.rulebook.id)


def open_rows(case: Case, actor: Actor, situation: Situation) -> Iterator[Row]:
    """The moves that this actor may make now, as far as can be told before the contents are known."""
    for row in situation.rulebook.rows:
        fits = row.verb != "lodge" and situation.rulebook.covers(case.state, row) and _fits(case, row)
        if fits and actor.may_make(row, case) and first_refusal(case, row, None, actor, situation) is None:
            yield row


def waiting_rows(case: Case, actor: Actor, situation: Situation) -> Iterator[tuple[Row, Refusal]]:
    """What would take the case to another state, is this actor's to make, and is not open yet: with why."""
    for row in situation.rulebook.rows:
        theirs = row.to and row.verb != "lodge" and situation.rulebook.covers(case.state, row)
        if theirs and _is_for(case, row) and actor.may_make(row, case):
            why = in_the_way(case, row) or first_refusal(case, row, None, actor, situation)
            if why is not None:
                yield row, why


def follow_ups(before: Case, after: Case) -> Iterator[str]:
    """The moves that the house tries at once after one, so that no recusal leaves anything hanging."""
    if not after.officer and any(after.marks.get(mark) for mark in WAITING):
        yield "close-recusal"
    if after.recused != before.recused:
        yield "hand-up"


def deciding_roles(case: Case, book: Rulebook) -> frozenset[str]:
    """The roles that can take it further at the body that has it, and the head, who can name such a one.

    Empty where nothing is awaited from that body.
    """
    onward = (row for row in book.rows if row.to and row.at == "holder" and row.verb != "lodge")
    roles = {role for row in onward if book.covers(case.state, row) and _is_for(case, row) for role in row.by}
    roles &= OFFICERS
    return frozenset(roles | {"head"}) if roles else frozenset()


# ---- choosing the row


def _fits(case: Case, row: Row) -> bool:
    return _is_for(case, row) and in_the_way(case, row) is None


def _is_for(case: Case, row: Row) -> bool:
    held = not row.held_by or case.holder.kind in row.held_by
    return held and (not row.kinds or case.kind in row.kinds)


def in_the_way(case: Case, row: Row) -> Refusal | None:
    """The first mark that the row asks for and the case lacks, or that it has and the row forbids."""
    for condition in row.when:
        name = condition.removeprefix("!")
        wanted = name == condition
        if bool(case.marks.get(name)) != wanted:
            mark = MARKS[name]
            code, reason = (f"not-{name}", mark.missing) if wanted else (f"already-{name}", mark.present)
            return Refusal(code, reason, row.article)
    return None


def _row(case: Case, move: Move, situation: Situation) -> Row | Refusal:
    """The one row for this verb, state, kind of holder, kind of petition and kind of target."""
    rows = situation.rulebook.rows_of(move.verb)
    if not rows:
        return refuse("not-in-this-law", verb=move.verb, rulebook=situation.rulebook.id)
    article = rows[0].article
    if move.verb != "lodge":
        rows = tuple(r for r in rows if situation.rulebook.covers(case.state, r))
    if not rows:
        state = situation.rulebook.states.get(case.state)
        return refuse("wrong-state", article, state=state.text if state else case.state)
    held = tuple(r for r in rows if not r.held_by or case.holder.kind in r.held_by)
    if not held:
        return refuse("wrong-body", rows[0].article)
    kind = tuple(r for r in held if not r.kinds or case.kind in r.kinds)
    if not kind:
        return refuse("wrong-class", held[0].article)
    free = _by_marks(case, kind)
    return free if isinstance(free, Refusal) else _by_target(case, free, situation)


def _by_marks(case: Case, rows: tuple[Row, ...]) -> tuple[Row, ...] | Refusal:
    free, refused = [], None
    for row in rows:
        blocked = in_the_way(case, row)
        if blocked is None:
            free.append(row)
        refused = refused or blocked
    return tuple(free) if free or refused is None else refused


def _by_target(case: Case, rows: tuple[Row, ...], situation: Situation) -> Row | Refusal:
    if not rows[0].target:
        return rows[0]
    if situation.target is None:
        return refuse("contents", rows[0].article, fields={"body": "required"})
    for row in rows:
        if situation.target.aimed_at in row.target:
            return row
    # To another installation nothing goes that accuses: nobody here knows who answers to the accused there.
    if case.kind == REPORT and situation.target.aimed_at == PARTNER:
        return refuse("report-stays", _of_reports(situation.rulebook) or rows[0].article)
    return refuse("wrong-target", rows[0].article)


def _of_reports(book: Rulebook) -> str:
    """The article that keeps a report from the accused: of the first row that is for reports alone."""
    return next((row.article for row in book.rows if row.kinds == {REPORT} and row.article != HOUSE), "")


# ---- what follows


def _changed(before: Case, actor: Actor, row: Row, said: Mapping[str, Any], situation: Situation) -> Case:
    case = before
    acting = actor.bodies.get(actor.place(row, before))
    if acting != situation.acting:  # to copy what is the same already costs more than to compare it
        situation = replace(situation, acting=acting)
    day = _first_day(before, row, said, situation)
    if row.meets or row.ends or row.pauses or row.resumes:
        case = _end_clocks(case, row, day, situation)
    for effect in row.effects:
        case = effect_of(effect)(case, said, situation)
    for name in _to_start(case, row, situation.rulebook):
        case = _start(case, name, day, said, situation)
    case = _clocks_of_tasks(case, day, situation)
    # Those who decided on a refusal took part in that, not in the handling that may follow from it.
    took_part = before.took_part | ({(actor.id, before.part)} if actor.id else set())
    # A term goes along with the petition while it runs; one that was missed stays with who missed it.
    owed = (replace(clock, body=case.whose(clock)) if clock.is_live else clock for clock in case.clocks)
    return replace(
        case,
        state=row.to or case.state,
        stage=row.stage or case.stage,
        took_part=frozenset(took_part),
        clocks=tuple(owed),
    )


def _to_start(case: Case, row: Row, book: Rulebook) -> tuple[str, ...]:
    """The clocks that the row starts, and those that run beside them in a case marked so."""
    beside = (
        name
        for name, rule in book.clocks.items()
        if rule.beside in row.starts and case.marks.get(rule.when) and name not in row.starts
    )
    return (*row.starts, *beside)


def _first_day(case: Case, row: Row, said: Mapping[str, Any], situation: Situation) -> date:
    """The day that clocks are reckoned from: today, one that is said, or one the case is marked with."""
    if row.clock_from.startswith("@"):
        marked = case.marks.get(row.clock_from[1:])
        return date.fromisoformat(marked) if marked else situation.today
    return date.fromisoformat(said[row.clock_from]) if row.clock_from else situation.today


def _end_clocks(case: Case, row: Row, day: date, situation: Situation) -> Case:
    clocks = list(case.clocks)
    for i, clock in enumerate(clocks):
        if clock.name in row.resumes and clock.state == "paused":
            clocks[i] = _resume(clock, day, situation)
        elif clock.name in row.pauses and clock.state == "running":
            clocks[i] = _pause(clock, PAUSES[row.verb], day, situation)
        elif _named(clock, row.meets, situation):
            clocks[i] = clock.met(day)
        elif clock.ended is None and _named(clock, row.ends, situation):
            # What was missed stays missed, noted by the clerk or not; it is owed no longer.
            late = clock.is_late(situation.today)
            clocks[i] = replace(clock, state="missed" if late else "lapsed", ended=day)
    return replace(case, clocks=tuple(clocks))


def _named(clock: Clock, names: tuple[str, ...], situation: Situation) -> bool:
    """Whether a row names this clock, or the one that it runs beside."""
    rule = situation.rulebook.clocks.get(clock.name)
    return clock.name in names or (rule is not None and rule.beside in names)


def _pause(clock: Clock, ground: str, day: date, situation: Situation) -> Clock:
    paused = replace(clock, state="paused", exclusions=(*clock.exclusions, Exclusion(day, None, ground)))
    return paused.reckoned(situation.calendar_of(clock), day)


def _resume(clock: Clock, day: date, situation: Situation) -> Clock:
    closed = replace(clock.exclusions[-1], end=day)
    running = replace(clock, state="running", exclusions=(*clock.exclusions[:-1], closed))
    return running.reckoned(situation.calendar_of(clock), day)


def _start(case: Case, name: str, day: date, said: Mapping[str, Any], situation: Situation) -> Case:
    book = situation.rulebook_on(day, name)
    rule = book.clocks[name]
    own_days = said.get(rule.days_from) if rule.days_from else None
    clocks = list(case.clocks)
    seq = len(clocks) + 1
    days = own_days or rule.days
    if rule.follows:
        # The extension goes on from the unrolled end, so that days off are rolled over once, at its own end.
        carried = case.live(rule.follows)
        if carried is not None:
            day = carried.reckoning.end
            clocks[carried.seq - 1] = replace(carried, carried_by=seq)
            days = said.get("days", rule.days)
    if rule.unit == "set":
        until = date.fromisoformat(said[rule.set_by])
        made = Reckoning(start=day, end=until, due=until, skipped=(), provisional=False)
    else:
        made = reckon(rule.term(days), day, situation.calendars.get(book.id, situation.calendar))
    clocks.append(_clock(rule, seq, days, made, book.id))
    return replace(case, clocks=tuple(clocks))


def _clocks_of_tasks(case: Case, day: date, situation: Situation) -> Case:
    """A dated task that is owed runs under a clock of its own, where the law has one; its report meets it.

    A report that the author disputes has met it all the same: bodies are measured by what they do, never by
    how many dispute it (charter 8). The task itself stays owed.
    """
    if not case.tasks:
        return case
    rule = situation.rulebook.clocks.get(CARRY_OUT)
    clocks, tasks = list(case.clocks), list(case.tasks)
    for i, task in enumerate(tasks):
        if task.clock and task.reported_on:
            clocks[task.clock - 1] = clocks[task.clock - 1].met(task.reported_on)
        elif rule and task.due and task.is_owed and not task.clock:
            made = Reckoning(start=day, end=task.due, due=task.due, skipped=(), provisional=False)
            clocks.append(_clock(rule, len(clocks) + 1, 0, made, situation.rulebook.id))
            tasks[i] = replace(task, clock=len(clocks))
    return replace(case, clocks=tuple(clocks), tasks=tuple(tasks))


def _clock(rule: ClockRule, seq: int, days: int, made: Reckoning, rulebook: str) -> Clock:
    return Clock(
        seq=seq,
        name=rule.name,
        rulebook=rulebook,
        article=rule.article,
        unit=rule.unit,
        days=days,
        roll=rule.roll,
        on_due=rule.on_due,
        kind=rule.kind,
        start=made.start,
        reckoning=made,
    )
