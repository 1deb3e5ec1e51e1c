"""The side that hands a petition over: what it offers, and what follows from what the other side says."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from huiyin.core import handover, ledger
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.papers import case_file
from huiyin.papers.case_file import CaseFile
from huiyin.registry import crossings, inclusion, partners
from huiyin.registry.access import CLERK, RATED, READ_LOG
from huiyin.registry.models import Body, Crossing, Petition
from huiyin.registry.perform import perform
from huiyin.registry.receipt import receipt_again
from huiyin.vault import reclose

# What the author reads on their page and another installation need not: who looked at their name, what they
# thought of the handling, that they lost their key.
STAYS = READ_LOG | {RATED, "notice-sent", "new-key-asked", "new-key-sent", "new-key-refused"}
STAYS |= {"new-key-objected", "new-key-in-force", "first-key-sent", "first-key-over"}
SAID = 20_000  # characters of reasons that are passed on


def ready() -> list[Crossing]:
    """Those that were begun and whose transfer stands under the published head, so that it can be proved."""
    log = inclusion.published()
    if log is None:
        return []
    begun = Crossing.objects.filter(state=partners.BEGUN, incoming=False, messages=None)
    rows = begun.select_related("partner", "petition__holder").order_by("id")
    return [row for row in rows if _is_published(row, log.tree.size)]


def _is_published(crossing: Crossing, size: int) -> bool:
    assert crossing.petition is not None  # noqa: S101 an outgoing one has one
    return crossing.petition.entries.filter(seq=crossing.entry_seq, number__lt=size).exists()


def offer(crossing: Crossing, now: datetime) -> bool:
    """Put the case together and lay it ready to be sent; or say that it cannot go."""
    petition = _of(crossing)
    if (petition.attachments.aggregate(all=Sum("size"))["all"] or 0) > handover.FILES:
        with transaction.atomic():
            _refuse(crossing, handover.TOO_LARGE, now)
        return True
    case = _handed(case_file.case_file(petition, now, for_author=True), crossing.entry_seq)
    with case_file.bundle(case, {handover.SHEET: handover.written(_sheet(crossing))}) as packed:
        content = packed.read()
    with transaction.atomic():
        # Whoever called it back in this moment was first.
        mine = Crossing.objects.select_for_update(of=("self",)).filter(pk=crossing.pk, state=partners.BEGUN)
        if not mine.exists() or crossing.messages.exists():
            return False
        mine.update(what=_kinds(case))
        crossings.put(crossing, handover.OFFER, content, now)
    return True


def _handed(case: CaseFile, last: int) -> CaseFile:
    """What is handed over of all that the author reads: the steps up to the transfer, each with its proof."""
    steps = tuple(step for step in case.story.timeline if step.seq <= last and step.event not in STAYS)
    kept = {step.seq for step in steps}
    proofs = tuple(proof for proof in case.proofs if proof["seq"] in kept)
    numbers = {proof["number"] for proof in proofs}
    return replace(
        case,
        story=replace(case.story, timeline=steps, openings=()),
        proofs=proofs,
        counts=(),
        paths={number: way for number, way in case.paths.items() if number in numbers},
    )


def _kinds(case: CaseFile) -> list[str]:
    kinds = ["words", "steps", "terms", "receipt"]
    return kinds + (["files"] if case.files else []) + (["documents"] if case.letters else [])


def _sheet(crossing: Crossing) -> dict[str, Any]:
    """What the other side needs beside the case: whom it is for, and what its author holds."""
    petition = _of(crossing)
    about = Body.objects.filter(pk__in=petition.accused.values("body"))
    here = about.filter(partner=crossing.partner).values_list("partner_code", flat=True)
    return {
        "to": crossing.body,
        "from": petition.holder.code,
        "against": sorted(here),
        "law": petition.jurisdiction,
        "lodged_at": ledger.second(petition.lodged_at),
        "key_ref": petition.keyed_under,
        "key_hash": base64.b64encode(bytes(petition.key_hash)).decode(),
        "reading_key": base64.b64encode(bytes(petition.reading_key or b"")).decode(),
        "masked": petition.masked,
        "language": petition.language,
        "service": petition.service,
        "receipt": receipt_again(petition),
    }


def _of(crossing: Crossing) -> Petition:
    assert crossing.petition is not None  # noqa: S101 an outgoing one has one
    return crossing.petition


# ---- what the other side says


def taken(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    """The other side has it: here it is theirs from now on, and its seals are closed for them."""
    if crossing.state == partners.RECALLED:
        return _taken_late(crossing, said, now)
    if why := _perform(crossing, "confirm-crossing", {"partner_ref": str(said["ref"])}, now):
        raise handover.BadMessage(why)  # it would be held by two: somebody has to look
    _now(crossing, state=partners.TAKEN, **_shown(said, now))
    return seals(crossing, said, now)


def _shown(said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {"ref": str(said["ref"])[:20], "receipt": str(said["receipt"]), "taken_at": now}


def _taken_late(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    """They had taken it before they heard that it was taken back, and only their word for it came late.

    It goes on there, unless anything was done with it here since: then it is to end there.
    """
    there = Body.objects.filter(partner=crossing.partner, partner_code=crossing.body, external=True).first()
    if there is not None and not _went_on(crossing):
        told = {"body": there.code, "partner_ref": str(said["ref"])}
        if not _perform(crossing, "confirm-late", told, now):
            _now(crossing, state=partners.TAKEN, **_shown(said, now))
            return seals(crossing, said, now)
    _now(crossing, **_shown(said, now))
    crossings.put(crossing, handover.DROP, handover.written({}), now)
    return handover.RECALLED


def _went_on(crossing: Crossing) -> bool:
    """Whether anybody did anything here since it was taken back; that a term passed is nobody's doing."""
    since = _of(crossing).entries.filter(seq__gt=crossing.told_seq)
    return since.exclude(event__in=STAYS | {"clock-missed"}).exists()


