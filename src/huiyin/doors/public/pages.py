"""What anybody may read: what this is, how it works, what it will never do, and where to go."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from huiyin.doors.public.charter import OPENING, PROMISES
from huiyin.registry import asking, faces, law, opening, publishing, receiving, solving
from huiyin.registry import demands as counted_demands
from huiyin.registry.receipt import log_key, receipt_key
from huiyin.site import way
from huiyin.site.way import Stage

ON_HOME = 3  # questions to the public, answers to them, reception days
# Of the whole way, the three stretches that everybody asks about first.
IN_SHORT = ("sort", "handling", "review-request")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    book, day = law.at(timezone.now())
    stages = way.stages(book)
    answered = asking.public(day).exclude(answered_at=None).order_by("-answered_at")
    context = {
        "stages": _in_short(stages),
        "book": book,
        "questions": asking.open_ones(day)[:ON_HOME],
        "answered": answered[:ON_HOME],
        "days": receiving.upcoming(day).filter(called_off="")[:ON_HOME],
        "opinions": publishing.public().filter(withdrawn_on=None)[:ON_HOME] if book.publishes else (),
        "publishes": book.publishes,
        "problems": solving.public().order_by("-decided_on", "-id")[:ON_HOME],
        "face": faces.shown(),
        "is_open": opening.is_open(),
    }
    return render(request, "public/home.html", context)


def _in_short(stages: list[Stage]) -> list[Stage]:
    short = [stage for stage in stages if stage.clocks[0].name in IN_SHORT]
    return short or stages[:3]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "public/about.html", {"origin": settings.ORIGIN, "face": faces.shown()})


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    book, _day = law.at(timezone.now())
    context = {
        "stages": way.stages(book),
        "book": book,
        "challenged": bool(book.rows_of("challenge")),
        "rolls": any(clock.roll != "none" for clock in book.clocks.values()),
    }
    return render(request, "public/how.html", context)


@require_safe
def charter_page(request: HttpRequest) -> HttpResponse:
    return render(request, "public/charter.html", {"opening": OPENING, "promises": PROMISES})


@require_safe
def demands(request: HttpRequest) -> HttpResponse:
    """How often another authority demanded to know who somebody is, and how that went."""
    book, _day = law.at(timezone.now())
    days = book.clocks["demand-told"].days if "demand-told" in book.clocks else 0
    return render(request, "public/demands.html", {"years": counted_demands.by_year(), "days": days})


@require_safe
def receipts(request: HttpRequest) -> HttpResponse:
    """How anybody checks a receipt without this site."""
    context = {"key": receipt_key(), "log_key": log_key(), "program": PROGRAM}
    return render(request, "public/receipts.html", context | {"url": f"{settings.PUBLIC_URL}/log"})


@require_safe
def receipt_key_text(_request: HttpRequest) -> HttpResponse:
    """The key that checks this installation's receipts, alone on its line, for machines."""
    return HttpResponse(receipt_key() + "\n", content_type="text/plain; charset=utf-8")


PROGRAM = """\
import base64, sys
from nacl.signing import VerifyKey            # pip install pynacl

note = open(sys.argv[1], encoding="utf-8").read()
name, _, public = sys.argv[2].split("+", 2)   # the key: name+id+base64
text, _, signatures = note.rpartition("\\n\\n")
line = next(s for s in signatures.splitlines() if s.startswith(f"\u2014 {name} "))
signature = base64.b64decode(line.rsplit(" ", 1)[1])[4:]
VerifyKey(base64.b64decode(public)[1:]).verify((text + "\\n").encode(), signature)
print("The signature holds.")
"""
