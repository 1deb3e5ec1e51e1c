"""Requests that are asked for: what is published, or one that somebody holds the name of; nobody's else.

A plain client reads whether it is open, who has it and by when; one that looks finds clocks, hand-overs,
reviews and the proof beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime

from huiyin.core.refusal import REASONS, Refusal, refuse
from huiyin.core.text import Text
from huiyin.core.vocabulary import VERBS
from huiyin.doors.open311 import services
from huiyin.doors.open311.formats import Said
from huiyin.registry import following, inclusion, law, publishing, solving
from huiyin.registry.models import Body, Petition, Problem, Publication
from huiyin.registry.problems import DONE
from huiyin.registry.story import Story, Told, story_of
from huiyin.site.problem import Answered, language_of

PROBLEM, OPINION = "problem-", "opinion-"
MOST, AT_ONCE = 1000, 50  # lines of an answer; names that are asked for together
SUBJECTS = "body__competences"
SPAN = timedelta(days=90)  # GeoReport v2: the default, and the longest that may be asked for
HANDED = frozenset(VERBS[verb] for verb in ("transfer", "assign", "return", "object"))
REVIEWED = frozenset(
    VERBS[verb]
    for verb in ("request-review", "issue-review-opinion", "request-rereview", "issue-rereview-opinion")
)
WRONG_DATE = Text("请写成 2026-03-02T00:00:00Z", "write it like 2026-03-02T00:00:00Z")
TOO_WIDE = Text("最多相隔 90 天", "at most 90 days apart")


def token(request: HttpRequest, *, token: str) -> Said:
    """The name of the request that a token stands for: here it is the same, for filing waits for nobody."""
    services.check_jurisdiction(request)
    found = following.petition_of(token)
    if found is None:
        raise Answered(404, refuse("not-found"))
    return Said("service_requests", [{"service_request_id": token, "token": token}])


def one(request: HttpRequest, *, named: str) -> Said:
    """One request: published, or of whoever holds its name."""
    services.check_jurisdiction(request)
    found = _one(request, named)
    if found is None:
        raise Answered(404, refuse("not-found"))
    return Said("service_requests", [found])


def requests(request: HttpRequest) -> Said:
    """What is published, the newest first; or those that are named. Nothing else is ever listed."""
    services.check_jurisdiction(request)
    if named := request.GET.get("service_request_id", ""):
        names = [each.strip() for each in named.split(",") if each.strip()][:AT_ONCE]
        return Said("service_requests", [told for each in names if (told := _one(request, each))])
    return Said("service_requests", list(_published(request)))


# ---- what is published


def _published(request: HttpRequest) -> Iterator[dict[str, Any]]:
    first, last = _span(request)
    status = {each for each in request.GET.get("status", "").split(",") if each}
    codes = [each for each in request.GET.get("service_code", "").split(",") if each]
    bodies = _bodies(codes)
    left = _size(request)
    found = solving.public().filter(decided_on__range=(first, last)).prefetch_related(SUBJECTS)
    if status and status <= {"open", "closed"} and len(status) == 1:
        found = found.filter(state=DONE) if status == {"closed"} else found.exclude(state=DONE)
    for each in found.filter(bodies).order_by("-decided_on", "-id")[:left]:
        yield _problem(request, each, codes)
        left -= 1
    if law.at(datetime.now(UTC))[0].publishes and status != {"open"} and left > 0:
        shown = publishing.public().prefetch_related(SUBJECTS)
        rows = shown.filter(published_on__range=(first, last), withdrawn_on=None)
        for opinion in rows.filter(bodies)[:left]:
            yield _opinion(request, opinion, codes)


def _bodies(codes: list[str]) -> Q:
    """What stands with a body that is competent for one of these services."""
    if not codes or services.ANYTHING in codes:
        return Q()
    subjects = [services.subject_of(code) for code in codes]
    return Q(body__in=Body.objects.filter(competences__subject__in=subjects))


def _size(request: HttpRequest) -> int:
    said = request.GET.get("page_size", "")
    return min(int(said), MOST) if said.isascii() and said.isdecimal() and 0 < len(said) < 6 else MOST


def _span(request: HttpRequest) -> tuple[date, date]:
    """From when to when: the last 90 days, or what was asked for. Raises Answered with 400."""
    today = law.at(datetime.now(UTC))[1]
    start, end = (_day(request, name) for name in ("start_date", "end_date"))
    last = end or (min(start + SPAN, today) if start else today)
    first = start or last - SPAN
    if last - first > SPAN:
        raise _wrong("start_date", TOO_WIDE)
    return first, last


def _day(request: HttpRequest, name: str) -> date | None:
    said = request.GET.get(name, "").strip()
    if not said:
        return None
    try:
        moment = parse_datetime(said)
        day = law.at(moment)[1] if moment and moment.tzinfo else moment.date() if moment else parse_date(said)
    except (ValueError, OverflowError):
        day = None
    if day is None:
        raise _wrong(name, WRONG_DATE)
    return day


def _wrong(name: str, why: Text) -> Answered:
    return Answered(400, Refusal("contents", REASONS["contents"], "", {name: why}))


def _problem(request: HttpRequest, found: Problem, codes: list[str] = []) -> dict[str, Any]:  # noqa: B006 read only
    """A thing in a place that a body has taken up: no petition of it is told, and nobody."""
    day = found.decided_on or found.since
    return {
        "service_request_id": f"{PROBLEM}{found.pk}",
        "status": "closed" if found.state == DONE else "open",
        "status_notes": found.outcome or found.plan,
        **_service(request, found.body, codes),
        "description": "\n".join(part for part in (found.title, found.broken) if part),
        "agency_responsible": found.body.name.say(language_of(request)),
        "service_notice": "",
        "requested_datetime": _moment(day),
        "updated_datetime": _moment(found.done_on or found.planned_on or day),
        "expected_datetime": _moment(found.plan_by) if found.plan_by else None,
        "address": found.place,
        "extended_attributes": {"petitions": found.petitions, "page": f"/problems/{found.pk}/"},
    }


def _opinion(request: HttpRequest, found: Publication, codes: list[str] = []) -> dict[str, Any]:  # noqa: B006 read only
    """A published opinion, masked: the final word on a matter, with nothing that leads to a petition."""
    return {
        "service_request_id": f"{OPINION}{found.pk}",
        "status": "closed",
        "status_notes": publishing.outcome_of(found).say(language_of(request)),
        **_service(request, found.body, codes),
        "description": found.text,
        "agency_responsible": found.body.name.say(language_of(request)),
        "service_notice": "",
        "requested_datetime": _moment(found.issued_on),
        "updated_datetime": _moment(found.published_on),
        "expected_datetime": None,
        "address": "",
        "extended_attributes": {"article": found.article, "page": f"/opinions/{found.pk}/"},
    }


def _service(request: HttpRequest, body: Body, codes: Iterable[str] = ()) -> dict[str, str]:
    """The service that it comes under: one that was asked for, or the first of its body's."""
    subjects = [each.subject for each in body.competences.all()]
    asked = [subject for subject in subjects if services.code_of(subject) in set(codes)]
    subject = (asked or sorted(subjects) or [""])[0]
    name = subject or services.OTHER.say(language_of(request))
    return {"service_code": services.code_of(subject), "service_name": name}


