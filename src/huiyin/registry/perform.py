"""Make one move on one petition: the other writer of the registry. Nothing else changes a petition.

In one transaction: access, the core's decision, compare-and-set on the version, clocks, ledger entry, outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.core import case, procedure, supervision
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.vocabulary import VERBS
from huiyin.registry import (
    access,
    attachments,
    crossings,
    custody,
    deciding,
    desk,
    indexing,
    law,
    losing,
    numbers,
    parting,
    publishing,
    record,
    sealing,
    takeovers,
    unfinished,
)
from huiyin.registry.access import Actor, House
from huiyin.registry.attachments import Upload
from huiyin.registry.file import live_refusal
from huiyin.registry.models import Body, Entry, Officer, Petition
from huiyin.registry.situation import situation_of

RATE = "rate"
UNSEEN = frozenset({"dispatch", RATE})  # moves after which nobody at a desk has anything new to read


class _Stopped(Exception):
    """Carries a refusal out of the transaction, so that nothing of the move stays."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def perform(
    ref: str,
    move: Move,
    actor: Actor,
    now: datetime,
    *,
    at: datetime | None = None,
    uploads: Sequence[Upload] = (),
    seen: int | None = None,
) -> Petition | Refusal:
    """Make one move and answer the petition afterwards, or say why not.

    `at`: when it happened according to an imported or demonstration data set. `seen`: the version that the
    actor looked at; if anybody has moved the petition on since, the move is refused politely.
    """
    if refused := live_refusal(at) or attachments.refusal(uploads):
        return refused
    try:
        with transaction.atomic():
            return _perform(ref, move, actor, record.Moment(now, at), uploads=uploads, seen=seen)
    except _Stopped as stopped:
        return stopped.refusal


def _perform(
    ref: str,
    move: Move,
    actor: Actor,
    moment: record.Moment,
    *,
    uploads: Sequence[Upload],
    seen: int | None,
) -> Petition | Refusal:
    petition = Petition.objects.select_related("holder", "other", "officer").filter(ref=ref).first()
    if petition is None:
        return refuse("not-found")
    if refused := access.refusal(actor, petition) or _too_early(petition, moment):
        return refused
    if seen is not None and _others_moved(petition, seen):
        return refuse("moved-meanwhile")
    before = record.case_of(petition, petition.clocks.all())
    searched = indexing.may_be_searched(petition)
    situation = situation_of(before, move, actor, moment.happened_at)
    if isinstance(situation, Refusal):
        return situation
    after = procedure.apply(before, move, access.as_core(actor), situation)
    if isinstance(after, Refusal):
        return after
    plan = parting.planned(petition, before, after)
    if isinstance(plan, Refusal):
        return plan
    after = replace(after, contents=sealing.without_reports(after.contents))
    if refused := losing.refusal(petition, after.row.verb, after.contents.get("key_way", "")):
        return refused
    if uploads:
        after = replace(after, contents={**after.contents, **attachments.named(uploads)})
    holder = petition.holder
    _write(petition, before, after, situation, moment.happened_at)
    # What an imported source tells of was numbered there, if anywhere.
    number = {} if actor == access.IMPORTER else numbers.numbered(after, before, holder, situation.today)
    after = replace(after, contents={**after.contents, **number})
    petition.version += 1
    _leave(petition, before, after, moment, situation.next_higher(before))
    entry = record.write_entry(petition, after, before, actor, moment)
    sealing.close_report(petition, moment.recorded_at)
    attachments.keep(petition, entry.seq, uploads)
    _file_parts(petition, plan, actor, moment)
    indexing.follow(petition, [after], was=searched)
    deciding.leave(petition, after, situation.today)
    return _followed(petition, before, after.case, moment)


def _followed(petition: Petition, before: case.Case, after: case.Case, moment: record.Moment) -> Petition:
    """What the house does at once, as moves of its own in the same transaction; mostly nothing."""
    for verb in procedure.follow_ups(before, after):
        made = _perform(petition.ref, Move(verb), access.CLERK, moment, uploads=(), seen=None)
        petition = petition if isinstance(made, Refusal) else made
    return petition


