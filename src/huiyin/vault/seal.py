"""Close identity and contact, in the same transaction as the petition. Nothing here can open anything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.core import seal as boxes
from huiyin.vault import keys, supply
from huiyin.vault.models import (
    ContactSeal,
    EntrySeal,
    IdentitySeal,
    ReliefSeal,
    RepresentativesSeal,
    Seal,
    SignerContact,
    SignerSeal,
    Spent,
    WordsSeal,
)
from huiyin.vault.store.models import OwnKey

WORDS = "words"  # what the files of a report are locked as
CONTACT_FIELDS = ("email", "phone")
# Made once: `json.dumps` makes one for each call that asks for anything of its own.
_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
BLOCK = 1024  # bytes: the length of a seal must not tell a long name from none


@dataclass(frozen=True, slots=True, repr=False)
class Author:
    """Who asks. Has no useful repr on purpose: a name must not slip into a log or an error page."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    texts: bool = False  # whether they want news by short message; no part of who they are

    def __repr__(self) -> str:
        return "Author(…)"

    @property
    def is_anonymous(self) -> bool:
        return not any((self.name, self.phone, self.email, self.address))


def seals_of(author: Author, *, now: datetime) -> list[tuple[type[Seal], dict[str, Any]]]:
    """Seal who asks and, apart, where notices go: what each row holds that is inserted with the petition.

    Anonymous authors leave nothing.
    """
    identity = _identity(author)
    contact: dict[str, Any] = {name: identity[name] for name in CONTACT_FIELDS if name in identity}
    if author.texts and "phone" in contact:
        contact["texts"] = True
    made: list[tuple[type[Seal], dict[str, Any]]] = []
    if identity:
        made.append((IdentitySeal, _sealed(identity, keys.IDENTITY) | {"sealed_at": now}))
    if contact:
        made.append((ContactSeal, _sealed(contact, keys.CONTACT) | {"sealed_at": now}))
    return made


def _identity(author: Author) -> dict[str, str]:
    said = {"name": author.name, "phone": author.phone, "email": author.email, "address": author.address}
    return {name: value for name, value in said.items() if value}


def seal_of_signer(author: Author, *, reachable: bool) -> SignerSeal:
    """The seal of one who signs with others. Whoever gives no name leaves one too, that holds nothing."""
    identity = _identity(author)
    return SignerSeal(**_sealed(identity, keys.IDENTITY), reachable=reachable and bool(author.name))


def contact_of_signer(author: Author) -> SignerContact:
    """Where news goes for one who signs with others: an address or nothing, in a seal of one length."""
    return SignerContact(**_sealed({"email": author.email} if author.email else {}, keys.CONTACT))


def representatives_seal(names: Iterable[str]) -> RepresentativesSeal:
    """Seal who comes for a booked hour: a row that whoever books ties to booking and petition."""
    return RepresentativesSeal(**_sealed(list(names), keys.IDENTITY))


def relief_seal(said: Mapping[str, str]) -> ReliefSeal:
    """Seal an application for aid: a row that whoever files ties to application and petition."""
    return ReliefSeal(**_sealed(dict(said), keys.RELIEF))


def words_seal(said: Mapping[str, Any], *, reading_key: bytes | None, now: datetime) -> WordsSeal:
    """Seal what the author of a report wrote: a row that whoever files ties to the petition.

    `reading_key`: the public half of the author's own key, who alone reads it beside the handlers.
    """
    return WordsSeal(**_sealed(dict(said), keys.IDENTITY, reading_key), sealed_at=now)


def entry_seal(said: Mapping[str, Any], *, reading_key: bytes | None) -> EntrySeal:
    """Seal what a move on a report said: a row that whoever files ties to entry and petition."""
    return EntrySeal(**_sealed(dict(said), keys.IDENTITY, reading_key))


@dataclass(frozen=True, slots=True, repr=False)
class SealedFile:
    """A file of a report: its name and digest locked apart from its bytes."""

    data_key: UUID
    label: bytes
    content: bytes


def file_seal(told: Mapping[str, str], content: bytes, *, reading_key: bytes | None) -> SealedFile:
    """Lock a file under a data key of its own."""
    fresh = supply.take(keys.IDENTITY)
    _for_author(fresh, reading_key)
    label = json.dumps(dict(told), ensure_ascii=False).encode()
    label = label.ljust(-(-len(label) // BLOCK) * BLOCK)
    return SealedFile(fresh.id, boxes.lock(label, fresh.key, WORDS), boxes.lock(content, fresh.key, WORDS))


def _for_author(fresh: supply.Fresh, reading_key: bytes | None) -> None:
    if reading_key:
        wrapped = boxes.close(fresh.key, reading_key)
        OwnKey.objects.create(data_key_id=fresh.id, wrapped=wrapped, reader=keys.id_of(reading_key))


def spend(data_keys: Iterable[UUID]) -> None:
    """Have these data keys destroyed: called in the transaction that takes their seals away."""
    Spent.objects.bulk_create([Spent(data_key=each) for each in data_keys], ignore_conflicts=True)


def _sealed(content: Any, purpose: str, reading_key: bytes | None = None) -> dict[str, Any]:
    plain = _PLAIN.encode(content).encode()
    padded = plain.ljust(-(-len(plain) // BLOCK) * BLOCK)
    fresh = supply.take(purpose)
    _for_author(fresh, reading_key)
    return {"sealed": boxes.lock(padded, fresh.key, purpose), "data_key": fresh.id}
