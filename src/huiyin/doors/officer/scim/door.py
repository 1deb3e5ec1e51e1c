"""The way in for a directory: a token, its scope, its administrator; and what is wrong, as SCIM says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from huiyin.core import scim
from huiyin.core.refusal import Refusal
from huiyin.core.scim import Wrong
from huiyin.doors.officer.api import door
from huiyin.doors.officer.door import UNFINISHED
from huiyin.registry import keeping, programs, provisioning
from huiyin.site import json_read, outage, typed
from huiyin.site.problem import Answered, language_of

MEDIA_TYPE = "application/scim+json"
READ = frozenset({MEDIA_TYPE, "application/json"})
NO_SCOPE = "this token has no scope “staff”, or its officer is no administrator"

View = Callable[..., HttpResponseBase]


def told(value: Any, status: int = 200, **head: str) -> HttpResponse:
    """A resource, kept by no cache on the way."""
    headers = {"Cache-Control": "no-store", **{name.replace("_", "-"): said for name, said in head.items()}}
    return HttpResponse(msgspec.json.encode(value), status=status, content_type=MEDIA_TYPE, headers=headers)


def wrong(status: int, says: str, kind: str = "", **head: str) -> HttpResponse:
    """What is wrong (RFC 7644, 3.12)."""
    error: dict[str, Any] = {"schemas": [scim.ERROR], "status": str(status), "detail": says}
    return told(error | ({"scimType": kind} if kind else {}), status, **head)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal of the house: a slip in what was sent, or a rule (409)."""
    kind = provisioning.KINDS.get(refusal.code, "")
    status = {"uniqueness": 409, "": 409}.get(kind, 400)
    if refusal.code == "not-yours":
        status = 403
    return wrong(status, refusal.reason.say(language_of(request)), kind)


def address(**views: View) -> View:
    """One address: a function for each method that it offers, for whoever sends a token for the staff."""
    offered = ", ".join(sorted(views))

    @csrf_exempt  # no cookie opens anything here
    def view(request: HttpRequest, **words: Any) -> HttpResponseBase:
        try:
            asked = door.arrived_by_token(request)
            if isinstance(asked, Refusal):
                status = 403 if asked is UNFINISHED else 401
                said = asked.reason.say(language_of(request))
                return wrong(status, said, WWW_Authenticate='Bearer realm="desk"')
            if programs.STAFF not in asked.token.scopes or not asked.acting.has(keeping.ADMINISTRATOR):
                return wrong(403, NO_SCOPE)
            function = views.get(request.method or "")
            if function is None:
                return wrong(405, f"this address takes {offered}", Allow=offered)
            return function(asked, **words)
        except Wrong as no:
            return wrong(no.status, no.says, no.kind)
        except Answered as no:
            after = {"Retry_After": str(no.after)} if no.after else {}
            return wrong(no.status, no.refusal.reason.say(language_of(request)), **after)
        except Error as error:
            if not outage.is_one(error):
                raise
            return wrong(503, "the database does not answer just now", Retry_After=str(outage.AFTER))

    view.roles = (keeping.ADMINISTRATOR,)  # type: ignore[attr-defined]  # read by the test that walks all addresses
    return view


def sent(request: HttpRequest) -> Any:
    """The JSON that was sent. Raises Wrong or Answered."""
    if request.content_type not in READ:
        raise Wrong("", f"send Content-Type: {MEDIA_TYPE}", 415)
    request.content_type = "application/json"
    try:
        return typed.decode(json_read.body_of(request), object)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Wrong("invalidSyntax", "this is not JSON") from None


def listed(rows: Sequence[Mapping[str, Any]], total: int, start: int) -> HttpResponse:
    return told(
        {
            "schemas": [scim.LIST],
            "totalResults": total,
            "startIndex": start,
            "itemsPerPage": len(rows),
            "Resources": rows,
        }
    )
