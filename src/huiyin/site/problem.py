"""Addresses for machines: every "no" is problem+json (RFC 9457), in the language that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from msgspec import UNSET, Struct, UnsetType

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.site import outage, turnstile

View = Callable[..., HttpResponseBase]
MEDIA_TYPE = "application/problem+json"
TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")  # tags of who reads 繁體


class Asked(Struct, forbid_unknown_fields=True, kw_only=True):
    """Anything that is sent here."""


class Told(Struct, forbid_unknown_fields=True, kw_only=True):
    """Anything that comes back."""


class ProblemOut(Told):
    """Why not (RFC 9457). `code` is permanent; the words follow Accept-Language."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    article: str | UnsetType = UNSET
    fields: dict[str, str] | UnsetType = UNSET


TITLES: dict[int, Text] = {
    400: Text("请求无法读取", "The request cannot be read"),
    401: Text("没有登录", "Not signed in"),
    403: Text("还不能使用", "Not open to you yet"),
    404: Text("没有找到", "Not found"),
    405: Text("不支持这种方法", "That method is not offered here"),
    409: Text("按照规则不能办理", "Refused by the rules"),
    410: Text("已经没有了", "Gone"),
    411: Text("缺少长度", "The length is missing"),
    412: Text("已有新的变化", "It has moved on"),
    413: Text("内容过大", "Too large"),
    415: Text("格式不对", "Wrong media type"),
    422: Text("有内容缺少或者不对", "Something is missing or wrong"),
    428: Text("没有写明所依据的版本", "Say which version you looked at"),
    429: Text("一时太多", "Too many at this moment"),
    503: Text("暂时不能办理", "Unavailable for the moment"),
}
# What a rulebook's refusal means over HTTP; every other one is a 409.
STATUS_OF: dict[str, int] = {"contents": 422, "attachment": 422, "not-found": 404, "no-invitation": 404}


def language_of(request: HttpRequest) -> str:
    """`zh`, `zh-hant` or `en`, by Accept-Language alone: this door reads no cookie."""
    for wanted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if wanted.startswith(TRADITIONAL):
            return "zh-hant"
        if wanted[:2] in {"zh", "en"}:
            return wanted[:2]
    return "zh"


def refused(request: HttpRequest, refusal: Refusal, status: int | None = None) -> HttpResponse:
    """A refusal as it goes over the wire."""
    status = status or STATUS_OF.get(refusal.code, 409)
    language = language_of(request)
    fields = {name: why.say(language) for name, why in refusal.fields.items()}
    problem = ProblemOut(
        type=f"urn:huiyin:problem:{refusal.code}",
        title=TITLES[status].say(language),
        status=status,
        detail=refusal.reason.say(language),
        code=refusal.code,
        article=refusal.article or msgspec.UNSET,
        fields=fields or msgspec.UNSET,
    )
    answer = answered(problem, status, content_type=MEDIA_TYPE)
    answer["Content-Language"] = language
    return answer


def answered(value: Any, status: int = 200, *, content_type: str = "application/json") -> HttpResponse:
    """A value as JSON, kept by no cache on the way: it is one author's own."""
    content = value if isinstance(value, bytes) else msgspec.json.encode(value)
    return HttpResponse(
        content, status=status, content_type=content_type, headers={"Cache-Control": "no-store"}
    )


NO_SUCH_ADDRESS = Refusal(
    "no-such-address",
    Text(
        "没有这个地址；可用的地址见 /api/v1/openapi.json",
        "there is nothing at this address; /api/v1/openapi.json lists what there is",
    ),
)
METHOD = Refusal("method", Text("允许的方法见 Allow", "the header Allow lists the methods offered here"))
UNAVAILABLE = Refusal(
    "unavailable",
    Text(
        "数据库暂时没有回应，通常一分钟内自动恢复。请在 Retry-After 所写的秒数之后再试",
        "the database does not answer just now, and usually does again within a minute; try again after the "
        "seconds in Retry-After",
    ),
)
UNKNOWN = Refusal(
    "unavailable",
    Text(
        "数据库暂时没有回应，不知道这次的内容是否已经登记。请在 Retry-After 所写的秒数之后，"
        "用同一个 Idempotency-Key 原样再发：无论发几次，只登记一件。没有用 Idempotency-Key 的，"
        "请先查看是否已经登记",
        "the database does not answer just now, and whether this is on record is not known. Send the very "
        "same again with the same Idempotency-Key after the seconds in Retry-After: it is filed once, "
        "however often it is sent. Without an Idempotency-Key, look first whether it is there",
    ),
)
TOO_MANY = Refusal(
    "too-many",
    Text(
        "此刻人太多。没有丢失任何内容：请在 Retry-After 所写的秒数之后，用同一个 Idempotency-Key 再发",
        "too many at this moment; nothing is lost: send the same again, with the same Idempotency-Key, after "
        "the seconds in Retry-After",
    ),
)


class Answered(Exception):
    """Carries a refusal, and the status that it has over HTTP, out of whatever found it."""

    def __init__(self, status: int, refusal: Refusal, *, after: int = 0) -> None:
        super().__init__(refusal.code)
        self.status, self.refusal = status, refusal
        self.after = after  # seconds to wait before it is tried again


def let_through(wait: turnstile.Wait | None) -> None:
    """Raises Answered with 429 for whoever has to wait."""
    if wait:
        raise Answered(429, TOO_MANY, after=wait.seconds)


def address(**views: View) -> View:
    """One address: a function for each method it offers (GET answers HEAD too)."""
    if "GET" in views:
        views["HEAD"] = views["GET"]
    offered = ", ".join(sorted(views))

    # Without cookies there is nothing that another site could ride on.
    @csrf_exempt
    def view(request: HttpRequest, **words: Any) -> HttpResponseBase:
        function = views.get(request.method or "")
        if function is None:
            answer = refused(request, METHOD, 405)
            answer["Allow"] = offered
            return answer
        try:
            return function(request, **words)
        except Answered as no:
            answer = refused(request, no.refusal, no.status)
            if no.after:
                answer["Retry-After"] = str(no.after)
            return answer
        except Error as error:
            if not outage.is_one(error):
                raise
            answer = refused(request, UNAVAILABLE if request.method in {"GET", "HEAD"} else UNKNOWN, 503)
            answer["Retry-After"] = str(outage.AFTER)
            return answer

    return view


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    return refused(request, NO_SUCH_ADDRESS, 404)
