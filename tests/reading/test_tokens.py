"""What is cut out of a text for searching, the same for every database."""

from __future__ import annotations

import pytest

from huiyin.reading import tokens, unmarked
from huiyin.reading.mask import WORDS


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("电梯漏水", ["电梯", "梯漏", "漏水"]),
        ("停水、停电。", ["停水", "停电"]),
        ("水、电", ["水", "电"]),
        ("The Lifts leak!", ["the", "lift", "leak"]),
        ("buses and policies", ["buse", "and", "policy"]),
        ("Café crème’s ＡＢＣ", ["cafe", "creme", "abc"]),
        ("2024年3号线 5G x2", ["年", "号线"]),
        ("a b", []),
        ("", []),
    ],
)
def test_a_text_is_cut_one_way(text: str, cut: list[str]) -> None:
    assert tokens.tokens(text) == cut
    assert [token.said for token in tokens.placed(text)] == cut


def test_each_token_knows_where_it_stands() -> None:
    text = "楼顶漏水, Lifts broken"
    for token in tokens.placed(text):
        assert tokens.tokens(text[token.start : token.end]) == [token.said]


@pytest.mark.parametrize(
    "name", ["张伟", "王小明", "李秀英", "欧阳娜娜", "何建华", "刘建国", "陈静", "郑梅雪", "司马松"]
)
def test_a_name_that_nothing_marks_stays_out(name: str) -> None:
    text = f"去年七月，{name}家的院墙被施工震裂，多次反映没有结果。"
    cut = tokens.indexed(text, ())
    assert not [n for n in range(len(name) - 1) if name[n : n + 2] in cut], cut
    assert {"院墙", "施工", "震裂"} <= set(cut)


@pytest.mark.parametrize(
    "text",
    [
        *("小区电梯停运，物业不修", "安置房漏水", "拖欠农民工工资", "马路边的路灯坏了", "高空抛物"),
        *("温泉路施工噪音", "黄标车限行", "杨柳絮太多", "公积金贷款", "许可证过期", "白蚁蛀了房梁"),
        *("石子路不平", "水管爆裂", "花园改停车场", "官方没有答复", "边界不清", "马上就要到期", "颜色不对"),
    ],
)  # fmt: skip
def test_words_that_begin_like_a_name_stay_in(text: str) -> None:
    assert unmarked.found(text) == ()


def test_numbers_in_words_accounts_and_what_masks_say_stay_out() -> None:
    text = "住幸福路十二号三单元，电话一三八一二三四五六七八，微信nana_abc，信箱lu.yun@example.test，"
    text += "".join(word for both in WORDS.values() for word in both)
    assert tokens.indexed(text, ()) == ["住幸", "幸福", "福路", "电话"]


def test_english_names_stay_out_and_words_stay_in() -> None:
    text = "Heating stopped. My neighbour Peter Smith asked the Council. Broken lifts at Green Lane."
    assert tokens.indexed(text, ()) == [
        *("heating", "stopped", "my", "neighbour", "asked", "the", "council", "broken", "lift", "at", "lane")
    ]


def test_what_is_certain_stays_out() -> None:
    assert tokens.indexed("昨天小云又来修灯", ("小云",)) == ["昨天", "又来", "来修", "修灯"]


def test_names_in_traditional_letters_are_not_indexed() -> None:
    assert tokens.indexed("昨天陳小雲又來修燈", ()) == ["昨天", "又來", "來修", "修燈"]
    assert "路燈" in tokens.indexed("路燈三個月不亮", ())