def _settled(crossing: Crossing, state: str, outcome: str, now: datetime) -> str:
    """How it stands there is known now."""
    _now(crossing, state=state)
    return _perform(crossing, "settle-recall", {"recall_outcome": outcome}, now)


def seals(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    """Close the seals for the keys that the other side names, and send them. Nobody reads what is sealed."""
    petition = _of(crossing)
    try:
        closed = reclose.closed_for(petition.sealed_under, said["keys"])
    except (KeyError, TypeError, ValueError) as error:
        raise handover.BadMessage("keys") from error
    if closed and not crossing.messages.filter(outgoing=True, kind=handover.SEALS).exists():
        _perform(crossing, "close-anew", {}, now)
    crossings.put(crossing, handover.SEALS, handover.written({"seals": closed}), now)
    return ""


def sealed(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:  # noqa: ARG001 nothing more is said
    _now(crossing, state=partners.SEALED, sealed_at=now)
    return ""


def refused(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    if crossing.state == partners.RECALLED:
        return _settled(crossing, partners.RETURNED, handover.NOT_THERE, now)
    return _refuse(crossing, str(said["why"]), now)


def _refuse(crossing: Crossing, why: str, now: datetime) -> str:
    why = why if why in {*handover.REFUSALS, handover.TOO_LARGE} else "not-taken"
    _now(crossing, state=partners.REFUSED, reason=why)
    return _perform(crossing, "refuse-crossing", {"partner_refusal": why}, now)


def word(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    """What happened there: a kind of step and its day."""
    if said["step"] == handover.ENDED_THERE:
        return _settled(crossing, partners.RETURNED, handover.ENDED_THERE, now)
    if said["step"] == handover.HANDLED_THERE:
        return _settled(crossing, partners.AT_BOTH, handover.HANDLED_THERE, now)
    if said["step"] == handover.REPORTED:
        return _perform(crossing, "hear-report", {"partner_on": said["on"]}, now)
    told = {"partner_step": said["step"], "partner_on": said["on"]}
    return _perform(crossing, "hear-partner", told, now)


def objected(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    """The body there is not competent, it says: whoever sent it looks at that."""
    why = _perform(crossing, "hear-objection", {"reasons": str(said["reasons"])[:SAID]}, now)
    if not why:
        version = Petition.objects.values_list("version", flat=True).get(pk=_of(crossing).pk)
        _now(crossing, state=partners.OBJECTED, told_seq=version)
    return why


def tell(crossing: Crossing, now: datetime) -> None:
    """What became of an objection here: it is taken back, or it stays there."""
    petition = _of(crossing)
    last = petition.entries.order_by("-seq").first()
    reasons = str(last.contents.get("reasons", "")) if last else ""
    if petition.state == "crossed":
        crossings.put(crossing, handover.REJECT, handover.written({"reasons": reasons}), now)
        _now(crossing, state=partners.SEALED)
    elif petition.state != "objected":
        crossings.put(crossing, handover.AGREE, handover.written({"reasons": reasons}), now)
        _now(crossing, state=partners.RETURNED)
    _now(crossing, told_seq=petition.version)


def _perform(crossing: Crossing, verb: str, said: Mapping[str, Any], now: datetime) -> str:
    """'' when the move was made, else the code of the refusal."""
    done = perform(_of(crossing).ref, Move(verb, said), CLERK, now)
    if isinstance(done, Refusal) and done.code == "moved-meanwhile":
        raise handover.BadMessage(done.code)  # again at the next look
    return done.code if isinstance(done, Refusal) else ""


def _now(crossing: Crossing, **how: Any) -> None:
    Crossing.objects.filter(pk=crossing.pk).update(**how)
