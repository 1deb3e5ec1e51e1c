"""Programs that act for an officer: tokens are made for them, taken back, and known again.

A token does what its officer may do, never more: each use is asked of the same `access` and goes through the
same `perform`. It ends with its date, when it is taken back, and with whatever ends the officer's sessions: a
change of password, of role or of second factor (decision 0074).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.registry import keeping, keys
from huiyin.registry.access import Acting
from huiyin.registry.access_tokens import AccessToken
from huiyin.registry.bodies import Body, Officer, Role

PREFIX = "huiyin_"  # so that a scanner of repositories knows one that was left lying about
LETTERS = 52  # 260 bits: nobody guesses it, so a plain hash keeps it
READ, SEARCH, MOVE, BOARD, STAFF = "read", "search", "move", "board", "staff"
SCOPES: dict[str, Text] = {
    READ: Text("查看收件箱、信访件、文书和附件", "Read the inbox, petitions, letters and files"),
    SEARCH: Text("查找信访件", "Search petitions"),
    MOVE: Text("以您的名义办理各步骤", "Take steps in your name"),
    BOARD: Text("查看督办页面", "See the supervision pages"),
    STAFF: Text("管理人员账号（SCIM）", "Keep the accounts of officers (SCIM)"),
}
DAYS = (7, 30, 90, 365)
MOST = 20  # that can be used, of one officer
TOO_MANY = Text(
    f"最多同时有{MOST}个可用的令牌；请先收回不用的",
    f"at most {MOST} can be in use at a time: take back one that is not needed",
)


def opens(token: AccessToken, now: datetime) -> bool:
    """Whether it still opens anything. Its officer has to be read along."""
    alive = token.ended_at is None and now < token.until
    return alive and token.officer.is_active and is_bound(token)


def is_bound(token: AccessToken) -> bool:
    """Whether its officer still proves themselves as when it was made."""
    return constant_time_compare(token.bound, _bound(token.officer))


def _bound(officer: Officer) -> str:
    return hashlib.sha256(f"huiyin-token\n{officer.get_session_auth_hash()}".encode()).hexdigest()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(
    officer: Officer, titled: str, scopes: Iterable[str], days: int, *, now: datetime
) -> tuple[AccessToken, str] | Refusal:
    """A new token with what its program has to send: said once, and never again.

    `days`: one of DAYS. `scopes`: of SCOPES.
    """
    wanted = sorted(set(scopes) & SCOPES.keys())
    token = PREFIX + keys.draw(LETTERS)
    with transaction.atomic():
        # Two browsers at once: the second waits and sees the first.
        locked = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
        if sum(opens(each, now) for each in of(locked)) >= MOST:
            return Refusal("too-many-tokens", TOO_MANY)
        made = AccessToken.objects.create(
            officer=locked,
            titled=titled,
            digest=_digest(token),
            scopes=wanted,
            bound=_bound(locked),
            since=now,
            until=now + timedelta(days=days),
        )
        keeping.write_down(
            "token-made", officer, now, officer=officer.login, token=titled, scopes=wanted, days=days
        )
    return made, token


def of(officer: Officer) -> list[AccessToken]:
    """All of an officer's, those made last first."""
    return list(AccessToken.objects.filter(officer=officer).select_related("officer"))


def end(officer: Officer, number: int, *, now: datetime) -> AccessToken | None:
    """Take one back; None where it is none of theirs or was taken back before."""
    with transaction.atomic():
        found = AccessToken.objects.filter(officer=officer, pk=number, ended_at=None)
        if not found.update(ended_at=now):
            return None
        ended = AccessToken.objects.get(pk=number)
        keeping.write_down("token-ended", officer, now, officer=officer.login, token=ended.titled)
    return ended


def all_of(acting: Acting) -> QuerySet[AccessToken]:
    """Every token of the officers whose accounts this administrator keeps."""
    kept = Body.objects.filter(keeping.bodies_kept_by(acting))
    elsewhere = Role.objects.exclude(body__in=kept).values("officer")
    rows = AccessToken.objects.select_related("officer").exclude(officer__in=elsewhere)
    return rows if acting.has(keeping.ADMINISTRATOR) else rows.none()


def end_for(token: AccessToken, by: Officer, *, now: datetime) -> bool:
    """Take one back by whoever keeps its officer's account; False where that was done before."""
    with transaction.atomic():
        ended = AccessToken.objects.filter(pk=token.pk, ended_at=None).update(ended_at=now)
        if ended:
            keeping.write_down("token-ended", by, now, officer=token.officer.login, token=token.titled)
    return bool(ended)


def holder_of(token: str, now: datetime, today: date) -> AccessToken | None:
    """The token that a program sent, with its officer; None for one that opens nothing.

    The day of its last use is written once a day.
    """
    found = AccessToken.objects.select_related("officer").filter(digest=_digest(token)).first()
    if found is None or not opens(found, now):
        return None
    if found.used_on != today:
        AccessToken.objects.filter(pk=found.pk).update(used_on=today)
    return found
