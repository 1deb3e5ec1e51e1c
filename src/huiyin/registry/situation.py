"""What the core may look at when it judges one move; each part is read only where it matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from huiyin.core import case, contents, procedure, rulebook
from huiyin.core.apart import Passages, passages
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal, refuse
from huiyin.registry import (
    access,
    bodies,
    crossings,
    custody,
    keys,
    law,
    parting,
    publishing,
    routing,
    service,
    signing,
)
from huiyin.registry.access import Acting, Actor
from huiyin.registry.models import Accused, Body, Officer, Petition, Role, Signature


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
    left, silent = crossings.way(before, moment)
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
        has_left=left,
        unanswered=silent,
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
    # Nothing goes to a partner that has ended.
    known = Body.objects.filter(code=code, active=True, partner__until=None)
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
