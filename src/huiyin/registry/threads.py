"""By what a reply finds its petition: a token in the address or in the subject, never who sent it.

A token opens nothing and reads nothing: whoever holds it may add words to one petition. It is reckoned from
the petition and a secret of this installation, so that none is kept, and ends with the author's key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from email.utils import parseaddr

from django.conf import settings

from huiyin.registry import keys
from huiyin.registry.models import Petition

LETTERS = 16  # 80 bits
_TOKEN = re.compile(rf"([0-9A-Z]{{{keys.REF_LETTERS}}})\.([0-9A-Z]{{{LETTERS}}})(?![0-9A-Z])", re.IGNORECASE)


def is_open() -> bool:
    """Whether this house reads mail, so that a reply reaches it."""
    return bool(settings.IMAP and settings.IMAP_ADDRESS)


def token_of(petition: Petition) -> str:
    """Such as 7K3M9Q2X4T.0AV5J0B2T4XN6H1C; '' where several signed, each with a key."""
    if petition.marks.get("signatures"):
        return ""
    ref = keys.as_typed(petition.ref).removeprefix(keys.PREFIX)
    return f"{ref}.{_proof(petition)}"


def reply_address(petition: Petition) -> str:
    """Where a reply goes; '' where no reply can be read."""
    token = token_of(petition)
    if not token or not is_open():
        return ""
    local, _, domain = parseaddr(settings.IMAP_ADDRESS)[1].partition("@")
    return f"{local}+{token.lower()}@{domain}" if settings.IMAP_PLUS else f"{local}@{domain}"


def named_in(*words: str) -> Petition | None:
    """The petition that one of these texts (subject, addresses) holds a good token of."""
    for text in words:
        for found in _TOKEN.finditer(text):
            letters, proof = found.group(1), found.group(2)
            ref = keys.read_ref(letters)
            petition = Petition.objects.select_related("holder").filter(ref=ref).first() if ref else None
            if petition and token_of(petition) and hmac.compare_digest(proof.upper(), _proof(petition)):
                return petition
    return None


def _proof(petition: Petition) -> str:
    said = b"huiyin-thread\n" + petition.ref.encode() + b"\n" + bytes(petition.key_hash)
    made = hmac.new(settings.MAIL_SECRET.encode(), said, hashlib.sha256).digest()
    return "".join(keys.ALPHABET[byte % len(keys.ALPHABET)] for byte in made[:LETTERS])
