"""Sign a petition together: by one shared invitation, each with a key, a seal and a receipt of their own.

Nothing is kept of who invited whom, who came first, or when: a signature has no time and no number, joining
leaves no entry, and once a day the clerk puts their number on record. Whoever lodged is one signer like the
others. The writer of `Invitation` and `Signature`; the number goes onto the petition by a move.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from huiyin.core import contents
from huiyin.core.refusal import Refusal, refuse
from huiyin.registry import keys, law
from huiyin.registry.access import Author
from huiyin.registry.models import Invitation, Petition, Signature
from huiyin.registry.receipt import signers_receipt_of
from huiyin.vault.models import SignerContact, SignerSeal
from huiyin.vault.seal import Author as Person
from huiyin.vault.seal import contact_of_signer, seal_of_signer, spend

COUNTING = "tally-signatures"  # the move that puts their number on record
OPEN_FOR = timedelta(days=30)  # a house rule: the invitation ends by itself
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LENGTHS = {"name": 200, "phone": 200, "email": 254, "address": 500}


@dataclass(frozen=True, slots=True)
class Invited:
    """What somebody sees who follows the invitation. Nobody signs what they could not read."""

    petition: Petition
    until: date
    may_be_reachable: bool  # whether one more may agree to be asked back


@dataclass(frozen=True, slots=True)
class Joined:
    """What a signer leaves with. The key is shown once and kept by nobody but them."""

    ref: str
    key: str = field(repr=False)
    receipt: str = field(repr=False)


def is_known_to_the_law() -> bool:
    """Whether the law in force here knows joint petitions."""
    return bool(law.at(timezone.now())[0].rows_of(COUNTING))


# ---- rows for whoever files


def invitation_to(petition: Petition, today: date) -> tuple[str, Invitation]:
    """A new token, and the row that knows its digest."""
    token = secrets.token_urlsafe(32)
    until = today + OPEN_FOR
    return token, Invitation(petition=petition, token_hash=_hash(token), until=until, counted_on=today)


def signature_of(petition: Petition, key: str, person: Person, *, reachable: bool) -> Iterator[Model]:
    """One signature and its two seals: who signs, and where news goes."""
    signature = Signature(petition=petition, key_hash=keys.key_hash(petition.ref, key))
    yield signature
    for seal in (seal_of_signer(person, reachable=reachable), contact_of_signer(person)):
        seal.signature, seal.petition = signature, petition
        yield seal


def _hash(token: str) -> bytes:
    return hashlib.sha256(f"huiyin-invitation\n{token}".encode()).digest()


# ---- looking and signing


def look(token: str, now: datetime) -> Invited | Refusal:
    """The petition that an invitation leads to. An unknown one and one that has ended look the same."""
    return _look(Invitation.objects.all(), token, now)


def _look(rows: QuerySet[Invitation], token: str, now: datetime) -> Invited | Refusal:
    known = rows.select_related("petition__holder").filter(token_hash=_hash(token))
    found = known.first() if TOKEN.fullmatch(token) else None
    if found is None or not is_joinable(found, now):
        return refuse("no-invitation")
    most = law.at(now, found.petition.jurisdiction)[0].representatives
    return Invited(found.petition, found.until, _reachable(found.petition) < most)


def is_joinable(invitation: Invitation, now: datetime) -> bool:
    """Whether somebody may still sign: as long as the matter itself is being looked into."""
    petition = invitation.petition
    today = law.at(now, petition.jurisdiction)[1]
    open_itself = invitation.is_open and today <= invitation.until
    undecided = petition.is_open and petition.stage == "handling" and petition.issued_on is None
    return open_itself and undecided and not petition.withdrawing


def join(token: str, person: Person, now: datetime, *, reachable: bool = False) -> Joined | Refusal:
    """Sign, and get a key and a receipt of one's own; or hear why not."""
    if wrong := _wrong(person):
        return refuse("contents", fields=wrong)
    with transaction.atomic():
        # Whoever counts or leaves meanwhile waits: no signature may slip between.
        invited = _look(Invitation.objects.select_for_update(of=("self",)), token, now)
        if isinstance(invited, Refusal):
            return invited
        petition, key = invited.petition, keys.new_key(invited.petition.ref)
        for row in signature_of(petition, key, person, reachable=reachable and invited.may_be_reachable):
            row.save(force_insert=True)
        today = law.at(now, petition.jurisdiction)[1]
        return Joined(petition.ref, key, signers_receipt_of(petition, petition.entries.get(seq=1), today))


def _wrong(person: Person) -> dict[str, str]:
    said = {name: getattr(person, name) for name in LENGTHS}
    wrong = {name: "too-long" for name, words in said.items() if len(words) > LENGTHS[name]}
    return wrong | {name: "text" for name, words in said.items() if not contents.is_keepable(words)}


def _reachable(petition: Petition) -> int:
    return SignerSeal.objects.filter(petition=petition, reachable=True).count()


# ---- what every signer may do, and none more than the others


def leave(author: Author) -> Refusal | None:
    """Take one's own signature back, seal and key with it. The petition goes on for the others."""
    with transaction.atomic():
        petition = _shared(author)
        if isinstance(petition, Refusal):
            return petition
        Invitation.objects.select_for_update().get(petition=petition)
        if count(petition) < 2:
            return refuse("last-signature")
        mine = Signature.objects.filter(petition=petition, pk=author.signature)
        for seals in (SignerSeal.objects, SignerContact.objects):
            spend(seals.filter(signature__in=mine).values_list("data_key", flat=True))
        Signature.objects.filter(petition=petition, pk=author.signature).delete()
    return None


def invite_anew(author: Author, now: datetime) -> str | Refusal:
    """A new link in place of the one before, which ends; for another while."""
    with transaction.atomic():
        petition = _shared(author)
        if isinstance(petition, Refusal):
            return petition
        today = law.at(now, petition.jurisdiction)[1]
        token, fresh = invitation_to(petition, today)
        if not is_joinable(fresh, now):
            return refuse("no-invitation")
        changed = {"token_hash": fresh.token_hash, "until": fresh.until, "is_open": True}
        Invitation.objects.filter(petition=petition).update(**changed)
    return token


def close(author: Author) -> Refusal | None:
    """Nobody joins any more, until somebody makes a new link."""
    petition = _shared(author)
    if isinstance(petition, Refusal):
        return petition
    Invitation.objects.filter(petition=petition).update(is_open=False)
    return None


def _shared(author: Author) -> Petition | Refusal:
    if not author.signature:
        return refuse("not-found")
    # Whoever looks at a part of a mixed petition signed the whole.
    mine = Petition.objects.filter(signatures__pk=author.signature)
    petition = mine.filter(Q(ref=author.ref) | Q(parts__ref=author.ref)).first()
    return petition or refuse("not-found")


# ---- the number


def count(petition: Petition) -> int:
    """How many sign it now; 0 for a petition that is not joint."""
    return Signature.objects.filter(petition=petition.sealed_under).count()


def lay_anew(petition: Petition) -> None:
    """Write all signatures of a petition again, in the order of their random names.

    Where a row lies in the file, and which transaction wrote it, then no longer tells which came first.
    """
    signatures = list(Signature.objects.filter(petition=petition).order_by("pk"))
    seals = list(SignerSeal.objects.filter(petition=petition).order_by("pk"))
    contacts = list(SignerContact.objects.filter(petition=petition).order_by("pk"))
    Signature.objects.filter(petition=petition).delete()  # its seals go with it
    Signature.objects.bulk_create(signatures)
    SignerSeal.objects.bulk_create(seals)
    SignerContact.objects.bulk_create(contacts)
