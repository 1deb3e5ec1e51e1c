"""Make one move on one petition: the other writer of the registry. Nothing else changes a petition.

In one transaction: access, the core's decision, compare-and-set on the version, clocks, ledger entry, outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from huiyin.core import case, contents, procedure, rulebook, supervision
from huiyin.core.apart import Passages, passages
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.rulebook import Row
from huiyin.core.vocabulary import VERBS
from huiyin.registry import (
    access,
    attachments,
    bodies,
    custody,
    keys,
    law,
    losing,
    numbers,
    parting,
    publishing,
    record,
    routing,
    sealing,
    service,
    signing,
)
from huiyin.registry.access import Acting, Actor, House
from huiyin.registry.attachments import Upload
from huiyin.registry.file import live_refusal
from huiyin.registry.models import Accused, Body, Entry, Officer, Petition, Role, Signature


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
    _write(petition, before, after, situation)
    # What an imported source tells of was numbered there, if anywhere.
    number = {} if actor == access.IMPORTER else numbers.numbered(after, before, holder, situation.today)
    after = replace(after, contents={**after.contents, **number})
    petition.version += 1
    _leave(petition, before, after, moment, situation.next_higher(before))
    entry = record.write_entry(petition, after, before, actor, moment)
    sealing.close_report(petition, moment.recorded_at)
    attachments.keep(petition, entry.seq, uploads)
    _file_parts(petition, plan, actor, moment)
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
    if "show-superior" in after.row.effects:
        record.show_above(petition, above, moment.recorded_at)
    record.owe(petition, before, after.case, moment.recorded_at)
    if after.row.verb == "succeed":
        record.inherit(petition, after.contents["body"], moment.recorded_at)
    custody.write(petition, before, after.case)
    if after.case.accused != before.accused:
        record.keep_from(petition, after.case.accused)
    if after.row.verb == losing.IN_FORCE:
        record.change_key(petition)
    elif after.row.verb == losing.OBJECT:
        losing.drop(petition)
    publishing.leave(petition, after, law.at(moment.happened_at, petition.jurisdiction)[1])


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
    if refused := live_refusal(moves[0][1]):
        return refused
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
    if refused := _too_early(petition, record.Moment(now, moves[0][1])):
        return refused
    first = record.case_of(petition, petition.clocks.all())
    steps = _steps(first, moves, actor)
    if isinstance(steps, Refusal):
        return steps
    last = steps[-1]
    _write(petition, first, last.after, last.situation, moves=len(steps))
    record.write_clocks(petition, first.clocks, last.after.case.clocks)
    record.write_tasks(petition, first.tasks, last.after.case.tasks)
    for step in steps:
        petition.version += 1
        if step.after.case.holder.code != step.before.holder.code:
            record.hold(petition, Body.objects.get(code=step.after.case.holder.code), now)
        record.write_entry(petition, step.after, step.before, actor, record.Moment(now, step.at))
    return petition


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
    petition: Petition, before: case.Case, after: case.After, situation: case.Situation, *, moves: int = 1
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
    changes: dict[str, Any] = {
        name: getattr(petition, name) for name in record.STATE_FIELDS if name != "version"
    }
    won = Petition.objects.filter(pk=petition.pk, version=petition.version).update(
        **changes, version=petition.version + moves
    )
    if not won:
        raise _Stopped(refuse("moved-meanwhile"))


def _others_moved(petition: Petition, seen: int) -> bool:
    """Whether something happened since that version. A notice that went out changes nothing to decide by."""
    if seen == petition.version:
        return False
    since = Entry.objects.filter(petition=petition, seq__gt=seen)
    return seen > petition.version or since.exclude(event=VERBS["dispatch"]).exists()


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


# ---- what the core may look at


def situation_of(
    before: case.Case, move: Move | None, actor: Actor, moment: datetime
) -> case.Situation | Refusal:
    """Gather what the core needs for one move (or, without one, for asking which are open)."""
    _, day = law.at(moment, before.jurisdiction)
    versions = law.deciding(before.jurisdiction, before.lodged, day)
    rules = versions[-1]
    said = move.contents if move else {}
    wrong: dict[str, str] = {}
    # Asked of the database only where somebody signs, or is asked what they could do.
    signs = move is None or move.verb == "countersign"
    drafter, another_signs = signing.of(before, day) if signs else ("", True)
    publishable, proposer = publishing.of(before, rules)
    made = case.Situation(
        rulebook=rules,
        calendar=law.calendar_for(rules.calendar),
        today=day,
        target=_target(said, wrong),
        superiors=tuple(body.as_core() for body in bodies.next_higher(before.holder)),
        prior=_prior(said, actor, wrong) or _refused_for(before),
        kept_apart=_kept_apart(before),
        head_in_charge=_head_in_charge(before, move),
        nobody_left=_nobody_left(before, move, rules),
        custodian=_second(before, move, actor, custody.custodian_for),
        auditing=_second(before, move, actor, custody.auditor_for),
        elsewhere=_elsewhere(before, move, wrong),
        actor=actor.officer.login if isinstance(actor, Acting) else "",
        about=_about(before, move, wrong),
        officer_bodies=_officer_bodies(said, wrong),
        succeeded=_succeeded(before, move, said),
        arbiter=_arbiter(before, move, said, wrong),
        called_at=_called_at(before, actor),
        part_answered=_part_answered(before, move),
        signatures=_signatures(before),
        versions=versions,
        calendars=law.calendars_for(book.id for book in versions),
        letters=_letters(before, move, actor),
        drafter=drafter,
        publishable=publishable,
        proposer=proposer,
        quashed=signing.quashed(before),
        another_signs=another_signs,
    )
    return refuse("contents", fields=wrong) if wrong else made


def _second(before: case.Case, move: Move | None, actor: Actor, find: Callable[[case.Case, str], str]) -> str:
    """Where the second person serves; asked only where somebody asks for one."""
    if move is None or move.verb not in custody.ASKING:
        return ""
    return find(before, actor.officer.login if isinstance(actor, Acting) else "")


def _elsewhere(before: case.Case, move: Move | None, wrong: dict[str, str]) -> case.Body | None:
    """Where a report goes that turns out to be about whoever has it: what routing would choose next."""
    if move is None or move.verb != "record-conflict":
        return None
    named = contents.bodies_of(move.contents.get("reported"))
    routed = routing.receiver("report", "", before.accused | named)
    if isinstance(routed, Refusal):
        wrong.update({"reported": "body"} if routed.fields else {})
        return None
    return routed.body.as_core()


def _letters(before: case.Case, move: Move | None, actor: Actor) -> dict[int, date]:
    """The notices that an officer could hand over, with the day of each; asked for where somebody might."""
    if not isinstance(actor, Acting) or (move is not None and move.verb != "deliver-notice"):
        return {}
    found = service.letters_of(before.ref)
    return {
        seq: law.at(entry.claimed_at or entry.recorded_at, before.jurisdiction)[1]
        for seq, entry in found.items()
    }


def _target(said: Any, wrong: dict[str, str]) -> case.Body | None:
    code = str(said.get("body") or "")
    if not code:
        return None
    known = Body.objects.filter(code=code, active=True)
    body = known.first() if contents.is_keepable(code) else None
    if body is None:
        wrong["body"] = "body"
        return None
    return body.as_core()


def _refused_for(before: case.Case) -> case.Prior | None:
    """The petition for whose sake this one was declined, as an officer named it then."""
    named = before.marks.get("refused-for")
    found = Petition.objects.filter(ref=keys.read_ref(str(named))).first() if named else None
    return _standing(found) if found else None


def _about(before: case.Case, move: Move | None, wrong: dict[str, str]) -> frozenset[str]:
    """The bodies that the author named, asked for only where that makes them the accused of a report."""
    if move is None or move.verb != "treat-as-report":
        return frozenset()
    codes = contents.bodies_of(move.contents.get("reported"))
    if codes - set(Body.objects.filter(code__in=codes).values_list("code", flat=True)) - {""}:
        wrong["reported"] = "body"
    return frozenset(Accused.objects.filter(petition__ref=before.ref).values_list("body__code", flat=True))


def _prior(said: Any, actor: Actor, wrong: dict[str, str]) -> case.Prior | None:
    """An earlier petition that an officer names: one they may see, found by its reference alone."""
    typed = said.get("prior")
    if not typed or not isinstance(actor, Acting):
        return None
    petition = access.visible_to(actor).filter(ref=keys.read_ref(str(typed))).first()
    if petition is None:
        wrong["prior"] = "ref"
        return None
    return _standing(petition)


def _standing(petition: Petition) -> case.Prior:
    clocks = list(petition.clocks.filter(name__in=("handling", "extension")))
    return case.Prior(
        state=petition.state,
        handling_missed=any(c.state == "missed" for c in clocks),
        handling_live=any(c.state in {"running", "paused"} for c in clocks),
    )


def _succeeded(before: case.Case, move: Move | None, said: Any) -> str:
    if move is None or move.verb != "succeed":
        return ""
    where = {before.holder.code, before.handled_by, *(code for code, _ in before.called)}
    where |= {body.code for body in before.senders}
    gone = Body.objects.filter(successor__code=str(said.get("body") or ""), code__in=where)
    return gone.values_list("code", flat=True).first() or ""


def _arbiter(before: case.Case, move: Move | None, said: Any, wrong: dict[str, str]) -> case.Body | None:
    """Who decides between the holder and the body that is named: the nearest body above both, else the
    joint conference that stands nearest to them (art. 24.1).
    """
    other = _target(said, wrong) if move is not None and move.verb == "raise-dispute" else None
    if other is None:
        return None
    active = Body.objects.filter(active=True)
    above = active.filter(code__in=set(before.holder.chain) & set(other.chain))
    found = max(above, key=lambda body: len(body.chain), default=None)
    if found is None:
        around = {*before.holder.chain, *other.chain, before.holder.code, other.code}
        conferences = active.filter(kind="conference")
        found = max(conferences, key=lambda body: len(around & set(body.chain)), default=None)
    return found.as_core() if found else None


def _called_at(before: case.Case, actor: Actor) -> frozenset[str]:
    if not before.called or not isinstance(actor, Acting):
        return frozenset()
    called = {body for body, _ in before.called}
    return frozenset(called & actor.codes(access.HANDLING_ROLES))


def _head_in_charge(before: case.Case, move: Move | None) -> bool:
    # Asked only where it says who decides on a recusal.
    if move is None or move.verb != "ask-recusal" or not before.officer:
        return False
    heads = Role.objects.filter(officer__login=before.officer, role="head")
    return heads.filter(body__code=before.holder.code).exists()


def _part_answered(before: case.Case, move: Move | None) -> bool:
    # Asked only when the clerk looks for what was left behind.
    if move is None or move.verb != "find-unanswered":
        return False
    own = Petition.objects.get(ref=before.ref)
    return parting.answered_parts(own).exists()


def _nobody_left(before: case.Case, move: Move | None, rules: rulebook.Rulebook) -> bool:
    """Whether all who could decide it at the holder have stepped back; asked only where that matters."""
    if move is None or move.verb != "hand-up" or before.holder.external:
        return False
    here = Role.objects.filter(body__code=before.holder.code, officer__is_active=True)
    deciding = here.filter(role__in=procedure.deciding_roles(before, rules))
    stepped_back = Q(officer__login__in=before.recused)
    return deciding.filter(stepped_back).exists() and not deciding.exclude(stepped_back).exists()


def _signatures(before: case.Case) -> int:
    if not before.marks.get("signatures"):
        return 0
    # A part of a mixed petition is signed by those who signed the whole.
    signed = Q(petition__ref=before.ref) | Q(petition__parts__ref=before.ref)
    return Signature.objects.filter(signed).distinct().count()


def _kept_apart(before: case.Case) -> Passages:
    """The passages of what was kept apart (a mediation) that its petition does not hold otherwise: no
    decision may use them. What the author wrote themselves may be answered in their words.
    """
    if not before.marks.get("mediated"):
        return frozenset()
    petition = Petition.objects.get(ref=before.ref)
    own, recorded = [petition.subject, petition.text], []
    for entry in petition.entries.all():
        said = entry.contents
        recorded += [str(said[name]) for name in rulebook.by_id(entry.rulebook).apart & said.keys()]
        own += [
            value
            for name, value in said.items()
            if name in {"information", "hearing_minutes", "expert_result"}
        ]
    return passages(recorded) - passages(own)


def _officer_bodies(said: Any, wrong: dict[str, str]) -> frozenset[str]:
    login = str(said.get("officer") or "")
    if not login:
        return frozenset()
    known = Officer.objects.filter(login=login, is_active=True)
    officer = known.first() if contents.is_keepable(login) else None
    if officer is None:
        wrong["officer"] = "officer"
        return frozenset()
    rows = officer.roles.filter(role__in=access.HANDLING_ROLES)
    return frozenset(rows.values_list("body__code", flat=True))


def open_moves(petition: Petition, actor: Actor, now: datetime) -> list[Row]:
    """The moves that this actor may make on this petition now: what a page offers as buttons."""
    if access.refusal(actor, petition):
        return []
    before = record.case_of(petition, petition.clocks.all())
    situation = situation_of(before, None, actor, now)
    if isinstance(situation, Refusal):
        return []
    return list(procedure.open_rows(before, access.as_core(actor), situation))
