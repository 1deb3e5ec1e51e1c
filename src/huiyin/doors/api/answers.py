"""Search what bodies answered in public: words of a matter, and never a person."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from huiyin.core.refusal import Refusal
from huiyin.doors.api.shapes import AnswerOut, AnswersIn, AnswersOut, PieceOut
from huiyin.registry import finding_answers, law
from huiyin.registry.finding_answers import Answer
from huiyin.site import json_read
from huiyin.site.json_told import Words
from huiyin.site.problem import answered, refused


@sensitive_variables("asked", "wanted")
def find(request: HttpRequest) -> HttpResponse:
    """200 with a page of what was found, the newest first; 422 for a name, a number, or too little."""
    asked = json_read.read(request, AnswersIn)
    wanted = finding_answers.asked(asked.q)
    if isinstance(wanted, Refusal):
        return refused(request, Refusal(wanted.code, wanted.reason, "", {"q": wanted.reason}), 422)
    publishes = law.at(datetime.now(UTC))[0].publishes
    found = finding_answers.found(wanted, asked.page, publishes=publishes, kind=asked.kind, body=asked.body)
    out = AnswersOut(
        count=found.count,
        more=found.more,
        page=found.page.number,
        pages=found.page.paginator.num_pages,
        answers=[_told(each) for each in found.answers],
    )
    return answered(out)


def _told(answer: Answer) -> AnswerOut:
    return AnswerOut(
        kind=answer.kind,
        href=reverse(f"public:{answer.kind}", args=[answer.page]),
        title=[PieceOut(said=each.said, hit=each.hit) for each in answer.title],
        told=[PieceOut(said=each.said, hit=each.hit) for each in answer.told],
        body=Words(zh=answer.body.zh, en=answer.body.en),
        on=answer.on.isoformat(),
    )
