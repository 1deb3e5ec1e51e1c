"""The side that takes a petition over: it believes nothing that is not proved, and answers with a receipt."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from huiyin.core import bundle, checkpoint, handover, manifest, notes, rulebook
from huiyin.core.case import Move
from huiyin.core.notes import BadNote
from huiyin.core.policy import Log, NotTrusted, Policy
from huiyin.core.refusal import Refusal
from huiyin.registry import attachments, crossings, law, partners
from huiyin.registry.access import CLERK
from huiyin.registry.attachments import Upload
from huiyin.registry.file import Adopted, Lodging, file_adopted
from huiyin.registry.models import Body, Crossing, Petition
from huiyin.registry.perform import perform
from huiyin.vault import reclose

WRONG = (BadNote, NotTrusted, zipfile.BadZipFile, ValueError, KeyError, TypeError, OSError, RecursionError)
CAME_WITH = 0  # the step that the other side's case file is kept under: none of ours


class _Refused(Exception):
    """Why it is not taken over, as a code of `handover.REFUSALS`."""


def adopt(crossing: Crossing, content: bytes, arrived: datetime, now: datetime) -> str:
    """Put it on record here and answer with our receipt, or say why not. In one transaction."""
    try:
        if crossing.messages.filter(outgoing=False, kind=handover.WITHDRAW).exists():
            raise _Refused(handover.RECALLED)
        case, sheet, files = _proved(crossing, content)
        receiver, sender = _bodies(crossing, case, sheet)
        lodging = _lodging(case, sheet, receiver, files)
        adopted = _adopted(crossing, case, sheet, sender, arrived)
        made = file_adopted(lodging, adopted, now=now, by=CLERK)
        if isinstance(made, Refusal):
            raise _Refused("not-taken")
    except _Refused as refused:
        return _refuse(crossing, str(refused), now)
    petition, receipt = made
    attachments.keep_handed_over(petition, content, f"{case['ref']}.zip")
    crossing.petition = petition
    _now(
        crossing,
        petition=petition,
        state=partners.ADOPTED,
        body=receiver.code,
        ref=case["ref"],
        receipt=sheet["receipt"],
        taken_at=now,
        told_seq=petition.version,
    )
    crossing.messages.update(petition=petition)
    answer = {"ref": petition.ref, "receipt": receipt, "keys": reclose.our_keys()}
    crossings.put(crossing, handover.TAKE, handover.written(answer), now)
    return ""


def _refuse(crossing: Crossing, why: str, now: datetime) -> str:
    _now(crossing, state=partners.REFUSED, reason=why)
    crossings.put(crossing, handover.REFUSE, handover.written({"why": why}), now)
    return why


def _proved(crossing: Crossing, content: bytes) -> tuple[Any, Mapping[str, Any], dict[str, bytes]]:
    """The case, what goes with it, and its files by path: signed, whole, and under their log's head."""
    key = notes.parse_key(crossing.partner.log_key)
    try:
        listed, case, digests = bundle.read(io.BytesIO(content), [key])
        wrong = next(manifest.wrongs(listed, digests, case), None)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheet = handover.read(bundle.whole(archive, handover.SHEET))
            named = {row["path"] for row in case["attachments"]} & digests.keys()
            if sum(archive.getinfo(path).file_size for path in named) > handover.FILES:
                raise _Refused("not-taken")
            files = {path: bundle.whole(archive, path) for path in named}
        Policy((Log(key),)).check(case["head"])
        if wrong or listed.origin != key.name or handover.wrong_in_offer(case, sheet, key):
            raise _Refused("not-proved")
    except WRONG as error:
        raise _Refused("not-proved") from error
    return case, sheet, files


def _bodies(crossing: Crossing, case: Any, sheet: Mapping[str, Any]) -> tuple[Body, Body]:
    """Our body that it is for, and the record of theirs that it comes from."""
    receiver = Body.objects.filter(code=str(sheet.get("to")), active=True, external=False).first()
    if receiver is None:
        raise _Refused("not-our-body")
    if case["kind"] == "report" or receiver.touched_by(set(map(str, sheet.get("against") or ()))):
        raise _Refused("reported-body")
    if not _is_of_our_law(str(sheet.get("law")), receiver):
        raise _Refused("no-such-law")
    known = Body.objects.filter(partner=crossing.partner, external=True, active=True)
    sender = known.filter(partner_code=str(sheet.get("from"))).first()
    if sender is None:
        raise _Refused("unknown-sender")
    return receiver, sender


def _is_of_our_law(theirs: str, receiver: Body) -> bool:
    """Whether both sides work under one country's law, and this law knows a transfer from outside."""
    if theirs.partition("-")[0] != settings.JURISDICTION.partition("-")[0]:
        return False
    book = max(
        (b for b in rulebook.all_rulebooks() if b.jurisdiction == settings.JURISDICTION),
        key=lambda each: each.in_force_from,
    )
    rows = book.rows_of("lodge")
    return any("adopted" in row.when and receiver.kind in row.held_by for row in rows)


def _lodging(case: Any, sheet: Mapping[str, Any], receiver: Body, files: Mapping[str, bytes]) -> Lodging:
    try:
        lodged = case["lodged"]
        first = [row for row in case["attachments"] if row["seq"] == 1 and row["path"] in files]
        return Lodging(
            subject=lodged["subject"],
            text=lodged["text"],
            kind=case["kind"],
            body=receiver.code,
            channel="api",
            language=str(sheet["language"]),
            service=str(sheet["service"]),
            uploads=[Upload(row["name"], files[row["path"]]) for row in first],
        )
    except WRONG as error:
        raise _Refused("not-taken") from error


