"""繁體 is 简体 in other letters: the house's own sentences, and never what somebody wrote."""

import pytest

from huiyin.core.text import LABELLED, Text, on_paper
from huiyin.core.traditional import is_traditional, simplified, traditional


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("受理后六十日内办结", "受理後六十日內辦結"),
        ("三天后失效", "三天後失效"),  # not the empress (天后)
        ("干部", "幹部"),
        ("若干", "若干"),
        ("一公里，在这里", "一公里，在這裡"),
        ("复查、复核、答复、恢复", "複查、複核、答覆、恢復"),
        ("“回音”", "「回音」"),  # an answer, not an echo (迴音)
        ("2026-02-25 OK", "2026-02-25 OK"),
        ("", ""),
    ],
)
def test_a_letter_is_chosen_by_its_word(plain: str, other: str) -> None:
    assert traditional(plain) == other


@pytest.mark.parametrize("tag", ["zh-hant", "zh-Hant", "zh-hant-tw"])
def test_a_text_is_said_in_the_script_that_is_asked_for(tag: str) -> None:
    assert Text("受理", "accept").say("zh-hans") == "受理"
    assert Text("转送", "transfer").say(tag) == "轉送"
    assert Text("转送", "transfer").say("en") == "transfer"


def test_what_somebody_wrote_stays_as_it_was_written() -> None:
    said = LABELLED.format(label=Text("意见", "Opinion"), value="请修复路灯")
    twice = Text("{a}，{b}", "{a}, {b}").format(a=said, b=Text("转送", "sent on"))
    lines = Text("\n", "\n").join([said, "谁写的", Text("说明", "note")])

    assert said.say("zh-hant") == "意見：请修复路灯"
    assert twice.say("zh-hant") == "意見：请修复路灯，轉送"
    assert lines.say("zh-hant") == "意見：请修复路灯\n谁写的\n說明"
    assert lines.say("zh-hans") == "意见：请修复路灯\n谁写的\n说明"


def test_words_given_alike_in_both_languages_are_somebodys_own() -> None:
    assert Text("请修复路灯", "请修复路灯").say("zh-hant") == "请修复路灯"


def test_two_texts_are_the_same_whatever_their_script() -> None:
    assert Text("转送", "x", "轉送") == Text("转送", "x")
    assert hash(Text("转送", "x", "轉送")) == hash(Text("转送", "x"))


def test_papers_are_in_the_script_of_the_law() -> None:
    assert [on_paper(tag) for tag in ("zh-hant", "zh-hans", "en")] == ["zh-hans", "zh-hans", "en"]


@pytest.mark.parametrize(
    ("text", "is_so"), [("請修好路燈", True), ("请修好路灯", False), ("公里", False), ("lamps", False)]
)
def test_the_letters_tell_the_script(text: str, is_so: bool) -> None:
    assert is_traditional(text) is is_so


def test_what_both_scripts_write_alike_has_no_way_back() -> None:
    back = simplified()
    assert (back["燈"], back["陳"], back["張"]) == ("灯", "陈", "张")
    assert back.keys().isdisjoint("才群核吃峰床梁著秘")
    assert all(len(letter) == len(own) == 1 for letter, own in back.items())