# ---- one that is named


def _one(request: HttpRequest, named: str) -> dict[str, Any] | None:
    kind, _, number = named.partition("-")
    pk = int(number) if number.isascii() and number.isdecimal() and len(number) < 12 else 0
    if f"{kind}-" == PROBLEM and pk:
        problem = solving.public().filter(pk=pk).first()
        return _problem(request, problem) if problem else None
    if f"{kind}-" == OPINION and pk:
        publishes = law.at(datetime.now(UTC))[0].publishes
        rows = publishing.public().filter(withdrawn_on=None, pk=pk)
        opinion = rows.first() if publishes else None
        return _opinion(request, opinion) if opinion else None
    petition = following.petition_of(named)
    return _petition(request, petition, named) if petition else None


def _petition(request: HttpRequest, petition: Petition, named: str) -> dict[str, Any]:
    """How it stands: none of its words, for what names it stands in an address."""
    language = language_of(request)
    told = story_of(petition, served_only=True)
    last = told.timeline[-1] if told.timeline else None
    return {
        "service_request_id": named,
        "status": "open" if told.state.open else "closed",
        "status_notes": told.state.text.say(language),
        **_service(request, petition.holder),
        "description": "",
        "agency_responsible": petition.holder.name.say(language),
        "service_notice": told.state.explain.say(language),
        "requested_datetime": _exact(petition.lodged_at),
        "updated_datetime": _exact(last.at if last else petition.lodged_at),
        "expected_datetime": _moment(petition.next_due, at=time(23, 59, 59)) if petition.next_due else None,
        "address": "",
        "extended_attributes": _extended(petition, told, language),
    }


def _extended(petition: Petition, told: Story, language: str) -> dict[str, Any]:
    proof = inclusion.of_lodging(petition, None)
    return {
        "state": petition.state,
        "clocks": [_clock(clock, language) for clock in told.clocks],
        "steps": [_step(step, language) for step in told.timeline],
        "transfers": [_step(step, language) for step in told.timeline if step.event in HANDED],
        "reviews": [_step(step, language) for step in told.timeline if step.event in REVIEWED],
        "proof": str(proof) if proof else "",
    }


def _clock(told: Any, language: str) -> dict[str, Any]:
    plain = told.json
    return {
        "clock": plain["clock"],
        "name": told.rule.text.say(language),
        "article": plain["article"],
        "start": plain["start"],
        "due": plain["due"],
        "state": plain["state"],
    }


def _step(told: Told, language: str) -> dict[str, Any]:
    return {
        "at": _exact(told.at),
        "event": told.event,
        "title": told.title.say(language),
        "body": told.body.say(language),
        "article": told.article,
    }


def _exact(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _moment(day: date, at: time = time()) -> str:
    """A legal day as a moment where the law is in force, with its offset."""
    zone = ZoneInfo(law.in_force(day, settings.JURISDICTION).zone)
    return datetime.combine(day, at, zone).isoformat()
