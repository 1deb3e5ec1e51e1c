"""Words that go into an address closed with a key of the house: the way back works, no log reads them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def closed(said: Mapping[str, str], purpose: str) -> str:
    """A token that opens for this purpose alone."""
    token = _lock(purpose).encrypt(json.dumps(dict(said), ensure_ascii=False).encode()).decode()
    return token.rstrip("=")


def opened(token: str, purpose: str) -> dict[str, str] | None:
    """What a token holds; None for one that is not ours, is for something else, or an older key closed."""
    try:
        return dict(json.loads(_lock(purpose).decrypt(token + "=" * (-len(token) % 4))))
    except InvalidToken:
        return None


def _lock(purpose: str) -> Fernet:
    """Derived from the key of the house, so that one key is kept."""
    key = hashlib.sha256(f"huiyin {purpose} address\n{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
