"""Who holds the private halves of the seals: files, or a machine of the operator's that lets go of none.

A seal is closed with the public half, which lies in `keys/NAME.pub` in any case. Opening one asks the holder,
and only officers' doors and the courier do (docs/operate/extending.md).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from django.conf import settings

from huiyin.core import extending
from huiyin.core import seal as boxes
from huiyin.vault import keys
from huiyin.vault.keys import KeyRefused

SETTING = "HUIYIN_KEY_HOLDER"


class Holder(Protocol):
    """What a holder of keys has to do."""

    def opened(self, purpose: str, pair: str, box: bytes) -> bytes:
        """What is in a sealed box (libsodium `crypto_box_seal`, X25519) that was closed for that pair.

        `purpose`: identity, courier or relief. `pair`: the first sixteen hex digits of the SHA-256 of its
        public half. Raises PermissionError where it may not or cannot be opened. The box holds a data key
        of 32 bytes and no words; nothing of what comes out may be kept or logged.
        """


def holder() -> Holder:
    """The holder of this house. Raises KeyRefused in the public zone, whoever holds the keys (charter 5)."""
    if settings.ZONE == "public":
        raise KeyRefused("the public zone may open no seal")
    return _named(settings.KEY_HOLDER) if settings.KEY_HOLDER else Files()


@lru_cache(maxsize=4)
def _named(named: str) -> Holder:
    found: Holder = extending.made(SETTING, named, ("opened",))
    return found


def ready(purpose: str) -> None:
    """Raises KeyRefused where this process could open nothing of that purpose: asked before it looks."""
    if isinstance(holder(), Files):
        keys.private(purpose)


class Files:
    """Private halves in files of the data folder, for their owner alone."""

    def opened(self, purpose: str, pair: str, box: bytes) -> bytes:
        return boxes.open_seal(box, keys.private(purpose, pair))
