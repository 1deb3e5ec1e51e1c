"""Signing in slows down for whoever guesses, and never shuts anybody out for good.

Failures are counted by a keyed digest of the name that was typed. A browser that has signed in under this
name before is counted apart, so that a stranger's guesses do not keep the officer waiting.
"""

from __future__ import annotations

import math
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from huiyin.registry import keeping
from huiyin.registry.models import Officer, SignInDelay

FREE = 3  # slips of the finger cost nothing
LONGEST = timedelta(minutes=5)
# The last administrator is the only one who could help others back in.
LONGEST_FOR_THE_LAST = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(days=1)
KNOWN = "huiyin_desk_known"
KNOWN_FOR = timedelta(days=90)
SALT = "huiyin.desk.sign-in"


def digest(request: HttpRequest, login: str, step: str = "") -> str:
    """What failures under this name, from this browser, at this step are counted by."""
    counted = f"{login.strip().lower()}\n{_known_as(request, login)}{step}"
    return salted_hmac(SALT, counted).hexdigest()


def time_left(key: str, now: datetime) -> timedelta:
    """How long the next try has to wait; zero or less: not at all."""
    row = SignInDelay.objects.filter(digest=key).first()
    return row.until - now if row else timedelta()


def too_many(key: str, now: datetime) -> str:
    """How long the next try has to wait, in words; empty: not at all."""
    left = math.ceil(time_left(key, now).total_seconds())
    if left <= 0:
        return ""
    words = ngettext(
        "Too many tries. Try again in %(n)d second.", "Too many tries. Try again in %(n)d seconds.", left
    )
    return words % {"n": left}


def failed(key: str, login: str, now: datetime) -> None:
    """Count one failure; each one after the first few doubles the wait."""
    with transaction.atomic():
        SignInDelay.objects.filter(until__lt=now - FORGOTTEN_AFTER).delete()
        row, _new = SignInDelay.objects.select_for_update().get_or_create(digest=key, defaults={"until": now})
        row.failures += 1
        row.until = now + min(_wait(row.failures), _longest(login))
        row.save()


def succeeded(key: str) -> None:
    SignInDelay.objects.filter(digest=key).delete()


def _wait(failures: int) -> timedelta:
    return timedelta(seconds=2 ** min(failures - FREE, 12)) if failures > FREE else timedelta()


def _longest(login: str) -> timedelta:
    officer = Officer.objects.filter(login=login).first()
    if officer and keeping.is_last_administrator(officer):
        return LONGEST_FOR_THE_LAST
    return LONGEST


def remember(response: HttpResponse, login: str) -> None:
    """Mark this browser as one that has signed in under this name."""
    mark = signing.dumps([login, secrets.token_hex(8)], salt=SALT)
    response.set_cookie(
        KNOWN,
        mark,
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/desk/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def _known_as(request: HttpRequest, login: str) -> str:
    try:
        known, mark = signing.loads(request.COOKIES.get(KNOWN, ""), salt=SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if known == login else ""
