"""Open a seal. Only the officer's door and the courier may import this room (an import contract holds it).

An officer's door has already made the `unseal` move: the entry comes first, so that no opening goes unseen by
the author. The courier opens a contact to send one notice, and its `dispatch` says so.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from huiyin.core import seal as boxes
from huiyin.vault import holders, keys
from huiyin.vault.models import (
    ContactSeal,
    EntrySeal,
    IdentitySeal,
    ReliefSeal,
    RepresentativesSeal,
    SignerContact,
    SignerSeal,
    WordsSeal,
)
from huiyin.vault.seal import WORDS, Author
from huiyin.vault.store.models import DataKey, OwnKey


class NothingSealed(LookupError):
    """The author left no identity (or no contact), or it was erased."""


def open_identity(petition_id: int) -> Author:
    """The author's identity. Raises NothingSealed, SealBroken, or KeyRefused in the public zone."""
    return Author(**_open(IdentitySeal.objects.filter(petition_id=petition_id).first(), keys.IDENTITY))


def open_reachable(petition_id: int) -> list[Author]:
    """Those signers of a joint petition who agreed to be asked back, in no order; never the others.

    Raises NothingSealed where nobody agreed, SealBroken, or KeyRefused in the public zone.
    """
    rows = list(SignerSeal.objects.filter(petition_id=petition_id, reachable=True))
    if not rows:
        raise NothingSealed("nobody who signed this petition agreed to be asked back")
    opened = [Author(**_open(row, keys.IDENTITY)) for row in rows]
    secrets.SystemRandom().shuffle(opened)
    return opened


def open_contact(petition_id: int) -> Author:
    """Where notices go. Raises NothingSealed, SealBroken, or KeyRefused in the public zone."""
    return Author(**_open(ContactSeal.objects.filter(petition_id=petition_id).first(), keys.CONTACT))


def open_contacts_of_signers(petition_id: int) -> list[str]:
    """The e-mail addresses that signers of a joint petition left for news, each once, in no order.

    Raises SealBroken, or KeyRefused in the public zone.
    """
    rows = SignerContact.objects.filter(petition_id=petition_id)
    opened = [_open(row, keys.CONTACT) for row in rows]
    addresses = list({said["email"] for said in opened if said.get("email")})
    secrets.SystemRandom().shuffle(addresses)
    return addresses


def open_representatives(petition_id: int, booking_id: UUID) -> tuple[str, ...]:
    """Who comes for a booked hour, if anybody was named. Raises SealBroken or KeyRefused."""
    row = RepresentativesSeal.objects.filter(petition_id=petition_id, booking_id=booking_id).first()
    return tuple(_open(row, keys.IDENTITY)) if row else ()


def open_relief(relief_id: UUID) -> dict[str, str]:
    """What an application for aid says. Raises NothingSealed once taken back, SealBroken, KeyRefused."""
    said: dict[str, str] = _open(ReliefSeal.objects.filter(relief_id=relief_id).first(), keys.RELIEF)
    return said


def open_words(petition_id: int) -> dict[str, Any]:
    """What the author of a report wrote. Whoever calls has put the reading on record before.

    Raises NothingSealed once erased, SealBroken, or KeyRefused in the public zone.
    """
    said: dict[str, Any] = _open(WordsSeal.objects.filter(petition_id=petition_id).first(), keys.IDENTITY)
    return said


def open_said(entries: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What these entries of reports say in words; what does not open is left out. Raises KeyRefused."""
    holders.ready(keys.IDENTITY)  # refused before anything is looked at
    rows = list(EntrySeal.objects.filter(pk__in=list(entries)))
    known = DataKey.objects.in_bulk([row.data_key for row in rows])
    opened = {}
    for row in rows:
        try:
            key = _unwrapped(known[row.data_key])
            opened[row.pk] = json.loads(boxes.unlock(bytes(row.sealed), key, keys.IDENTITY))
        except (KeyError, boxes.SealBroken):
            continue  # erased
    return opened


def give_to_author(petition_id: int, files: Iterable[UUID], reading_key: bytes) -> int:
    """Close for the author's key of today what was closed for one they lost; answer how many.

    Of a report only: its words, what was said on it, and these files. Raises SealBroken or KeyRefused.
    """
    seals = (model.objects.filter(petition_id=petition_id) for model in (WordsSeal, EntrySeal))
    sealed = {key for rows in seals for key in rows.values_list("data_key", flat=True)} | set(files)
    reader = keys.id_of(reading_key)
    known = OwnKey.objects.filter(pk__in=sealed).exclude(reader=reader).select_related("data_key")
    for own in known:
        own.wrapped, own.reader = boxes.close(_unwrapped(own.data_key), reading_key), reader
        own.save(update_fields=["wrapped", "reader"])
    return len(known)


def open_file(data_key: UUID, label: bytes, content: bytes) -> tuple[dict[str, str], bytes]:
    """Name and digest of a report's file, and its bytes (b'' where only the name is asked for)."""
    opened = _data_key(data_key, keys.IDENTITY)
    told: dict[str, str] = json.loads(boxes.unlock(label, opened, WORDS))
    return told, boxes.unlock(content, opened, WORDS) if content else b""


def _open(row: Any, purpose: str) -> Any:
    """What a seal holds, by its data key. Once that key is destroyed there is nothing to open any more."""
    holders.ready(purpose)  # refused before anything is looked at
    if row is None:
        raise NothingSealed("nothing is sealed here")
    opened = _data_key(row.data_key, purpose)
    # A seal of an earlier version was one box: the migration moved that box into the key store as it was.
    plain = boxes.unlock(bytes(row.sealed), opened, purpose) if row.sealed else opened
    return json.loads(plain)


def _data_key(data_key: UUID, purpose: str) -> bytes:
    kept = DataKey.objects.filter(pk=data_key, purpose=purpose).first()
    if kept is None:
        raise NothingSealed("nothing is sealed here any more")
    return _unwrapped(kept)


def _unwrapped(kept: DataKey) -> bytes:
    return holders.holder().opened(kept.purpose, kept.key_id, bytes(kept.wrapped))
