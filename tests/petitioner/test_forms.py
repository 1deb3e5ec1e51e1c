"""The form of any move, for every row of every rulebook."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

from huiyin.core import contents, rulebook
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.rulebook import Row
from huiyin.site.forms import MoveForm, move_form

ROWS = [row for book in rulebook.all_rulebooks() for row in book.rows]
LAW = rulebook.by_id("cn-2022")


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


def drawn(form) -> str:
    return render_to_string("huiyin/parts/_move_form.html", {"form": form})


def row_of(verb: str) -> Row:
    return LAW.rows_of(verb)[0]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_row_of_every_law_can_be_drawn(language):
    with translation.override(language):
        for row in ROWS:
            given = {"body": [("zj", "住建局"), ("jt", "交通局")], "task": [("1", "付款"), ("2", "修路灯")]}
            html = drawn(move_form(row, choices_for=given, with_files=True))
            for content in row.contents:
                assert escape(content.text.say(language)) in html, (row.verb, content.name)


def test_what_the_form_collects_is_what_the_core_reads():
    said = QueryDict("redirect=法院&reasons=不属于&ground=not-competent&unknown=x&csrfmiddlewaretoken=y")
    form = move_form(row_of("decline"), said)
    assert form.is_valid()
    assert set(form.contents) == {"redirect", "reasons", "ground"}
    assert not isinstance(contents.read(form.row, form.contents), Refusal)


def test_a_date_becomes_what_the_core_reads():
    form = move_form(row_of("serve"), QueryDict("served_on=2026-03-02&way=post"))
    assert form.is_valid()
    assert form.contents == {"served_on": "2026-03-02", "way": "post"}


def test_all_that_is_missing_is_said_at_once_in_the_words_of_the_core():
    form = move_form(row_of("decline"), QueryDict("reasons=不属于"))
    assert not form.is_valid()
    said = drawn(form).replace('<option value="" selected>请选择</option>', "")
    # Each in the summary and at its field; what is to be chosen is not to be filled in.
    assert (said.count("必须填写"), said.count("请选择")) == (2, 2)
    assert "不属于" in drawn(form)


ANSWERS = [{"request": "修路灯"}, {"request": "道歉"}]


def answering(**said: str) -> MoveForm:
    data = QueryDict(mutable=True)
    data.update({"answers-TOTAL_FORMS": "2", "answers-INITIAL_FORMS": "0", **said})
    return move_form(row_of("submit-opinion"), data, settled=("修路灯", "道歉"))


def test_a_request_that_was_listed_is_shown_and_not_asked_again():
    form = move_form(row_of("submit-opinion"), initial={"answers": ANSWERS}, settled=("修路灯",))
    first, second = form.rows["answers"]
    assert (first.settled, second.settled) == ("修路灯", "")
    assert 'type="hidden" name="answers-0-request"' in drawn(form)
    assert 'type="hidden" name="answers-1-request"' not in drawn(form)


def test_a_block_whose_request_alone_stands_there_is_no_answer():
    form = answering(**{"answers-0-request": "修路灯", "answers-1-request": "道歉"})
    assert form.is_valid()
    assert form.contents == {}


def test_an_answer_begun_is_asked_for_in_full():
    form = answering(
        **{"answers-0-request": "修路灯", "answers-0-facts": "坏了", "answers-1-request": "道歉"}
    )
    assert not form.is_valid()
    assert set(form.rows["answers"][0].errors) == {"basis", "view", "outcome"}
    assert form.typed["answers"][0]["facts"] == "坏了"


def rows_said(**changes: str) -> QueryDict:
    said = QueryDict(mutable=True)
    said.update(
        {
            "prior": "HY-00000-00000",
            "reasons": "同一事实",
            "comparison-TOTAL_FORMS": "1",
            "comparison-INITIAL_FORMS": "0",
            "comparison-0-request": "修路灯",
            "comparison-0-same_facts": "on",
            "comparison-0-comparison_why": "没有新的",
        }
        | changes
    )
    return said


def test_rows_are_collected_with_their_unticked_boxes():
    form = move_form(row_of("no-longer-accept"), rows_said())
    assert form.is_valid()
    assert form.contents["comparison"] == [
        {"request": "修路灯", "same_facts": True, "same_reasons": False, "comparison_why": "没有新的"}
    ]


def test_asking_for_one_more_row_sends_nothing_and_complains_of_nothing():
    form = move_form(row_of("no-longer-accept"), rows_said(more="comparison", reasons=""))
    assert not form.is_valid()
    html = drawn(form)
    assert "comparison-1-request" in html
    assert "修路灯" in html
    assert "必须填写" not in html


@pytest.mark.parametrize("total", ["", "-1", "abc", "999999999"])
def test_a_count_of_rows_that_was_tampered_with_breaks_nothing(total):
    for more in ({}, {"more": "comparison"}):
        form = move_form(row_of("no-longer-accept"), rows_said(**{"comparison-TOTAL_FORMS": total}, **more))
        form.is_valid()
        drawn(form)


def test_rows_that_are_missing_altogether_are_asked_for():
    form = move_form(row_of("no-longer-accept"), QueryDict("prior=HY-1&reasons=x"))
    form.is_valid()
    refused = contents.read(form.row, form.contents if form.is_valid() else {"prior": "x", "reasons": "x"})
    assert isinstance(refused, Refusal)
    form.show(refused)
    assert "必须填写" in drawn(form)


def test_a_refusal_that_names_no_field_stands_above_the_form():
    form = move_form(row_of("accept"), QueryDict("note="))
    assert form.is_valid()
    form.show(refuse("moved-meanwhile"))
    assert "别人刚刚先办了一步" in drawn(form)


def test_a_body_is_chosen_from_what_the_door_offers():
    choices = {"body": [("zj", "住建局")]}
    assert move_form(row_of("transfer"), QueryDict("body=zj"), choices_for=choices).is_valid()
    wrong = move_form(row_of("transfer"), QueryDict("body=other"), choices_for=choices)
    assert not wrong.is_valid()
    assert "没有这个单位" in drawn(wrong)