def _leave(
    petition: Petition,
    before: case.Case,
    after: case.After,
    moment: record.Moment,
    above: case.Body | None,
) -> None:
    """What a move leaves beside the petition itself: its clocks, who holds it now, whom it is kept from."""
    record.write_clocks(petition, before.clocks, after.case.clocks)
    record.write_tasks(petition, before.tasks, after.case.tasks)
    record.write_recused(petition, before.recused, after.case.recused)
    if after.case.holder.code != before.holder.code:
        record.hold(petition, petition.holder, moment.recorded_at)
    if after.case.holder.code != before.holder.code or not petition.is_open:
        desk.clear(petition)
        unfinished.clear(petition)
    elif after.row.verb == RATE:
        desk.unseen(petition)
    elif petition.kind == sealing.REPORT != before.kind:
        unfinished.clear(petition)  # it lies open, and the words of a report do not
    if "show-superior" in after.row.effects:
        record.show_above(petition, above, moment.recorded_at)
    record.owe(petition, before, after.case, moment.recorded_at)
    if after.row.verb == "succeed":
        record.inherit(petition, after.contents["body"], moment.recorded_at, before.holder.code)
    custody.write(petition, before, after.case)
    if after.case.accused != before.accused:
        record.keep_from(petition, after.case.accused)
    if after.row.verb in {losing.IN_FORCE, losing.END_FIRST}:
        record.change_key(petition)
    elif after.row.verb == losing.OBJECT:
        losing.drop(petition)
    _cross(petition, before, after, moment)
    publishing.leave(petition, after, law.at(moment.happened_at, petition.jurisdiction)[1])


def _cross(petition: Petition, before: case.Case, after: case.After, moment: record.Moment) -> None:
    """Begin or end the hand-over to another installation that a move sets going or takes back."""
    if not crossings.turned(before, after.case):
        return
    if refused := crossings.follow(petition, after, moment.recorded_at):
        raise _Stopped(refused)


def _file_parts(
    petition: Petition, plan: Sequence[parting.Planned], actor: Actor, moment: record.Moment
) -> None:
    """Put the parts on record with the move that splits; those that stay here are registered already."""
    for part in parting.file_parts(petition, plan, actor, moment) if plan else ():
        made: Petition | Refusal = part
        here = (petition.holder_id, "lodged")
        if not isinstance(part, Refusal) and (part.holder_id, part.state) == here:
            made = _perform(part.ref, Move("register"), actor, moment, uploads=(), seen=None)
        if isinstance(made, Refusal):
            raise _Stopped(made)
        if made.kind == sealing.REPORT:
            sealing.close_files(made)
    if any(each.part.kind == sealing.REPORT for each in plan):
        sealing.close_kept(petition, moment.recorded_at)  # the whole holds the words of the report as well


@dataclass(frozen=True, slots=True)
class _Step:
    """One move of several, as the law decided it."""

    before: case.Case
    after: case.After
    situation: case.Situation
    at: datetime


def perform_past(
    ref: str, moves: Sequence[tuple[Move, datetime]], actor: House, now: datetime
) -> Petition | Refusal:
    """Make the moves that an imported source tells of, each at its own time: all of them, or none.

    Nobody looks in between, so the petition is read once and written once; each move leaves its own entry.
    """
    try:
        with transaction.atomic():
            return _perform_past(ref, moves, actor, now)
    except _Stopped as stopped:
        return stopped.refusal


def _perform_past(
    ref: str, moves: Sequence[tuple[Move, datetime]], actor: House, now: datetime
) -> Petition | Refusal:
    petition = Petition.objects.select_related("holder").filter(ref=ref).first()
    if petition is None:
        return refuse("not-found")
    if refused := _not_then(petition, moves, now):
        return refused
    first = record.case_of(petition, petition.clocks.all())
    searched = indexing.may_be_searched(petition)
    steps = _steps(first, moves, actor)
    if isinstance(steps, Refusal):
        return steps
    last = steps[-1]
    _write(petition, first, last.after, last.situation, last.at, moves=len(steps))
    record.write_clocks(petition, first.clocks, last.after.case.clocks)
    record.write_tasks(petition, first.tasks, last.after.case.tasks)
    if petition.brought_in_at:
        petition.clocks.exclude(ended=None).update(claimed=True)
    for step in steps:
        petition.version += 1
        if step.after.case.holder.code != step.before.holder.code:
            record.hold(petition, Body.objects.get(code=step.after.case.holder.code), now)
        record.write_entry(petition, step.after, step.before, actor, record.Moment(now, step.at))
    indexing.follow(petition, [step.after for step in steps], was=searched)
    return petition


