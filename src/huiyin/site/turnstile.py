"""How many may come through a public door at once, and who waits for a moment when too many do.

Counted in the memory of one process, a minute at a time, under a secret that is drawn anew each minute: no
address is kept, stored or logged. Nobody is refused. Whoever comes too often in a busy minute shows that a
device did some work, or waits for the next minute.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

MINUTE = 60
HOUR = 60 * MINUTE
BITS = 16  # zeros that a proof of work begins with: some 65,000 hashes, a few seconds on a phone
PROOF, WAITED = "proof", "waited"  # the fields of a form
LONGEST_PROOF = 12
SALT = "huiyin.turnstile"
PATIENT = 10  # seconds after which somebody counts as having waited
PRESSES = 3
MOST_NAMES = 100_000  # told apart in one minute; all further ones count as one
TRIES_OF_TOKENS = 30  # tokens that open nothing, a minute from one address
TRIES_OF_REFERENCE = 10  # wrong keys a minute for one reference, before a wrong one is answered with a wait
clock = time.monotonic  # for tests


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many at this moment: come again in so many seconds, or show that the device worked."""

    seconds: int
    waited: str = ""  # to be sent along with the next try

    @property
    def bits(self) -> int:
        return BITS


class Minute:
    """What was counted in the minute that runs, under names that nobody can read back."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._begin(0)

    def _begin(self, minute: int) -> None:
        self._minute = minute
        self._secret = secrets.token_bytes(32)
        self._counts: Counter[bytes] = Counter()

    def count(self, scope: str, name: str = "", *, add: int = 1) -> int:
        """How often this was counted in this minute, this time included."""
        minute = int(clock() // MINUTE)
        with self._turn:
            if minute != self._minute:
                self._begin(minute)
            key = hmac.digest(self._secret, f"{scope}\n{name}".encode(), "sha256")[:16]
            if key not in self._counts and len(self._counts) >= MOST_NAMES:
                key = scope.encode()
            if add:
                self._counts[key] += add
            return self._counts[key]

    @property
    def left(self) -> int:
        """Seconds until the next minute."""
        return MINUTE - int(clock() % MINUTE)


_minute = Minute()


def forget() -> None:
    """Throw away what was counted."""
    global _minute  # noqa: PLW0603 - the one state of this module
    _minute = Minute()


def address_of(request: HttpRequest) -> str:
    """Where a request comes from. Behind the proxy that HTTPS needs: what that proxy says, its last word."""
    told = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    address = told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        known = ip_address(address)
    except ValueError:
        return ""  # all who have none count as one
    if isinstance(known, IPv6Address):
        # One line at home has a whole /64 to choose from.
        return known.ipv4_mapped.exploded if known.ipv4_mapped else known.exploded[:19]
    return str(known)


def filing(request: HttpRequest, token: str = "") -> Wait | None:
    """Count one filing; a wait for whoever files more than their share in a minute that is busy.

    `token`: of the form that is sent. A proof of work is for one form, and works for no other.
    """
    busy = _minute.count("filings") > settings.BUSY_FROM
    if _minute.count("filing", address_of(request)) <= settings.FILINGS_A_MINUTE or not busy:
        return None
    return _wait(request, token, settings.FILINGS_A_MINUTE)


def trying(request: HttpRequest, token: str = "") -> Wait | None:
    """A wait for whoever sent too many wrong keys in this minute, or when all together sent far too many."""
    here = _minute.count("wrong-here", address_of(request), add=0) >= settings.FILINGS_A_MINUTE
    if not here and _minute.count("wrong", add=0) < settings.BUSY_FROM:
        return None
    return _wait(request, token, settings.FILINGS_A_MINUTE)


def wrong_key(request: HttpRequest, ref: str) -> Wait | None:
    """Count a key that did not fit; a wait when that reference was tried too often, whether it exists or not.

    Asked after the key was looked at: the right one opens at any time, whatever others try.
    """
    _minute.count("wrong")
    _minute.count("wrong-here", address_of(request))
    often = _minute.count("wrong-for", ref) > TRIES_OF_REFERENCE
    return Wait(_minute.left) if often else None


def acting(name: str) -> Wait | None:
    """Count one request of a program; a wait when it asked more often than its share in this minute."""
    often = _minute.count("acting", name) > settings.REQUESTS_A_MINUTE
    return Wait(_minute.left) if often else None


def wrong_token(request: HttpRequest) -> Wait | None:
    """Count a token that opens nothing; a wait for whoever goes on trying. A good one opens at any time."""
    often = _minute.count("wrong-token", address_of(request)) > TRIES_OF_TOKENS
    return Wait(_minute.left) if often else None


def _wait(request: HttpRequest, token: str, share: int) -> Wait | None:
    # A proof is good for one sending; of a form that is pressed twice both are the same sending.
    if token and is_worked(token, request.POST.get(PROOF, "")) and _minute.count("proof", token) <= PRESSES:
        return None
    waited = bool(token) and _has_waited(token, request.POST.get(WAITED, ""))
    # A share of their own, so that those who cannot show work are not always behind those who rush.
    if waited and _minute.count("waited", address_of(request)) <= share:
        return None
    return Wait(_minute.left, ticket(token) if token else "")


def is_worked(token: str, proof: str) -> bool:
    """Whether the hash of token and proof begins with so many zeros."""
    if not proof.isdecimal() or len(proof) > LONGEST_PROOF:
        return False
    made = hashlib.sha256(f"{token}:{proof}".encode()).digest()
    return int.from_bytes(made[:4], "big") >> (32 - BITS) == 0


def ticket(token: str) -> str:
    """What shows later that whoever sends this form had to wait, and since when."""
    return signing.dumps(token, salt=SALT)


def _has_waited(token: str, shown: str) -> bool:
    try:
        return signing.loads(shown, salt=SALT, max_age=HOUR) == token and not _is_younger(shown)
    except signing.BadSignature:
        return False


def _is_younger(shown: str) -> bool:
    """Whether it was given out less than the time of patience ago."""
    try:
        signing.loads(shown, salt=SALT, max_age=PATIENT)
    except signing.SignatureExpired:
        return False
    return True
