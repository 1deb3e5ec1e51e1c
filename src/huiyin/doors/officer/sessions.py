"""How long a session of the desk lasts, and to which browser it belongs.

A session ends after thirty minutes without a page, after a working day whatever happens, in another browser,
and with any change of password, role or second factor (`Officer.session_mark`). Its number changes at
sign-in. It is bound to a keyed digest of how the browser names itself; no address is kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.registry import arriving, proving
from huiyin.registry.models import Officer, SignedIn

SALT = "huiyin.desk.browser"
BEGAN, SEEN, BROWSER = "began", "seen", "browser"
PENDING = "second_step"
FRESH = "fresh"  # since when somebody without a password of ours has proved at the provider who they are
WAY = "way"  # what its owner came in by
LEFT = "left_provider"  # of a session without an owner: who it belonged to had come by the provider
SECOND = "second"  # what proved them besides the first step
FRESH_FOR = timedelta(minutes=10)
SECOND_STEP_WITHIN = timedelta(minutes=5)
WRITTEN_EVERY = 60  # seconds: a page must not cost a write each time


@receiver(user_logged_in, dispatch_uid="huiyin.desk.sessions")
def _begin(request: HttpRequest, **_more: Any) -> None:
    seconds = int(timezone.now().timestamp())
    request.session.pop(PENDING, None)
    request.session[BEGAN] = request.session[SEEN] = seconds
    request.session[BROWSER] = _browser(request)


def end_if_over(request: HttpRequest, now: datetime) -> None:
    """Sign out whoever was idle too long, came back after a day, or comes with another browser."""
    if not request.user.is_authenticated:
        return
    seconds = int(now.timestamp())
    # A session without these marks was not begun here: it is over.
    began, seen = int(request.session.get(BEGAN, 0)), int(request.session.get(SEEN, 0))
    idle = seconds - seen >= settings.SESSION_IDLE.total_seconds()
    same = constant_time_compare(str(request.session.get(BROWSER, "")), _browser(request))
    if idle or seconds - began >= settings.SESSION_COOKIE_AGE or not same:
        auth.logout(request)
        messages.info(
            request,
            _("Your session has ended, as it does after half an hour without a page or a working day."),
        )
    elif seconds - seen >= WRITTEN_EVERY:
        request.session[SEEN] = seconds


def keep_own(request: HttpRequest, officer: Officer) -> None:
    """After a change that ended this officer's sessions: theirs goes on here, under a new number."""
    if request.user.is_authenticated and request.user.pk == officer.pk:
        auth.update_session_auth_hash(request, officer)


def _browser(request: HttpRequest) -> str:
    return salted_hmac(SALT, request.headers.get("User-Agent", ""), algorithm="sha256").hexdigest()


# ---- what somebody came in by

STEPS = {
    arriving.PASSWORD: _("password"),
    arriving.PROVIDER: _("identity provider"),
    proving.APP: _("code of an app"),
    proving.PASSKEY: _("passkey"),
    proving.PAPER: _("recovery code"),
}


def by_what(row: SignedIn) -> str:
    """The steps of one sign-in, in words."""
    if row.way == row.second:
        return gettext("identity provider, with two factors there")
    return " + ".join(str(STEPS.get(step, step)) for step in (row.way, row.second) if step)


# ---- between the password and the second step


def mark_fresh(request: HttpRequest, now: datetime) -> None:
    """Keep in mind that whoever is signed in has just proved it once more."""
    request.session[FRESH] = int(now.timestamp())


def is_fresh(request: HttpRequest, now: datetime) -> bool:
    return now.timestamp() - int(request.session.get(FRESH, 0)) < FRESH_FOR.total_seconds()


def await_second_step(
    request: HttpRequest, officer: Officer, where: str, now: datetime, *, way: str = "password"
) -> None:
    """Keep in mind who gave a right password, or came from the provider; nothing is open yet."""
    request.session.cycle_key()
    mark, seconds = officer.get_session_auth_hash(), int(now.timestamp())
    request.session[PENDING] = [officer.pk, mark, seconds, where, way]


def awaited(request: HttpRequest, now: datetime) -> tuple[Officer, str, str] | None:
    """Whose second step is awaited, where they wanted to go, and which way they came; None after five
    minutes or any change.
    """
    kept = request.session.get(PENDING)
    if not kept:
        return None
    pk, mark, since, where, *more = kept
    way = more[0] if more else "password"  # in a session that an earlier release began
    officer = Officer.objects.filter(pk=pk, is_active=True).first()
    fresh = now.timestamp() - since < SECOND_STEP_WITHIN.total_seconds()
    if officer is None or not fresh or not constant_time_compare(mark, officer.get_session_auth_hash()):
        request.session.pop(PENDING, None)
        return None
    return officer, where, way
