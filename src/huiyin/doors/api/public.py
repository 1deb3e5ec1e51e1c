"""What anybody may read, as JSON: bodies, published answers, problems, hours, figures and where the log lies.

The same rows that the pages show. Nothing here leads to a petition, and nothing keeps who asked.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from msgspec import UNSET

from huiyin.core import checkpoint
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.text import Text
from huiyin.doors.api import public_shapes as shapes
from huiyin.registry import directory, law, logfiles, publishing, receiving, solving
from huiyin.registry.models import Body, Problem, Publication, Reception
from huiyin.registry.problems import DONE
from huiyin.site import json_read, json_told, typed
from huiyin.site.json_told import words
from huiyin.site.paging import Key, page_of
from huiyin.site.problem import Answered, answered

BY_CODE = (Key("external"), Key("receives", falls=True), Key("path"), Key("id"))
DONE_LAST = (Key("done_on", falls=True, empty=True), Key("id", falls=True))
MOST_ASKED = (
    Key("petitions", falls=True),
    Key("decided_on", falls=True, empty=True),
    Key("id", falls=True),
)
PUBLISHED_LAST = (Key("published_on", falls=True), Key("id", falls=True))
SOONEST = (Key("day"), Key("opens"), Key("id"))
NO_FIGURES = Refusal(
    "no-figures",
    Text("公开日志中还没有统计数字", "the public log holds no figures yet"),
)
GONE = Refusal("withdrawn", Text("这份意见已不再公开", "this opinion is published no longer"))


def _today() -> date:
    return law.at(datetime.now(UTC))[1]


def _fresh(value: object, status: int = 200) -> HttpResponse:
    """What a cache may keep, and has to ask about each time: it may have been taken back."""
    answer = answered(value, status)
    answer["Cache-Control"] = "no-cache"
    return answer


def _day(day: date | None) -> str | msgspec.UnsetType:
    return day.isoformat() if day else UNSET


def _not_found() -> Answered:
    return Answered(404, refuse("not-found"))


# ---- bodies


def bodies(request: HttpRequest) -> HttpResponse:
    asked = json_read.query(request, shapes.BodiesIn)
    found = directory.narrowed(
        directory.known(),
        subject=asked.subject,
        place=asked.place,
        level=asked.level,
        find=asked.find,
        receives=asked.receives,
    )
    page = page_of(found, BY_CODE, asked, "bodies")
    days = directory.next_days([each.pk for each in page.rows], _today())
    told = [_body(each, days.get(each.pk)) for each in page.rows]
    return _fresh(shapes.BodiesOut(bodies=told, next=page.next or UNSET))


def body(_request: HttpRequest, *, code: str) -> HttpResponse:
    found = directory.known().filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise _not_found()
    return _fresh(_body(found, directory.next_days([found.pk], _today()).get(found.pk)))


def _body(found: Body, next_day: Reception | None) -> shapes.DirectoryOut:
    return shapes.DirectoryOut(
        code=found.code,
        name=words(found.name),
        kind=found.kind,
        level=found.level,
        superior=found.superior.code if found.superior else UNSET,
        receives=found.receives,
        external=found.external,
        address=found.address,
        phone=found.phone,
        hours=found.hours,
        competences=[
            shapes.CompetenceOut(subject=each.subject, area=each.area) for each in found.competences.all()
        ],
        next_reception=_day(next_day.day if next_day else None),
    )


# ---- what was answered in public


def problems(request: HttpRequest) -> HttpResponse:
    asked = json_read.query(request, shapes.ProblemsIn)
    found = solving.public()
    if asked.state:
        found = found.filter(state=asked.state)
    if asked.body:
        found = found.filter(body__code=asked.body)
    done = asked.state == DONE
    page = page_of(found, DONE_LAST if done else MOST_ASKED, asked, "done" if done else "problems")
    told = [_problem(each) for each in page.rows]
    return _fresh(shapes.ProblemsOut(problems=told, next=page.next or UNSET))


def problem(_request: HttpRequest, *, number: int) -> HttpResponse:
    found = solving.public().filter(pk=number).first()
    if found is None:
        raise _not_found()
    return _fresh(_problem(found))


def _problem(found: Problem) -> shapes.ProblemTold:
    return shapes.ProblemTold(
        number=found.pk,
        state="done" if found.state == DONE else "adopted",
        body=json_told.body(found.body),
        title=found.title,
        place=found.place,
        broken=found.broken,
        plan=found.plan,
        outcome=found.outcome,
        petitions=found.petitions,
        since=found.since.isoformat(),
        plan_by=_day(found.plan_by),
        decided_on=_day(found.decided_on),
        done_on=_day(found.done_on),
    )


def opinions(request: HttpRequest) -> HttpResponse:
    """None at all where the law publishes none."""
    asked = json_read.query(request, shapes.OpinionsIn)
    found = publishing.public()
    if not law.at(datetime.now(UTC))[0].publishes:
        found = found.none()
    if asked.year:
        found = found.filter(published_on__year=int(asked.year)) if int(asked.year) else found.none()
    if asked.body:
        found = found.filter(body__code=asked.body)
    if asked.outcome:
        found = found.filter(outcome=asked.outcome, withdrawn_on=None)
    page = page_of(found.defer("text"), PUBLISHED_LAST, asked, "opinions")
    told = [_opinion_line(each) for each in page.rows]
    return _unlisted(answered(shapes.OpinionsOut(opinions=told, next=page.next or UNSET)))


def opinion(_request: HttpRequest, *, number: int) -> HttpResponse:
    if not law.at(datetime.now(UTC))[0].publishes:
        raise _not_found()
    found = publishing.public().filter(pk=number).first()
    if found is None:
        raise _not_found()
    if found.withdrawn_on is not None:
        raise Answered(410, GONE)
    line = _opinion_line(found)
    told = shapes.OpinionOut(
        number=line.number,
        body=line.body,
        rulebook=line.rulebook,
        article=line.article,
        outcome=line.outcome,
        issued_on=line.issued_on,
        published_on=line.published_on,
        text=found.text,
    )
    return _unlisted(answered(told))


def _opinion_line(found: Publication) -> shapes.OpinionLine:
    return shapes.OpinionLine(
        number=found.pk,
        body=json_told.body(found.body),
        rulebook=found.rulebook,
        article=found.article,
        outcome=words(publishing.outcome_of(found)),
        issued_on=found.issued_on.isoformat(),
        published_on=found.published_on.isoformat(),
        withdrawn_on=_day(found.withdrawn_on),
    )


def _unlisted(response: HttpResponse) -> HttpResponse:
    """No search engine keeps a copy: what is taken down has to be gone."""
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


# ---- hours


def receptions(request: HttpRequest) -> HttpResponse:
    asked = json_read.query(request, shapes.ReceptionsIn)
    found = receiving.narrowed(
        receiving.upcoming(_today()), body=asked.body, kind=asked.kind, find=asked.find
    )
    page = page_of(found, SOONEST, asked, "receptions")
    told = [_reception(each) for each in page.rows]
    return _fresh(shapes.ReceptionsOut(receptions=told, next=page.next or UNSET))


def reception(_request: HttpRequest, *, number: int) -> HttpResponse:
    rows = Reception.objects.select_related("host").prefetch_related("receiving__body")
    found = rows.filter(pk=number).first()
    if found is None:
        raise _not_found()
    return _fresh(_reception(found))


def _reception(found: Reception) -> shapes.ReceptionOut:
    return shapes.ReceptionOut(
        number=found.pk,
        host=json_told.body(found.host),
        kind=found.kind,
        day=found.day.isoformat(),
        opens=f"{found.opens:%H:%M}",
        closes=f"{found.closes:%H:%M}",
        place=found.place,
        subjects=found.subjects,
        receiving=[
            shapes.ReceivingOut(official=each.official, body=json_told.body(each.body))
            for each in found.receiving.all()
        ],
        called_off=found.called_off or UNSET,
    )


# ---- the log


def figures(request: HttpRequest) -> HttpResponse:
    """What the public log comes to, from its own file: not one number is asked of the registry."""
    asked = json_read.query(request, shapes.FiguresIn)
    read = logfiles.read(logfiles.FIGURES)
    if read is None:
        raise Answered(404, NO_FIGURES)
    kept = json.loads(read)
    rows = [
        row
        for row in kept["cohorts"]
        if asked.term in {"", row["clock"]} and row["period"].startswith(asked.period)
    ]
    cohorts = typed.convert([_cohort(row) for row in rows], list[shapes.CohortOut])
    told = shapes.FiguresOut(size=kept["size"], root=kept["root"], smallest=kept["cohort"], cohorts=cohorts)
    return _fresh(told)


def _cohort(row: dict[str, object]) -> dict[str, object]:
    return {name: row[name] for name in shapes.CohortOut.__struct_fields__}


def log(_request: HttpRequest) -> HttpResponse:
    """Where the log lies, and the head that is published."""
    where = f"{settings.PUBLIC_URL}/log"
    told = shapes.LogOut(
        origin=settings.ORIGIN,
        url=f"{where}/",
        checkpoint=f"{where}/checkpoint",
        key=f"{where}/key",
        certificate=f"{where}/certificate",
        figures=f"{where}/figures.json",
        receipt_key=f"{settings.PUBLIC_URL}/receipt-key",
    )
    published = logfiles.read(logfiles.CHECKPOINT)
    if published is None:
        return _fresh(told)
    head, _ = checkpoint.read(published.decode())
    told.size, told.root = head.size, head.root.hex()
    return _fresh(told)
