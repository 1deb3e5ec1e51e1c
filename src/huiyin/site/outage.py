"""What is said while the database does not answer: that it is so, what became of the request, what to do.

A database that dies while it commits leaves open whether it did. So nobody is told that nothing happened:
they are told how to find out, or that sending the same again is safe. Nothing here asks the database.
"""

from __future__ import annotations

import sys

from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.shortcuts import render
from django.template import loader
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error

DESK_IS_AWAY = "huiyin.desk-is-away"  # in WSGI's environment, where nobody outside can put it
AFTER = 5  # seconds: a standby takes over in less than a minute, and whoever comes too early is told again
READ_ONLY = "25006"  # a server that stepped down: SQLSTATE read_only_sql_transaction
ONCE = ("token", "once")  # what a form carries that is filed once, however often it is sent


def is_one(error: BaseException | None) -> bool:
    """Whether this is a database that is away, and no mistake of ours or of who asks."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return True
    return isinstance(error, InternalError) and getattr(error.__cause__, "sqlstate", "") == READ_ONLY


def page(request: HttpRequest) -> HttpResponse:
    """Django's handler500: 503 with Retry-After while the database is away, else the page of our mistakes.

    What was typed comes back in the page, and one press sends it again.
    """
    if not is_one(sys.exc_info()[1]):
        return server_error(request)
    zone = "desk" if request.path.startswith("/desk/") else "public"
    sent = _sent(request) if request.method == "POST" else []
    words = {
        "zone": zone,
        "posted": request.method == "POST",
        "sent": sent,
        "typed": [value for _, value in sent if "\n" in value or len(value) > LONG],
        "once": any(name in ONCE for name, _ in sent),
        "files": _files(request) if sent else [],
        "here": request.get_full_path(),
    }
    # Without the request: what every other page knows of its house, it asks the database.
    response = HttpResponse(loader.get_template("huiyin/503.html").render(words), status=503)
    response["Retry-After"] = str(AFTER)
    add_never_cache_headers(response)
    return response


@csrf_exempt
def desk(request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001 the address's
    """What the public zone says for a desk that does not answer; no page at all for anybody else."""
    if DESK_IS_AWAY not in request.META:  # WSGI's environment, as Django calls it
        raise Http404
    said = {"zone": "desk", "desk_away": True, "posted": request.method == "POST"}
    response = render(request, "huiyin/503.html", said | {"here": request.get_full_path()}, status=503)
    response["Retry-After"] = str(AFTER)
    add_never_cache_headers(response)
    return response


LONG = 80  # letters from which a field is shown again, to be copied


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form as they came; none where one is a password, which no page ever shows."""
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except (RawPostDataException, UnreadablePostError, MultiPartParserError):
        return []
    return [] if any("password" in name for name, _ in fields) else fields


def _files(request: HttpRequest) -> list[str]:
    return [file.name or "" for name in request.FILES for file in request.FILES.getlist(name)]
