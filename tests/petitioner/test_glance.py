"""The top of a petition's page answers at once: where is it, who has it, what is due when, what can I do?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.doors.petitioner import drawing
from huiyin.registry import routing
from huiyin.registry.models import Body
from tests.cast import Walk
from tests.petitioner.conftest import Clockwork, Lodger

Enter = Callable[[Any], Client]
PAGE = "/follow/petition/"
MOST = 100_000  # bytes of one page, without attachments


def html_of(enter: Enter, walk: Walk) -> str:
    return enter(walk).get(PAGE).content.decode()


def glance(html: str) -> list[str]:
    """The four answers, without markup."""
    whole = html.split('<dl class="glance">')[1].split("</dl>", 1)[0]
    return [re.sub(r"<[^>]+>|\s+", " ", answer) for answer in re.findall(r"<dd>(.*?)</dd>", whole, re.DOTALL)]


def test_just_received(enter: Enter, walk: Walk) -> None:
    where, who, due, yours = glance(html_of(enter, walk))
    assert "已收到" in where
    assert "县信访局" in who
    assert "2026年3月17日（星期二）" in due
    assert "还剩15天" in due
    assert "第二十二条第一款" in due
    assert "您不需要做什么" in yours


def test_late_is_said_in_the_same_place(enter: Enter, walk: Walk, clockwork: Clockwork) -> None:
    walk.to("accepted")
    clockwork.now += timedelta(days=70)
    due = glance(html_of(enter, walk))[2]
    assert "逾期" in due
    assert "县住建局" in due


def test_what_is_open_to_the_author_has_its_day_and_its_link(enter: Enter, walk: Walk) -> None:
    page = html_of(enter, walk.to("opinion-served"))
    _where, _who, due, yours = glance(page)
    assert "申请复查" in yours
    assert "2026年4月1日" in due
    assert "/do/request-review/" in page.split("</dl>")[0]


def test_the_newest_paper_is_at_the_top_and_what_comes_third_is_folded(enter: Enter, walk: Walk) -> None:
    page = html_of(enter, walk.to("opinion-served"))
    assert "查看：信访处理意见书" in glance(page)[0]
    folded = re.findall(r"<details class=\"fold\"><summary>(?:<h2[^>]*>)?([^<]+)", page)
    assert folded[0].startswith("更早的步骤")
    assert folded[1:] == ["什么时候到期，为什么", "您现在的权利", "谁看过", "我提出的内容", "其他帮助"]
    shown = page[: page.index('<details class="fold">')]
    assert shown.count("event-time") == 4, "what may come, and the last three steps"


def test_a_paper_of_an_earlier_stage_is_not_offered_where_the_state_is_told(enter: Enter, walk: Walk) -> None:
    page = html_of(enter, walk.to("review-requested"))
    assert "查看" not in glance(page)[0]
    assert "信访处理意见书" in page.split('id="documents"')[1].split("</ul>")[0]
    assert "查看：复查意见书" in glance(html_of(enter, walk.to("review-served")))[0]


def test_what_is_reported_later_does_not_hide_the_opinion_that_was_served(enter: Enter, walk: Walk) -> None:
    walk.to("opinion-served")("report-carried-out", "otto", note="已经修好。")
    documents = html_of(enter, walk).split('id="documents"')[1].split("</ul>")[0]
    assert "执行情况告知书" in documents
    assert "查看：信访处理意见书" in glance(html_of(enter, walk))[0]


def test_what_the_author_did_is_told_of_nobody_else(enter: Enter, walk: Walk) -> None:
    walk.to("accepted")("add-information", "author", information="楼道里也没有灯。")
    step = html_of(enter, walk).split("楼道里也没有灯")[0].rpartition('<li class="event')[2]
    assert "event-body" not in step


def test_what_withdraws_stands_behind_all_else(enter: Enter, walk: Walk) -> None:
    page = enter(walk.to("accepted")).get(PAGE)
    near, further = ([move["verb"] for move in page.context[name]] for name in ("near", "further"))
    assert near[:2] == ["add-request", "add-information"]
    assert len(near) == 3
    assert further[-1] == "request-withdrawal"


def test_where_all_is_over_the_page_says_so_and_leads_on(enter: Enter, walk: Walk) -> None:
    page = html_of(enter, walk.to("closed-final"))
    assert "不再有期限" in glance(page)[2]
    drawn = page.split('<div class="drawn">')[1].split("</ol>")[0]
    assert "bar-today" not in drawn


@pytest.mark.parametrize(
    "state", ["lodged", "accepted", "opinion-served", "review-requested", "closed-final"]
)
def test_each_stage_tells_rights_by_article_once(enter: Enter, walk: Walk, state: str) -> None:
    page = enter(walk.to(state) if state != "lodged" else walk).get(PAGE)
    rights = page.context["rights"]
    assert rights
    assert len({right.article.zh for right in rights}) == len(rights)
    assert all(right.href.startswith("/rules/cn-2022/#article-") for right in rights)
    owed = {c["article"].zh for c in page.context["clocks"] if c["kind"] == "law"}
    assert owed <= {right.article.zh for right in rights}
    assert "不得打击报复信访人" in page.content.decode()


def test_what_was_written_stands_among_the_documents_and_none_is_said(enter: Enter, walk: Walk) -> None:
    assert "一发出就列在这里" in html_of(enter, walk)
    page = html_of(enter, walk.to("opinion-served"))
    documents = page.split('id="documents"')[1].split("</ul>")[0]
    assert "信访处理意见书" in documents


def test_the_drawing_has_a_line_for_each_term_of_the_law_in_words(enter: Enter, walk: Walk) -> None:
    page = enter(walk.to("accepted")).get(PAGE)
    drawn = page.context["drawn"]
    assert [line.card["code"] for line in drawn.lines] == [
        told.clock.name for told in page.context["story"].clocks if told.clock.kind != "house"
    ]
    for line in drawn.lines:
        for span in (line.term, line.run):
            assert 0 <= span.x < span.x + span.width <= drawing.WIDTH + drawing.LEAST
    words = page.content.decode().split('<div class="drawn">')[1].split("</ol>")[0]
    assert "县住建局" in words
    assert "已过0天" not in words  # on its first day nothing is gone, and nothing is said of it


def test_what_a_hearing_takes_out_of_a_term_is_drawn_and_said(
    enter: Enter, walk: Walk, clockwork: Clockwork
) -> None:
    walk.to("rereview-requested")
    walk.hear("rolf").later(days=1)
    walk.close_hearing("rolf")
    clockwork.now = walk.now
    page = enter(walk).get(PAGE)
    pauses = [pause for line in page.context["drawn"].lines for pause in line.pauses]
    assert pauses
    assert all(pause.first <= pause.last for pause in pauses)
    words = page.content.decode().split('<div class="drawn">')[1].split("</ol>")[0]
    assert "bar-pause" in words
    assert "听证" in words


def test_a_late_term_is_drawn_beyond_its_day(enter: Enter, walk: Walk, clockwork: Clockwork) -> None:
    walk.to("accepted")
    clockwork.now += timedelta(days=70)
    lines = enter(walk).get(PAGE).context["drawn"].lines
    late = next(line for line in lines if line.card["code"] == "handling")
    assert late.is_late
    assert late.over is not None
    assert late.over.x >= late.term.x + late.term.width - drawing.LEAST
    assert late.due == date(2026, 5, 1) or late.due > date(2026, 4, 29)


# ---- light, and the same number of questions


def questions(client: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(PAGE).status_code == 200
    return len(seen.captured_queries)


def test_the_page_of_a_long_story_asks_no_more_and_stays_light(enter: Enter, walk: Walk) -> None:
    walk.to("opinion-served")
    client = enter(walk)
    questions(client)  # what a process asks once and keeps
    before = questions(client)
    for number in range(12):
        walk("add-information", "author", information=f"补充 {number}：" + "说明" * 100)
    assert questions(client) == before
    assert len(client.get(PAGE).content) < MOST


def test_no_page_of_lodging_grows_with_the_number_of_bodies(lodger: Lodger, bodies: dict[str, Body]) -> None:
    def asked() -> int:
        routing.forget()  # who receives is asked for once a second
        with CaptureQueriesContext(connection) as seen:
            lodger.start().send(subject="电梯", text="小区的电梯坏了。")
            lodger.send().send().send(who="anonymous")
        assert "请核对" in lodger.html
        return len(seen.captured_queries)

    asked()  # what a process asks once and keeps
    before = asked()
    bodies["zj"].competences.create(subject="物业管理")
    for i in range(300):
        body = Body.objects.create(
            code=f"b{i}", name_zh=f"第{i}局", name_en=f"Bureau {i}", kind="organ", level="county",
            superior=bodies["xian"],
        )  # fmt: skip
        body.competences.create(subject=f"事项{i}")
    assert asked() == before
    lodger.start().send(subject="电梯", text="小区的电梯坏了。").send("find", find="局")
    assert "还有" in lodger.html  # more fit than are listed
    assert len(lodger.page.content) < MOST
    assert len(lodger.send("next").page.content) < MOST
