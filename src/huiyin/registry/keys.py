"""References and keys: what an author holds instead of an account.

Letters and digits of Crockford's base 32 (no I, L, O or U): easy to read aloud and to type on a phone.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "HY"
REF_LETTERS = 10  # 50 bits: no order, no count, hardly ever drawn twice
KEY_LETTERS = 20  # 100 bits: nobody guesses it, so a plain hash keeps it
GROUP = 5
_AS_READ = str.maketrans("OIL", "011")


def new_ref() -> str:
    """A new reference such as HY-7K3M9-Q2X4T. It says nothing about when or where it was lodged."""
    return f"{PREFIX}-{_grouped(draw(REF_LETTERS))}"


def new_key() -> str:
    """A new key such as K7QM2-XWP9A-TD4H8-CZR3N."""
    return _grouped(draw(KEY_LETTERS))


def draw(letters: int) -> str:
    """So many letters by chance."""
    # 256 is a multiple of 32: each letter is as likely as any other.
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(letters))


def _grouped(letters: str) -> str:
    return "-".join(letters[i : i + GROUP] for i in range(0, len(letters), GROUP))


def read_ref(typed: str) -> str:
    """A reference as it was typed, in its one right form; '' when it cannot be one."""
    letters = _letters(typed)
    letters = letters.removeprefix(PREFIX)
    return f"{PREFIX}-{_grouped(letters)}" if len(letters) == REF_LETTERS else ""


def read_key(typed: str) -> str:
    """A key as it was typed, in its one right form; '' when it cannot be one."""
    letters = _letters(typed)
    return _grouped(letters) if len(letters) == KEY_LETTERS else ""


def _letters(typed: str) -> str:
    return "".join(c for c in typed.upper().translate(_AS_READ) if c in ALPHABET)


def key_hash(ref: str, key: str) -> bytes:
    return hashlib.sha256(f"{ref}\n{key}".encode()).digest()


def reading_key(ref: str, key: str) -> bytes:
    """The private half, 32 bytes, that opens what the author lodged under seal. Made from the key alone, so
    that nobody else has it; it proves nothing and makes no move.
    """
    return hashlib.sha256(f"huiyin-reading\n{ref}\n{key}".encode()).digest()


def key_fits(ref: str, key: str, kept: bytes | None) -> bool:
    """Compare in constant time; an unknown reference (None) costs as long as a wrong key."""
    made = key_hash(ref, key)
    return hmac.compare_digest(made, kept if kept is not None else bytes(32)) and kept is not None
