"""What a hand-over to another installation leaves in the registry: begun by a move, worked off by the clerk.

Every message is a row before it goes anywhere, so that whoever dies on the way begins again where it stood.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable

from huiyin.core import case, handover, ledger, notes
from huiyin.core import seal as boxes
from huiyin.core.handover import BadMessage, Envelope
from huiyin.core.refusal import Refusal, refuse
from huiyin.registry import partners
from huiyin.registry.models import Body, Crossing, Partner, PartnerMessage, Petition
from huiyin.registry.receipt import key_name
from huiyin.vault import certificate

CROSSING = "crossing"  # the mark of what is on its way, and the state
NOT_LEFT_YET = (partners.BEGUN, partners.OFFERED)
# What the clerk still has to look at: the petition may have moved since the other side was told.
LIVE = (partners.ADOPTED, partners.OBJECTED)


# ---- in the transaction of a move


def turned(before: case.Case, after: case.Case) -> bool:
    """Whether it sets out for another installation, or stops being on its way."""
    return bool(before.marks.get(CROSSING)) != bool(after.marks.get(CROSSING))


def way(standing: case.Case, now: datetime) -> tuple[bool, bool]:
    """Whether the other installation may have what is on its way there, and whether it has let days pass."""
    if standing.state != CROSSING:
        return False, False
    rows = Crossing.objects.filter(petition__ref=standing.ref, incoming=False, has_left=True)
    found = rows.filter(state__in=NOT_LEFT_YET).annotate(silent=unanswered(now)).first()
    return found is not None, found is not None and found.silent


def unanswered(now: datetime) -> Combinable:
    """For each hand-over: whether the other installation has had it for days and said nothing at all."""
    heard = Exists(PartnerMessage.objects.filter(crossing=OuterRef("pk"), outgoing=False))
    left = Q(incoming=False, has_left=True, state=partners.OFFERED)
    return ExpressionWrapper(
        left & Q(began_at__lte=now - handover.UNANSWERED) & ~Q(heard), output_field=BooleanField()
    )


def follow(petition: Petition, after: case.After, now: datetime) -> Refusal | None:
    """Begin a hand-over with the move that sets out, or end one with the move that takes it back.

    Answers why the move must not stand, where something came in between.
    """
    if after.case.marks.get(CROSSING):
        return _begin(petition, after.contents["body"], now)
    ends = {"call-back": _call_back, "recall": _recall}.get(after.row.verb)
    return ends(petition, now) if ends else None  # by the clerk, who writes how it stands


def _begin(petition: Petition, code: str, now: datetime) -> Refusal | None:
    body = Body.objects.select_related("partner").get(code=code)
    if body.partner is None:
        return refuse("has-left")
    unsettled = (partners.RECALLED, partners.AT_BOTH)
    if petition.crossings.filter(incoming=False, partner=body.partner, state__in=unsettled).exists():
        return refuse("recalled-there")  # they may have it already, and would have it twice
    Crossing.objects.create(
        partner=body.partner,
        number=uuid4(),
        incoming=False,
        petition=petition,
        body=body.partner_code,
        state=partners.BEGUN,
        began_at=now,
        entry_seq=petition.version,
        told_seq=petition.version,
    )
    return None


def _call_back(petition: Petition, now: datetime) -> Refusal | None:
    mine = Crossing.objects.filter(petition=petition, incoming=False, state__in=NOT_LEFT_YET, has_left=False)
    _unsaid(mine, now, "called-back")
    return None if mine.update(state=partners.CALLED_BACK) == 1 else refuse("has-left")


def _recall(petition: Petition, now: datetime) -> Refusal | None:
    """Nothing more of the case leaves. What goes, until it is heard, is that the offer is withdrawn."""
    mine = Crossing.objects.select_related("partner").filter(
        petition=petition, incoming=False, state=partners.OFFERED
    )
    crossing = mine.first()
    if crossing is None:
        return refuse("may-answer")
    _unsaid(mine, now, handover.RECALLED)
    mine.update(state=partners.RECALLED, told_seq=petition.version)
    put(crossing, handover.WITHDRAW, handover.written({}), now)
    return None


def _unsaid(mine: QuerySet[Crossing], now: datetime, why: str) -> None:
    PartnerMessage.objects.filter(crossing__in=mine, outgoing=True, done_at=None).update(
        done_at=now, next_at=None, sealed=b"", error=why
    )


# ---- messages


def put(crossing: Crossing, kind: str, content: bytes, now: datetime) -> PartnerMessage:
    """Close and sign one more message to the other side. Called in the transaction of what it tells."""
    partner = crossing.partner
    seq = crossing.messages.filter(outgoing=True).count() + 1
    sealed = boxes.close(content, bytes.fromhex(partner.box_key))
    seed, word = certificate.signing()
    envelope = Envelope(
        sender=settings.ORIGIN,
        receiver=partner.origin,
        number=str(crossing.number),
        seq=seq,
        kind=kind,
        at=ledger.second(now),
        sha256=hashlib.sha256(sealed).hexdigest(),
        certificate=word,
    )
    note = notes.sign(envelope.text, key_name(), seed)
    return PartnerMessage.objects.create(
        crossing=crossing,
        petition=crossing.petition,
        outgoing=True,
        seq=seq,
        kind=kind,
        at=now,
        sealed=handover.packed(note, sealed),
        sha256=envelope.sha256,
        next_at=now,
    )


def receive(message: bytes, now: datetime) -> bool:
    """Keep what came over the line, to be worked off by the clerk; False where it was here already.

    Nothing in it is opened: whoever receives has no key for that. Raises BadMessage.
    """
    note, sealed = handover.unpacked(message)
    partner = Partner.objects.filter(origin=handover.sender_of(note)).first()
    if partner is None:
        raise BadMessage("unknown")
    envelope = handover.opened(note, sealed, notes.parse_key(partner.log_key), settings.ORIGIN)
    try:
        number = UUID(envelope.number)
    except ValueError:
        raise BadMessage("form") from None
    with transaction.atomic():
        crossing = _crossing_of(partner, number, envelope, now)
        kept = crossing.messages.filter(outgoing=False)
        before = kept.filter(seq=envelope.seq).first()
        if before is not None:
            if before.sha256 != envelope.sha256:
                raise BadMessage("another")
            return False
        withdrawn = kept.filter(kind=handover.WITHDRAW).exists()
        if envelope.kind == handover.OFFER and withdrawn:
            return False  # it was on the line while it was withdrawn: nobody needs it
        # The word that an offer is withdrawn comes even where the offer never did, nor will.
        if kept.count() != envelope.seq - 1 and envelope.kind != handover.WITHDRAW:
            raise BadMessage("too-early")
        _, new = PartnerMessage.objects.get_or_create(
            crossing=crossing,
            outgoing=False,
            seq=envelope.seq,
            defaults={
                "petition": crossing.petition,
                "kind": envelope.kind,
                "at": now,
                "sealed": message,
                "sha256": envelope.sha256,
                "next_at": now,
            },
        )
        return new


def _crossing_of(partner: Partner, number: UUID, envelope: Envelope, now: datetime) -> Crossing:
    theirs = envelope.begins_here
    found = Crossing.objects.filter(partner=partner, number=number, incoming=theirs).first()
    begins = envelope.kind == handover.OFFER and partner.until is None
    if found is None and (begins or envelope.kind == handover.WITHDRAW):
        found, _ = Crossing.objects.get_or_create(
            partner=partner,
            number=number,
            incoming=True,
            defaults={"state": partners.ARRIVED, "began_at": now},
        )
    if found is None:
        raise BadMessage("unknown")
    return found


# ---- what is to be done


def due(now: datetime, *, outgoing: bool, most: int) -> list[PartnerMessage]:
    """The first message of each hand-over and direction that is not done, if its time has come."""
    waiting = PartnerMessage.objects.filter(outgoing=outgoing, done_at=None, next_at__lte=now)
    rows = waiting.select_related("crossing__partner", "crossing__petition").order_by("next_at", "id")[:most]
    return [row for row in rows if not _waits_behind(row)]


def _waits_behind(row: PartnerMessage) -> bool:
    earlier = PartnerMessage.objects.filter(crossing=row.crossing_id, outgoing=row.outgoing, seq__lt=row.seq)
    return earlier.filter(done_at=None).exists()


def leaves(message: PartnerMessage) -> bool:
    """Say, before an offer is put on the line, that the other side may have it; False: it was called back."""
    if message.kind != handover.OFFER:
        return True
    with transaction.atomic():
        standing = Crossing.objects.filter(pk=message.crossing_id, state__in=NOT_LEFT_YET)
        return standing.update(has_left=True, state=partners.OFFERED) == 1


def has_not_left(message: PartnerMessage) -> None:
    """The line was not even there: nobody has an offer that was never on it in a try before this one."""
    if message.kind == handover.OFFER and not message.crossing.has_left:  # as it stood before this try
        with transaction.atomic():
            Crossing.objects.filter(pk=message.crossing_id).update(has_left=False)


def done(message: PartnerMessage, now: datetime, error: str = "") -> None:
    with transaction.atomic():
        PartnerMessage.objects.filter(pk=message.pk).update(
            done_at=now, next_at=None, sealed=b"", error=error[:60], attempts=F("attempts") + 1
        )


def failed(message: PartnerMessage, why: str, now: datetime) -> None:
    """Try again after a longer wait; at last it waits for somebody to look."""
    tried = message.attempts
    again = now + timedelta(seconds=handover.WAITS[tried]) if tried < len(handover.WAITS) else None
    with transaction.atomic():
        PartnerMessage.objects.filter(pk=message.pk, done_at=None).update(
            attempts=tried + 1, next_at=again, error=why[:60]
        )


def retry(messages: QuerySet[PartnerMessage], now: datetime) -> int:
    """Have these tried at the next look, from the shortest wait on."""
    with transaction.atomic():
        return messages.filter(done_at=None).update(attempts=1, next_at=now)


def to_tell() -> list[Crossing]:
    """The hand-overs of petitions that moved since the other side was told."""
    moved = Crossing.objects.filter(state__in=LIVE, petition__version__gt=F("told_seq"))
    return list(moved.select_related("partner", "petition").order_by("id"))
