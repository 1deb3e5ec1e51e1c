"""Whether a draft answers: requests found and matched, missing parts, empty and hard words. All made up."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.reading import plain
from huiyin.reading.answers import check, is_generic
from huiyin.reading.overlap import relevance
from huiyin.reading.parts import PARTS, missing, parts_in
from huiyin.reading.requests import requests_in

SUBJECT = "清河路路灯不亮和水管漏水"
TEXT = (
    "清河路的路灯坏了两个月，晚上看不见路。请尽快修好路灯。另外楼下的水管一直漏水，希望更换水管。"
    "物业要求业主先交维修费。请问维修费应当由谁承担？难道我们的安全没有人管吗？"
)
DRAFT = (
    "您反映的问题收悉，我局高度重视。关于路灯不亮的问题：经现场查看，清河路三盏路灯的线缆断了，已于3月12日修复。"
    "依据《城市道路照明管理规定》第五条，路灯由市政部门维护。维修费由产权单位承担，您不用交。"
)
PETITION_EN = (
    "The lift in our house is broken. Please repair the lift. Why was nobody told? I want my money back."
)


def asked(subject: str, text: str) -> list[str]:
    return [request.words for request in requests_in(subject, text)]


# ---- what is asked


def test_demands_and_questions_are_found_and_what_others_demand_is_not() -> None:
    assert asked(SUBJECT, TEXT) == ["请尽快修好路灯。", "希望更换水管。", "请问维修费应当由谁承担？"]


def test_the_items_of_a_list_of_requests_are_one_request_each() -> None:
    text = "本人诉求如下：\n1、恢复三号楼供水\n2、退还多收的电费\n（三）公开维修资金账目"
    assert asked("", text) == ["恢复三号楼供水", "退还多收的电费", "公开维修资金账目"]


def test_items_of_a_list_that_only_tells_are_none() -> None:
    assert asked("请修电梯", "事情经过：1、三月电梯停运。2、四月物业来看过。") == ["请修电梯"]


def test_english_is_read_too() -> None:
    assert asked("", PETITION_EN) == [
        "Please repair the lift.",
        "Why was nobody told?",
        "I want my money back.",
    ]


def test_who_asks_for_nothing_in_words_asks_for_what_the_subject_says() -> None:
    assert asked("东湖小区停水", "从周一起没有水。") == ["东湖小区停水"]
    assert asked("东湖小区停水", "从周一起没有水。希望尽快解决！")[0] == "东湖小区停水"


# ---- what answers it


def test_each_request_has_the_sentences_that_speak_of_it_or_none() -> None:
    found = {each.words: each.by for each in check(SUBJECT, TEXT, DRAFT).asked}
    assert "已于3月12日修复" in found["请尽快修好路灯。"][0]
    assert found["希望更换水管。"] == ()
    assert found["请问维修费应当由谁承担？"] == ("维修费由产权单位承担，您不用交。",)


def test_saying_the_question_again_is_no_answer() -> None:
    draft = "您提出的更换水管的诉求收悉。我局高度重视，正在积极协调。请耐心等待。"
    assert all(not each.by for each in check(SUBJECT, TEXT, draft).asked)


def test_what_was_settled_comes_first_and_what_else_is_asked_after_it() -> None:
    found = check(SUBJECT, TEXT, DRAFT, listed=["修好路灯", "更换水管"]).asked
    assert [(each.words, each.listed) for each in found] == [
        ("修好路灯", True),
        ("更换水管", True),
        ("请问维修费应当由谁承担？", False),
    ]


def test_a_question_for_a_time_is_answered_by_a_time() -> None:
    text = "三里村的公路什么时候开工？"
    assert not check("三里村公路", text, "三里村的公路很重要，我们在准备。").asked[0].by
    assert check("三里村公路", text, "三里村的公路计划明年三月开工。").asked[0].by


# ---- an answer to something else, or to anything


def test_the_answer_to_this_lies_above_the_answer_to_something_else() -> None:
    other = "经查，您的养老保险中断了五个月，可以到社保中心补缴。"
    assert relevance(SUBJECT, TEXT, DRAFT) > relevance(SUBJECT, TEXT, other) + 1
    assert not check(SUBJECT, TEXT, DRAFT).astray
    assert check(SUBJECT, TEXT, other).astray


def test_an_answer_to_another_town_lies_lower() -> None:
    reply = "乙县的路灯修好了。"
    assert relevance("甲县路灯", "甲县路灯坏了", reply, areas=("甲县", "乙县")) < relevance(
        "甲县路灯", "甲县路灯坏了", reply
    )


def test_a_draft_older_than_the_petition_is_told() -> None:
    old = DRAFT + "\n2024年3月5日"
    assert check(SUBJECT, TEXT, old, lodged=date(2026, 3, 2)).newest == date(2024, 3, 5)
    assert check(SUBJECT, TEXT, old, lodged=date(2024, 3, 1)).newest is None


@pytest.mark.parametrize(
    "reply",
    [
        "您好！您的留言已收悉。",
        "您反映的问题已转相关部门调查处理，请耐心等待。感谢您的支持！",
        "你好，你所反映的问题已转交至交通局调查办复。",
    ],
)
def test_what_would_fit_any_petition_is_flagged(reply: str) -> None:
    assert is_generic(reply)


def test_a_short_answer_that_answers_is_not() -> None:
    assert not is_generic("经查，安平村登记为农村地区，按照城镇居民医保缴费，每人 380 元。")


# ---- the parts of an opinion

WHOLE = {
    "facts": "经现场查看，三盏路灯的线缆被挖断。",
    "basis": "依据《城市道路照明管理规定》第五条，由市政部门维护。",
    "outcome": "支持您的请求，四月底前修好。",
    "remedy": "如不服本意见，可以自收到之日起三十日内申请复查。",
    "date": "2026年3月18日",
}
WHOLE_EN = {
    "facts": "We inspected the lamps on Monday and found three broken.",
    "basis": "Section 41 of the Highways Act applies.",
    "outcome": "Your request is granted.",
    "remedy": "You may ask for a review within 30 days.",
    "date": "18 March 2026",
}


@pytest.mark.parametrize("opinion", [WHOLE, WHOLE_EN])
def test_a_whole_opinion_misses_nothing_and_each_part_that_is_cut_is_noticed(opinion: dict[str, str]) -> None:
    assert missing("\n".join(opinion.values())) == ()
    for part in opinion:
        assert missing("\n".join(text for name, text in opinion.items() if name != part)) == (part,)


def test_a_remedy_without_its_term_is_noticed() -> None:
    assert missing("\n".join({**WHOLE, "remedy": "如不服，可以申请复查。"}.values())) == ("term",)


def test_what_the_letter_adds_is_not_missing() -> None:
    assert missing("", added=PARTS) == ()
    assert parts_in("") == frozenset()


# ---- empty and hard words


def test_stock_phrases_are_found_where_they_stand() -> None:
    text = "我局高度重视，请您耐心等待。"
    assert [text[each.start : each.end] for each in plain.stock_in(text)] == ["高度重视", "请您耐心等待"]
    assert [each.words for each in plain.stock_in("The matter will be settled in due course.")] == [
        "in due course"
    ]


def test_long_sentences_office_words_and_chains_are_told_with_what_to_say_instead() -> None:
    found = plain.read("该公司尚未付款，" + "工地仍在施工" * 20 + "。我局进行了调查，并对其予以处理。")
    assert [plain.length(each.words) for each in found.long] == [127]
    assert {each.words: each.instead for each in found.official}["尚未"] == "还没有"
    assert len(found.chains) == 1
    assert plain.read("Pursuant to this, we pay.").official[0].instead == "under"


def test_a_plain_answer_is_left_alone() -> None:
    assert plain.read("水管已经换好。费用由供水公司付。").is_plain
    assert plain.read("We repaired the lift on Monday. You pay nothing.").is_plain
