"""Questions at the desk: asked by whoever keeps the body's hours, and the outcome published there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from huiyin.registry import law
from huiyin.registry.models import Body, Question
from tests.cast import lodge

Desk = Callable[..., Client]


def said(first: int, last: int) -> dict[str, str]:
    today = law.at(timezone.now())[1]
    return {
        "body": str(Body.objects.get(code="zj").pk),
        "asks": "先修哪条路？",
        "why": "用于确定次序。",
        "opens_on": (today + timedelta(days=first)).isoformat(),
        "closes_on": (today + timedelta(days=last)).isoformat(),
    }


def test_asks_and_the_desk_of_a_suggestion_shows_what_it_answers(desk: Desk) -> None:
    otto = desk("otto")
    assert otto.post("/desk/questions/new/", said(5, 1)).status_code == 400
    assert otto.post("/desk/questions/new/", said(0, 9)).status_code == 302
    question = Question.objects.get()
    filed = lodge(now=timezone.now(), kind="suggestion", body="zj", question=question.code)
    assert "先修哪条路？" in otto.get(f"/desk/p/{filed.ref}/").content.decode()
    for login, status in (("otto", 200), ("ada", 200), ("tina", 404), ("hedda", 404)):
        assert desk(login).get(f"/desk/questions/{question.code}/").status_code == status, login


def test_publishes_the_outcome_when_each_suggestion_is_answered(desk: Desk) -> None:
    otto = desk("otto")
    otto.post("/desk/questions/new/", said(0, 9))
    question = Question.objects.get()
    lodge(now=timezone.now(), kind="suggestion", body="zj", question=question.code)
    here = f"/desk/questions/{question.code}/outcome/"
    Question.objects.update(closes_on=law.at(timezone.now())[1] - timedelta(days=1), opens_on="2026-01-01")
    answer = otto.post(here, {"outcome": "采纳了三条"})
    assert answer.status_code == 400
    assert "采纳了三条" in answer.content.decode()
    assert "wait for their own answer" in answer.content.decode()
    question.suggested.all().delete()
    assert otto.post(here, {"outcome": "采纳了三条"}).status_code == 302
    assert "采纳了三条" in otto.get(f"/desk/questions/{question.code}/").content.decode()


def test_an_open_question_of_several_lines_is_kept_open_longer(desk: Desk) -> None:
    otto = desk("otto")
    otto.post("/desk/questions/new/", said(0, 9))
    Question.objects.update(why="用于确定次序。\n每一件都会答复。")
    question = Question.objects.get()
    longer = said(0, 20) | {"why": "用于确定次序。\r\n每一件都会答复。"}  # as a browser sends it
    answer = otto.post(f"/desk/questions/{question.code}/", longer)
    assert answer.status_code == 302, answer.content.decode()
    assert Question.objects.get().why == question.why


def test_what_people_have_read_of_an_open_question_is_text_and_no_field(desk: Desk) -> None:
    otto = desk("otto")
    otto.post("/desk/questions/new/", said(3, 9))
    question = Question.objects.get()
    here = f"/desk/questions/{question.code}/"
    assert 'name="asks"' in otto.get(here).content.decode()
    Question.objects.update(opens_on=law.at(timezone.now())[1])
    page = otto.get(here).content.decode()
    assert "用于确定次序。" in page
    assert "stays as people have read it" in page
    for name in ("asks", "why", "opens_on"):
        assert f'name="{name}"' not in page, name
    assert otto.post(here, said(0, 20) | {"asks": "先修哪座桥？"}).status_code == 302
    assert Question.objects.get().asks == question.asks