def _not_then(petition: Petition, moves: Sequence[tuple[Move, datetime]], now: datetime) -> Refusal | None:
    """A live registry is told of earlier times by a takeover alone, and only as the case is brought in."""
    if petition.brought_in_at != now or not takeovers.is_open(petition.source):
        if refused := live_refusal(moves[0][1]):
            return refused
    elif refused := takeovers.refusal(petition.source, moves[-1][1]):
        return refused
    return _too_early(petition, record.Moment(now, moves[0][1]))


def _steps(before: case.Case, moves: Sequence[tuple[Move, datetime]], actor: House) -> list[_Step] | Refusal:
    """What the law makes of each move after the other; the first refusal refuses them all."""
    steps: list[_Step] = []
    for move, at in moves:
        if steps and at < steps[-1].at:
            return refuse("time-runs-back", last=steps[-1].at)
        situation = situation_of(before, move, actor, at)
        if isinstance(situation, Refusal):
            return situation
        after = procedure.apply(before, move, access.as_core(actor), situation)
        if isinstance(after, Refusal):
            return after
        steps.append(_Step(before, after, situation, at))
        before = after.case
    return steps


def _write(
    petition: Petition,
    before: case.Case,
    after: case.After,
    situation: case.Situation,
    at: datetime,
    *,
    moves: int = 1,
) -> None:
    """Compare and set: of two who act at once exactly one gets here first, on either database."""
    made = after.case
    state = situation.rulebook.states.get(made.state)
    petition.kind = made.kind
    petition.state = made.state
    # A state that only another version of the law knows is left as it is.
    petition.is_open = state.open if state else petition.is_open
    petition.stage = made.stage
    if made.holder != before.holder:
        petition.holder = Body.objects.get(code=made.holder.code)
    petition.other = Body.objects.get(code=made.other.code) if made.other else None
    petition.senders = [body.code for body in made.senders]
    petition.handled_by = made.handled_by
    if made.officer != before.officer:
        petition.officer = Officer.objects.filter(login=made.officer).first() if made.officer else None
    petition.called = [list(pair) for pair in made.called]
    petition.took_part = [list(pair) for pair in sorted(made.took_part)]
    petition.withdrawing = made.withdrawing
    petition.remedy = made.remedy
    petition.issued_on = made.issued_on
    petition.hearing_since = made.hearing_since
    petition.marks = dict(made.marks)
    petition.requests = [sealing.covered(each) if petition.is_sealed else each for each in made.requests]
    petition.next_due = record.next_due(made.clocks)
    petition.to_supervise = supervision.is_on_record(made, situation.rulebook)
    if after.row.verb not in UNSEEN:
        petition.moved_at = at
    changes: dict[str, Any] = {
        name: getattr(petition, name) for name in record.STATE_FIELDS if name != "version"
    }
    won = Petition.objects.filter(pk=petition.pk, version=petition.version).update(
        **changes, version=petition.version + moves
    )
    if not won:
        raise _Stopped(refuse("moved-meanwhile"))


def _others_moved(petition: Petition, seen: int) -> bool:
    """Whether something happened since that version that anybody here decides by."""
    if seen == petition.version:
        return False
    since = Entry.objects.filter(petition=petition, seq__gt=seen)
    return seen > petition.version or since.exclude(event__in=[VERBS[verb] for verb in UNSEEN]).exists()


def _too_early(petition: Petition, moment: record.Moment) -> Refusal | None:
    """History runs forward: a claimed time may not lie before the last step."""
    if moment.claimed_at is None:
        return None
    last = (
        Entry.objects.filter(petition=petition).order_by("-seq").values_list("claimed_at", "recorded_at")[:1]
    )
    claimed, recorded = last[0]
    latest = claimed or recorded
    return refuse("time-runs-back", last=latest) if moment.claimed_at < latest else None
