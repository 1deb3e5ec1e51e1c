"""Open a seal. Only the officer's door and the courier may import this room (an import contract holds it).

An officer's door has already made the `unseal` move: the entry comes first, so that no opening goes unseen by
the author. The courier opens a contact to send one notice, and its `dispatch` says so.
"""

from __future__ import annotations

import json
import secrets
from uuid import UUID

from huiyin.core import seal as boxes
from huiyin.vault import keys
from huiyin.vault.models import (
    ContactSeal,
    IdentitySeal,
    ReliefSeal,
    RepresentativesSeal,
    SignerContact,
    SignerSeal,
)
from huiyin.vault.seal import Author


class NothingSealed(LookupError):
    """The author left no identity (or no contact)."""


def open_identity(petition_id: int) -> Author:
    """The author's identity. Raises NothingSealed, SealBroken, or KeyRefused in the public zone."""
    return Author(**_open(IdentitySeal, petition_id, keys.IDENTITY))


def open_reachable(petition_id: int) -> list[Author]:
    """Those signers of a joint petition who agreed to be asked back, in no order; never the others.

    Raises NothingSealed where nobody agreed, SealBroken, or KeyRefused in the public zone.
    """
    rows = list(SignerSeal.objects.filter(petition_id=petition_id, reachable=True))
    if not rows:
        raise NothingSealed("nobody who signed this petition agreed to be asked back")
    private = keys.private(keys.IDENTITY)
    opened = [Author(**json.loads(boxes.open_seal(bytes(row.sealed), private))) for row in rows]
    secrets.SystemRandom().shuffle(opened)
    return opened


def open_contact(petition_id: int) -> Author:
    """Where notices go. Raises NothingSealed, SealBroken, or KeyRefused in the public zone."""
    return Author(**_open(ContactSeal, petition_id, keys.CONTACT))


def open_contacts_of_signers(petition_id: int) -> list[str]:
    """The e-mail addresses that signers of a joint petition left for news, each once, in no order.

    Raises SealBroken, or KeyRefused in the public zone.
    """
    private = keys.private(keys.CONTACT)
    rows = SignerContact.objects.filter(petition_id=petition_id)
    opened = [json.loads(boxes.open_seal(bytes(row.sealed), private)) for row in rows]
    addresses = list({said["email"] for said in opened if said.get("email")})
    secrets.SystemRandom().shuffle(addresses)
    return addresses


def open_representatives(petition_id: int, booking_id: UUID) -> tuple[str, ...]:
    """Who comes for a booked hour, if anybody was named. Raises SealBroken or KeyRefused."""
    row = RepresentativesSeal.objects.filter(petition_id=petition_id, booking_id=booking_id).first()
    if row is None:
        return ()
    named: list[str] = json.loads(boxes.open_seal(bytes(row.sealed), keys.private(keys.IDENTITY)))
    return tuple(named)


def open_relief(relief_id: UUID) -> dict[str, str]:
    """What an application for aid says. Raises NothingSealed once taken back, SealBroken, KeyRefused."""
    row = ReliefSeal.objects.filter(relief_id=relief_id).first()
    if row is None:
        raise NothingSealed("nothing is sealed for this application")
    said: dict[str, str] = json.loads(boxes.open_seal(bytes(row.sealed), keys.private(keys.RELIEF)))
    return said


def _open(model: type[IdentitySeal] | type[ContactSeal], petition_id: int, key: str) -> dict[str, str]:
    row = model._default_manager.filter(petition_id=petition_id).first()
    if row is None:
        raise NothingSealed("nothing is sealed for this petition")
    opened: dict[str, str] = json.loads(boxes.open_seal(bytes(row.sealed), keys.private(key)))
    return opened
