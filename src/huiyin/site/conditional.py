"""ETags (RFC 9110, 13): the same answer is sent once, and a move is made on what its sender looked at.

The tag of what is told of a petition begins with its version. What is told also changes with the day and
the reader, so the rest of the tag is a digest of the bytes; of an If-Match the version alone is compared, for
it is all that a move could tread on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.site.problem import Answered

View = Callable[..., HttpResponseBase]
VERSION = "Huiyin-Version"  # from a view to the tag; no answer bears it
_TAG = re.compile(r'"v(?P<version>[0-9]{1,9})-[0-9a-f]{16}"')
MISSING = Refusal(
    "if-match",
    Text(
        "请用 If-Match 写明您看到的版本：即查询这一件时回答中的 ETag",
        "say in If-Match which version you looked at: the ETag that the petition came with",
    ),
)
UNKNOWN = Refusal(
    "if-match",
    Text(
        "If-Match 不是这里给出的 ETag；请重新查询这一件，用回答中的 ETag",
        "If-Match holds no ETag from here; ask for the petition again and send the one it comes with",
    ),
)


def told(view: View, *, reads: bool = True) -> View:
    """A view whose answer gets an ETag: one that reads is not sent to whoever has it already; one that does
    not has a tag only where it tells a petition.
    """

    @wraps(view)
    def tagged(request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
        response = view(request, *args, **words)
        if response.status_code != 200 or not isinstance(response, HttpResponse):
            return response
        version = response.get(VERSION, "")
        del response[VERSION]
        if not (reads or version):
            return response
        digest = hashlib.sha256(response.content).hexdigest()[:16]
        tag = f'"v{version}-{digest}"' if version else f'"{digest}"'
        response["ETag"] = tag
        wanted = parse_etags(request.headers.get("If-None-Match", "")) if reads else []
        if "*" in wanted or tag in {each.removeprefix("W/") for each in wanted}:
            kept = {name: response[name] for name in ("ETag", "Cache-Control") if name in response}
            return HttpResponse(status=304, headers=kept)
        return response

    return tagged


def version_in(request: HttpRequest, *, demanded: bool) -> int | None:
    """The version that If-Match names; None for any, or where it is not demanded and was not sent.

    Raises Answered: 428 where it is missing, 412 where it is no tag of a petition.
    """
    sent = request.headers.get("If-Match", "").strip()
    if sent == "*" or not (sent or demanded):
        return None
    if not sent:
        raise Answered(428, MISSING)
    found = _TAG.fullmatch(sent)
    if found is None:
        raise Answered(412, UNKNOWN)
    return int(found["version"])
