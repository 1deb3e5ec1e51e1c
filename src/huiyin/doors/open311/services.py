"""Services: a subject that some body is competent for, and one for everything else; what each asks for."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from huiyin.core.refusal import Refusal
from huiyin.core.text import Text
from huiyin.doors.open311.formats import Said
from huiyin.reading.topics import topics_of
from huiyin.registry import directory, law
from huiyin.registry.models import Body
from huiyin.site.problem import Answered, language_of

ANYTHING = "anything"
OTHER = Text("其他事项", "Anything else")
ABOUT = Text("由对“{subject}”有权处理的机关单位办理", "For the bodies that are competent for “{subject}”")
ANY_BODY = Text(
    "不知道属于谁管的，也可以提出；由信访部门转送",
    "When you do not know whose it is: the petition office hands it to the body that is competent",
)
KINDS = {
    "claim": Text("申诉求决：请求解决问题", "Claim: I ask for a decision"),
    "suggestion": Text("建议意见", "Suggestion or opinion"),
    "report": Text("检举控告：反映个人的问题", "Report against persons"),
}
ONE_LINE = Text("一句话说明什么事", "What it is about, in one line")
CLASS = Text("类别", "Class")
BODY = Text("由哪个单位办理；可以不选", "Which body it goes to; may be left out")
AGAINST = Text("反映的是哪个单位或者谁", "Which body or whom it is about")
NO_SERVICE = Refusal(
    "service-code", Text("没有这个 service_code；见 services", "no such service_code: see services")
)
NO_JURISDICTION = Refusal(
    "jurisdiction-id",
    Text("没有这个 jurisdiction_id；可以不写", "no such jurisdiction_id; it may be left out"),
)


def code_of(subject: str) -> str:
    """The code of a subject: the same on each machine, and in letters that an address can hold."""
    return f"s{hashlib.sha256(subject.encode()).hexdigest()[:10]}" if subject else ANYTHING


def subject_of(code: str) -> str:
    """The subject that a code stands for, '' for anything else. Raises Answered with 404 for no service."""
    if code == ANYTHING:
        return ""
    for subject in directory.subjects():
        if code_of(subject) == code:
            return subject
    raise Answered(404, NO_SERVICE)


def check_jurisdiction(request: HttpRequest) -> None:
    """Raises Answered with 404 for a jurisdiction that this installation is not."""
    said = request.POST.get("jurisdiction_id") or request.GET.get("jurisdiction_id", "")
    if said and said not in {settings.JURISDICTION, settings.ORIGIN}:
        raise Answered(404, NO_JURISDICTION)


def discovery(_request: HttpRequest) -> Said:
    """Where the service is and what it speaks (Open311 service discovery)."""
    where = f"{settings.PUBLIC_URL}{reverse('open311:services', kwargs={'form': 'json'}).rpartition('/')[0]}"
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": where,
        "changeset": "2026-11-27T00:00:00Z",
        "type": "production",
        "formats": ["application/json", "application/xml"],
    }
    about = {
        "changeset": endpoint["changeset"],
        "contact": settings.PUBLIC_URL,
        "key_service": settings.PUBLIC_URL if settings.GEOREPORT_KEYS else "",
        "endpoints": [endpoint],
    }
    return Said("discovery", about)


def services(request: HttpRequest) -> Said:
    """A line for each subject, and the last for everything else."""
    check_jurisdiction(request)
    language = language_of(request)
    known = directory.subjects()
    lines = [_line(subject, known, language) for subject in (*known, "")]
    return Said("services", lines)


def _line(subject: str, known: list[str], language: str) -> dict[str, Any]:
    words = [t for t in topics_of(known) if subject and t.has(subject)]
    group = words[0] if words else None
    return {
        "service_code": code_of(subject),
        "service_name": subject or OTHER.say(language),
        "description": ABOUT.format(subject=subject).say(language) if subject else ANY_BODY.say(language),
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(dict.fromkeys(word for topic in words for word in topic.said))[:500],
        "group": (Text(group.zh, group.en) if group else OTHER).say(language),
    }


def definition(request: HttpRequest, *, code: str) -> Said:
    """What may be said with a request of this service. Nothing of it has to be."""
    check_jurisdiction(request)
    subject = subject_of(code)
    language = language_of(request)
    kinds = law.at(datetime.now(UTC))[0].lodged_kinds
    classes = [(kind, text.say(language)) for kind, text in KINDS.items() if kind in kinds]
    bodies = [(body.code, body.name.say(language)) for body in competent(subject)]
    attributes = [
        _attribute(1, "subject", ONE_LINE.say(language)),
        _attribute(2, "kind", CLASS.say(language), classes),
        _attribute(3, "body", BODY.say(language), bodies),
        _attribute(4, "against", AGAINST.say(language)),
    ]
    return Said("service_definition", {"service_code": code, "attributes": attributes})


def competent(subject: str) -> list[Body]:
    """The bodies inside that are competent for it; for anything else those that take in what names none."""
    inside = Body.objects.filter(active=True, external=False)
    found = inside.filter(competences__subject=subject) if subject else inside.filter(receives=True)
    return list(found.distinct().order_by("path"))


def _attribute(
    order: int, code: str, text: str, choices: list[tuple[str, str]] | None = None
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": True,
        "code": code,
        "datatype": "string" if choices is None else "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": order,
        "description": text,
    }
    values = [{"key": key, "name": name} for key, name in choices or ()]
    return told if choices is None else told | {"values": values}
