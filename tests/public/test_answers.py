"""Published answers, searched by anybody: by words of a matter, never for a person, while they stand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.doors.api.shapes import AnswersOut
from huiyin.registry import answers, asking, publishing, solving
from huiyin.registry.models import AnswerWords, Body, Officer, Problem, Publication, Question
from huiyin.site import typed
from huiyin.site.problem import ProblemOut
from tests.cast import acting_as, legal_day

HERE, FOR_MACHINES = "/answers/", "/api/v1/answers"
LIFT = {
    "title": "柳苑小区电梯反复停运",
    "place": "柳苑小区",
    "broken": "高层住户上下楼困难，维修资金不能动用。",
    "plan": "开通应急通道。",
    "outcome": "六部电梯已经更换并检验合格。",
}


def problem(**said: Any) -> Problem:
    """Taken up by the head of the housing office, as at the desk."""
    today = legal_day(timezone.now())
    dates = {"since": today.replace(day=1), "found_on": today, "refreshed_on": today, "plan_by": today}
    made = Problem.objects.create(body=Body.objects.get(code="zj"), **dates, **{**LIFT, **said})
    assert solving.save(made, acting=acting_as("hedda"), now=timezone.now()) is None
    return made


def question() -> Question:
    today = legal_day(timezone.now())
    made = Question.objects.create(
        body=Body.objects.get(code="zj"), code="buses", asks="晚班公交车应当开到几点？", why="晚班车要改。",
        opens_on=today - timedelta(days=30), closes_on=today - timedelta(days=1), asked_at=timezone.now(),
    )  # fmt: skip
    by = Officer.objects.get(login="hedda")
    assert asking.publish(made, "采纳：延长到二十二时。", by=by, today=today, now=timezone.now()) is None
    return made


def ask(**said: str) -> Any:
    browser = Client()
    browser.cookies["huiyin_language"] = "en"
    return browser.post(HERE, said, follow=True)


def found(q: str, **said: Any) -> AnswersOut:
    answer = Client().post(FOR_MACHINES, json.dumps({"q": q, **said}), content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    return typed.decode(answer.content, AnswersOut)


def test_what_came_of_a_question_bears_the_day_of_the_law(cast: Any) -> None:
    made = question()
    made.answered_at = datetime(2026, 3, 1, 17, tzinfo=UTC)  # one in the morning where the law is in force
    answers.question(made)
    assert AnswerWords.objects.get(kind="question").on == date(2026, 3, 2)


def test_words_find_what_was_answered_with_the_words_marked(cast: Any) -> None:
    made, asked = problem(), question()
    page = ask(q="电梯 检验")
    assert f"/problems/{made.pk}/" in page.content.decode()
    assert "<mark>检验</mark>合格" in page.content.decode()
    assert "/questions/buses/" in ask(q="晚班").content.decode()
    assert [each.href for each in found("晚班").answers] == [f"/questions/{asked.code}/"]
    assert found("电梯 -检验").count == found("停运电梯").count == 0
    assert found('"电梯 反复停运"').count == 1
    assert found("").count == 2


def test_filters_narrow_it_down(cast: Any) -> None:
    problem()
    question()
    assert found("", kind="problem").count == found("", kind="question").count == 1
    assert found("", body="zj").count == 2
    assert found("", body="jt").count == 0
    page = ask(q="", kind="question")
    assert b"/questions/buses/" in page.content
    assert b"/problems/" not in page.content.split(b"found-title")[2]


@pytest.mark.parametrize("said", ["张伟", "13912345678", "3栋2单元501室", "128号", "电梯 128"])
def test_a_query_about_a_person_is_not_asked_and_says_why(cast: Any, said: str) -> None:
    problem()
    with CaptureQueriesContext(connection) as queries:
        page = Client().post(HERE, {"q": said})
        answer = Client().post(FOR_MACHINES, json.dumps({"q": said}), content_type="application/json")
    assert (page.status_code, answer.status_code) == (400, 422)
    assert b"error-summary" in page.content
    assert "HY-7K3M9" not in page.content.decode()  # no reference is opened here
    assert typed.decode(answer.content, ProblemOut).code in {"search-person", "search-number"}
    assert not [q for q in queries.captured_queries if "INSTR(" in q["sql"] or "STRPOS(" in q["sql"]]


def test_the_words_stand_in_no_address(cast: Any) -> None:
    problem()
    page = ask(q="电梯", kind="problem")
    ((address, _),) = page.redirect_chain
    assert "电梯" not in unquote(address)
    assert b"<mark>" in Client().get(address).content
    assert Client().get(f"{HERE}?s=made-up").status_code == 200
    assert "noindex" in page["X-Robots-Tag"]


def test_what_is_dismissed_or_taken_down_is_found_no_more(cast: Any, settings: Any) -> None:
    made = problem()
    assert found("电梯").count == 1
    assert solving.dismiss(made, "并入另一问题", acting=acting_as("hedda"), now=timezone.now()) is None
    assert not AnswerWords.objects.exists()
    assert found("电梯").count == 0
    opinion = published("防水层老化，应当重做。")
    answers.opinion(opinion)
    assert AnswerWords.objects.count() == 1
    assert opinion.petition is not None
    publishing.withdraw(opinion.petition, legal_day(timezone.now()))
    assert not AnswerWords.objects.exists()


def published(text: str) -> Publication:
    from tests.cast import lodge

    today = legal_day(timezone.now())
    return Publication.objects.create(
        petition=lodge().petition, body=Body.objects.get(code="shi"), rulebook="cn-2022", article="36.1",
        outcome="uphold", issued_on=today, published_on=today, text=text,
    )  # fmt: skip


def test_where_the_law_publishes_no_opinion_none_is_found(cast: Any) -> None:
    answers.opinion(published("防水层老化，应当重做。"))
    assert found("防水层").count == found("").count == 0
    moved = Client().get("/opinions/")
    assert (moved.status_code, moved["Location"]) == (302, HERE)


def test_what_was_published_before_there_were_rows_is_caught_up_with(cast: Any) -> None:
    problem()
    question()
    kept = set(AnswerWords.objects.values_list("kind", "page", "body", "on", "words"))
    answers.begin_anew()
    assert answers.catch_up() == 2
    assert answers.catch_up() == 0
    assert set(AnswerWords.objects.values_list("kind", "page", "body", "on", "words")) == kept


def test_a_long_list_takes_as_many_queries_as_a_short_one(cast: Any) -> None:
    problem()
    question()
    with CaptureQueriesContext(connection) as few:
        Client().get(HERE)
    for n in range(25):
        problem(title=f"电梯停运{'一二三四五六七八九'[n % 9]}")
    with CaptureQueriesContext(connection) as many:
        page = Client().get(HERE)
    assert len(many) <= len(few)
    assert page.content.count(b'class="card"') == 20
    assert len(page.content) < 100_000


def test_the_newest_comes_first(cast: Any) -> None:
    old, new = problem(title="电梯甲类"), problem(title="电梯乙类")
    AnswerWords.objects.filter(page=str(old.pk)).update(on=date(2020, 1, 1))
    assert [each.href for each in found("电梯").answers] == [f"/problems/{n}/" for n in (new.pk, old.pk)]
