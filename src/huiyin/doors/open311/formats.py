"""JSON and XML of the same values, as GeoReport v2 names them; and every "no" as the standard has it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from xml.etree import ElementTree as ET

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from huiyin.core.refusal import Refusal
from huiyin.site import outage
from huiyin.site.problem import METHOD, STATUS_OF, UNAVAILABLE, Answered, language_of

TYPES = {"json": "application/json; charset=utf-8", "xml": "application/xml; charset=utf-8"}
# What one of a list is called in XML.
ONE_OF = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "clocks": "clock",
    "steps": "step",
    "transfers": "step",
    "reviews": "step",
}
# XML 1.0 has no way to write these.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

View = Callable[..., "Said | HttpResponse"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a view answers: the name of the outermost element in XML, and its value."""

    root: str
    value: Any
    status: int = 200


def address(**views: View) -> Callable[..., HttpResponse]:
    """One address: a function for each method it offers; its last word is the format."""
    if "GET" in views:
        views["HEAD"] = views["GET"]
    offered = ", ".join(sorted(views))

    @csrf_exempt
    def view(request: HttpRequest, *, form: str, **words: str) -> HttpResponse:
        function = views.get(request.method or "")
        if function is None:
            answer = refused(request, form, METHOD, 405)
            answer["Allow"] = offered
            return answer
        try:
            said = function(request, **words)
        except Answered as no:
            answer = refused(request, form, no.refusal, no.status)
            if no.after:
                answer["Retry-After"] = str(no.after)
            return answer
        except Error as error:
            if not outage.is_one(error):
                raise
            answer = refused(request, form, UNAVAILABLE, 503)
            answer["Retry-After"] = str(outage.AFTER)
            return answer
        return said if isinstance(said, HttpResponse) else told(form, said)

    return wraps(next(iter(views.values())))(view)


def told(form: str, said: Said) -> HttpResponse:
    """A value in the form that was asked for, kept by no cache and no search engine: it may be one author's
    own, and a published opinion that is taken down has to be gone.
    """
    content = _xml(said) if form == "xml" else json.dumps(said.value, ensure_ascii=False).encode()
    answer = HttpResponse(content, status=said.status, content_type=TYPES[form])
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex, noarchive"
    return answer


def refused(request: HttpRequest, form: str, refusal: Refusal, status: int | None = None) -> HttpResponse:
    """A refusal as GeoReport v2 tells it: a code, and a sentence for people; ours stands beside it."""
    status = status or STATUS_OF.get(refusal.code, 409)
    language = language_of(request)
    said = [refusal.reason.say(language)]
    said += [f"{name}: {why.say(language)}" for name, why in refusal.fields.items()]
    error: dict[str, Any] = {
        "code": status,
        "description": " ".join(dict.fromkeys(said)),
        "problem": refusal.code,
    }
    if refusal.article:
        error["article"] = refusal.article
    return told(form, Said("errors", [error], status))


def _xml(said: Said) -> bytes:
    root = ET.Element(said.root)
    _fill(root, said.root, said.value)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _fill(element: ET.Element, name: str, value: Any) -> None:
    match value:
        case Mapping():
            for key, inner in value.items():
                _fill(ET.SubElement(element, key), key, inner)
        case list() | tuple():
            for inner in value:
                _fill(ET.SubElement(element, ONE_OF.get(name, "item")), name, inner)
        case bool():
            element.text = "true" if value else "false"
        case None:
            element.text = ""
        case _:
            element.text = UNWRITABLE.sub("\ufffd", str(value))
