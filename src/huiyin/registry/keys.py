"""References and keys: what an author holds instead of an account.

Letters and digits of Crockford's base 32 (no I, L, O or U): easy to read aloud and to type on a phone. The
last letter of a key is reckoned from the reference and the rest of the key, so that a slip in either is told
from a key that is wrong, without asking whether the petition exists.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "HY"
REF_LETTERS = 10  # 50 bits: no order, no count, hardly ever drawn twice
KEY_LETTERS = 20  # 19 by chance and one that checks: 95 bits, which nobody guesses, so a plain hash keeps it
GROUP = 5
LONGEST = 200  # of what is typed, a space after each letter included
_AS_READ = str.maketrans("OIL", "011")
# The field of 32 elements (x^5 + x^2 + 1). Each place has its own weight, a power of x: one wrong letter,
# or two letters that changed places, never come out right.
_FIELD = 0b100101
_HIGH = 0b100000
_RIGHT = 1  # what the weighted letters add up to; not 0, or a row of zeros would be right


def new_ref() -> str:
    """A new reference such as HY-7K3M9-Q2X4T. It says nothing about when or where it was lodged."""
    return f"{PREFIX}-{_grouped(draw(REF_LETTERS))}"


def new_key(ref: str) -> str:
    """A new key for that reference, such as K7QM2-XWP9A-TD4H8-CZR3N."""
    chance = draw(KEY_LETTERS - 1)
    letters = as_typed(ref).removeprefix(PREFIX)
    # The last place has the weight 1: what is missing there is the letter itself.
    return _grouped(chance + ALPHABET[_sum(f"{letters}{chance}{ALPHABET[0]}") ^ _RIGHT])


def is_mistyped(ref: str, key: str) -> bool:
    """Whether these two cannot belong together, whatever the registry holds: a letter is missing or wrong.

    Only ever asked of what did not fit: it chooses the words of a refusal and refuses nothing.
    """
    ref, key = read_ref(ref), read_key(key)
    return not ref or not key or _sum(as_typed(ref).removeprefix(PREFIX) + as_typed(key)) != _RIGHT


def _sum(letters: str) -> int:
    """The letters with their weights, added up (Horner's scheme)."""
    total = 0
    for letter in letters:
        total <<= 1
        total ^= (_FIELD if total & _HIGH else 0) ^ ALPHABET.index(letter)
    return total


def draw(letters: int) -> str:
    """So many letters by chance."""
    return secrets.token_bytes(letters).translate(_DRAWN).decode()


# 256 is a multiple of 32: each letter is as likely as any other.
_DRAWN = "".join(ALPHABET[byte % len(ALPHABET)] for byte in range(256)).encode()


def _grouped(letters: str) -> str:
    return "-".join(letters[i : i + GROUP] for i in range(0, len(letters), GROUP))


def read_ref(typed: str) -> str:
    """A reference as it was typed, in its one right form; '' when it cannot be one."""
    letters = as_typed(typed)
    letters = letters.removeprefix(PREFIX)
    return f"{PREFIX}-{_grouped(letters)}" if len(letters) == REF_LETTERS else ""


def read_key(typed: str) -> str:
    """A key as it was typed, in its one right form; '' when it cannot be one."""
    letters = as_typed(typed)
    return _grouped(letters) if len(letters) == KEY_LETTERS else ""


def as_typed(typed: str) -> str:
    """The letters of what was typed: small ones, full-width ones, spaces and dashes do not matter."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST]).upper().translate(_AS_READ)
    return "".join(c for c in plain if c in ALPHABET)


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