def _adopted(
    crossing: Crossing, case: Any, sheet: Mapping[str, Any], sender: Body, arrived: datetime
) -> Adopted:
    """Terms run from the day of arrival, whenever the clerk comes to it; the law is that of the lodging."""
    head = checkpoint.read(case["head"])[0]
    try:
        lodged_at = datetime.fromisoformat(sheet["lodged_at"])
        return Adopted(
            sender=sender,
            lodged_at=min(lodged_at, arrived),
            since=law.at(arrived)[1],
            key_ref=str(sheet["key_ref"])[:20],
            key_hash=_bytes(sheet["key_hash"]),
            reading_key=_bytes(sheet["reading_key"], or_none=True),
            masked=_spans(sheet["masked"], case["lodged"]),
            said={
                "origin": crossing.partner.origin,
                "commitment": handover.commitment(case),
                "head": f"{head.size} {notes.base64_of(head.root)}",
            },
        )
    except WRONG as error:
        raise _Refused("not-taken") from error


def _bytes(said: Any, *, or_none: bool = False) -> bytes:
    raw = base64.b64decode(str(said), validate=True)
    if len(raw) != 32 and (raw or not or_none):
        raise ValueError("32 bytes are asked for")
    return raw


def _spans(said: Any, lodged: Mapping[str, str]) -> dict[str, list[list[Any]]]:
    """Where its words name somebody, as was known there. Raises ValueError for what lies outside them."""
    made: dict[str, list[list[Any]]] = {}
    for name, spans in dict(said).items():
        words = lodged[name]
        made[name] = [[int(start), int(end), str(kind)] for start, end, kind in spans]
        if any(not 0 <= start < end <= len(words) for start, end, _ in made[name]):
            raise ValueError("no such place in the words")
    return made


# ---- what the other side says afterwards


def seals(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    """Keep the seals, closed for this installation. Nobody opens them here either."""
    petition = _of(crossing)
    try:
        rows = reclose.taken_over(crossing.number, petition.pk, dict(said["seals"]), now)
    except reclose.OtherPair:
        # Our pair was changed meanwhile, and the old one is gone: they close them once more.
        crossings.put(crossing, handover.KEYS, handover.written({"keys": reclose.our_keys()}), now)
        return "other-keys"
    for row in rows.values():
        if not type(row)._default_manager.filter(petition=petition).exists():
            row.save(force_insert=True)
    _now(crossing, sealed_at=now)
    crossings.put(crossing, handover.SEALED, handover.written({}), now)
    return ""


def withdrawn(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:  # noqa: ARG001 that is all
    """They took it back, having heard nothing. What was not adopted never will be; or our receipt stands."""
    if crossing.state == partners.ARRIVED:
        return _refuse(crossing, handover.RECALLED, now)
    crossings.retry(crossing.messages.filter(outgoing=True), now)  # they are there again
    return ""


def dropped(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    """It went on there before they heard from here: here it ends, unless it was taken up already."""
    why = _perform(crossing, "end-crossing", said, now)
    if not why:
        _now(crossing, state=partners.RETURNED)
    step = handover.HANDLED_THERE if why else handover.ENDED_THERE
    crossings.put(crossing, handover.WORD, handover.written({"step": step}), now)
    return why


def agreed(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    """They take it back: here it ends."""
    _now(crossing, state=partners.RETURNED)
    return _perform(crossing, "end-crossing", said, now)


def rejected(crossing: Crossing, said: Mapping[str, Any], now: datetime) -> str:
    """They do not: the body that objected has it again."""
    return _perform(crossing, "reject-objection", said, now)


def _perform(crossing: Crossing, verb: str, said: Mapping[str, Any], now: datetime) -> str:
    reasons = str(said.get("reasons") or "—")
    done = perform(_of(crossing).ref, Move(verb, {"reasons": reasons}), CLERK, now)
    if isinstance(done, Refusal) and done.code == "moved-meanwhile":
        raise handover.BadMessage(done.code)  # again at the next look
    return done.code if isinstance(done, Refusal) else ""


def tell(crossing: Crossing, now: datetime) -> None:
    """What happened here since they were told: kinds of steps with their days, and an objection with why."""
    petition = _of(crossing)
    for entry in petition.entries.filter(seq__gt=crossing.told_seq).order_by("seq"):
        day = law.at(entry.recorded_at, petition.jurisdiction)[1].isoformat()
        if entry.event == "objected":
            said = {"reasons": str(entry.contents.get("reasons", "")), "on": day}
            crossings.put(crossing, handover.OBJECT, handover.written(said), now)
        elif entry.event in handover.TOLD or entry.event == handover.REPORTED:
            told = {"step": entry.event, "on": day}
            crossings.put(crossing, handover.WORD, handover.written(told), now)
    _now(crossing, told_seq=petition.version)


def _of(crossing: Crossing) -> Petition:
    assert crossing.petition is not None  # noqa: S101 one that was adopted has one
    return crossing.petition


def _now(crossing: Crossing, **how: Any) -> None:
    Crossing.objects.filter(pk=crossing.pk).update(**how)
