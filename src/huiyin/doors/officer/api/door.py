"""The way in for programs: whose token it is, what that may be used for, and nothing else.

No cookie opens anything here but what only reads and takes JSON (the search): a browser could be led to send
one. A petition that its officer may not see looks the same as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from huiyin.core.refusal import Refusal, refuse
from huiyin.core.text import Text
from huiyin.doors.officer.door import UNFINISHED, DeskRequest, arrived, desk, lacks_second_factor
from huiyin.registry import access, arriving, keys, law, programs
from huiyin.registry.access_tokens import AccessToken
from huiyin.registry.models import Petition
from huiyin.site import conditional, turnstile
from huiyin.site.operations import ANY, Operation
from huiyin.site.problem import Answered, refused

View = Callable[..., HttpResponseBase]
NO_TOKEN = Refusal(
    "no-token",
    Text(
        "请带上 Authorization: Bearer 令牌；令牌在工作台的“我的账户”中生成",
        "send Authorization: Bearer and a token; an officer makes one under their account on the desk",
    ),
)
DEAD = Refusal(
    "token",
    Text(
        "这个令牌已不能使用：可能已到期、已被收回，或者密码、角色、第二重验证有过变动",
        "this token opens nothing any more: its time is over, it was taken back, or a password, a role or a "
        "second factor changed since",
    ),
)
TOO_OFTEN = Refusal(
    "too-many",
    Text(
        "这一分钟里请求太多；请在 Retry-After 所写的秒数之后再试",
        "too many requests in this minute: ask again after the seconds in Retry-After",
    ),
)
NO_SCOPE = Text("这个令牌不能用于“{scope}”", "this token has no scope “{scope}”")


def guard(operation: Operation) -> View:
    """An operation for whoever sends a token with its scope and whose officer holds a role that it is for."""
    view = conditional.told(operation.view, reads=operation.is_read)
    signed_in = desk(view, *operation.roles, for_machines=True)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
        token = _token_in(request)
        if not token and operation.session and request.user.is_authenticated:
            return signed_in(request, *args, **words)
        asked = _arrived(request, token) if token else NO_TOKEN
        if isinstance(asked, Refusal):
            answer = refused(request, asked, 403 if asked is UNFINISHED else 401)
            answer["WWW-Authenticate"] = 'Bearer realm="desk"'
            return answer
        if operation.scope not in {ANY, *asked.token.scopes}:
            scope = NO_SCOPE.format(scope=operation.scope)
            return refused(request, Refusal("scope", scope), 403)
        if operation.roles and not any(asked.acting.has(role) for role in operation.roles):
            raise Answered(404, refuse("not-found"))
        return view(asked, *args, **words)

    return guarded


class TokenRequest(DeskRequest):
    """A request of a program that acts for an officer."""

    token: AccessToken


def _token_in(request: HttpRequest) -> str:
    kind, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def arrived_by_token(request: HttpRequest) -> TokenRequest | Refusal:
    """Who acts, by the token that was sent; why nobody does."""
    token = _token_in(request)
    return _arrived(request, token) if token else NO_TOKEN


def _arrived(request: HttpRequest, token: str) -> TokenRequest | Refusal:
    now = timezone.now()
    held = programs.holder_of(token, now, law.at(now)[1])
    _not_too_often(turnstile.acting(str(held.pk)) if held else turnstile.wrong_token(request))
    if held is None:
        return DEAD
    request.user = held.officer
    asked: Any = arrived(request)
    asked.token = held
    second = arriving.PROVIDER if arriving.vouches_for(asked.officer) else ""
    return UNFINISHED if lacks_second_factor(asked.acting, second) else asked


def _not_too_often(wait: turnstile.Wait | None) -> None:
    """Raises Answered with 429 for a program that has to wait for the next minute."""
    if wait:
        raise Answered(429, TOO_OFTEN, after=wait.seconds)


def seen(request: DeskRequest, ref: str) -> Petition:
    """The petition, if this officer may see it. Raises Answered with 404: as if there were none."""
    rows = access.visible_to(request.acting).select_related("holder", "other", "officer")
    read = keys.read_ref(ref)
    found = rows.filter(ref=read).first() if read else None
    if found is None:
        raise Answered(404, refuse("not-found"))
    return found
