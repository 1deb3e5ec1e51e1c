"""What an officer types: read as terms, or refused with a reason."""

from __future__ import annotations

import pytest

from huiyin.core.refusal import REASONS
from huiyin.reading import query
from huiyin.reading.query import Query, Unasked


def asked(said: str) -> Query:
    read = query.read(said)
    assert isinstance(read, Query), read
    return read


def test_words_phrases_and_what_must_not_be_there() -> None:
    assert asked("漏水 电梯") == Query((("漏水",), ("电梯",)))
    assert asked('"楼顶 漏水"') == Query((("楼顶", "顶漏", "漏水"),))
    assert asked("“water leaks”") == Query((("water", "leak"),))
    assert asked("漏水 -电梯") == Query((("漏水",),), (("电梯",),))
    assert asked("停水，停电") == Query((("停水",), ("停电",)))
    assert asked("漏水 漏水") == Query((("漏水",),))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "search-empty"),
        ("   ", "search-empty"),
        ("漏水" * 60, "search-too-long"),
        (
            "漏水 电梯 停水 停电 噪音 路灯 垃圾 污水 井盖",
            "search-too-long",
        ),
        ("水", "search-too-short"),
        ("-漏水", "search-too-short"),
        ("！？", "search-too-short"),
        ("张伟", "search-person"),
        ("王小明 电梯", "search-person"),
        ("找张伟", "search-person"),
        ("电梯 -李秀英", "search-person"),
        ('"欧阳娜娜"', "search-person"),
        ("陈主任", "search-person"),
        ("Mr Smith", "search-person"),
        ("13912345678", "search-person"),
        ("一三九一二三四五六七八", "search-person"),
        ("４３０１０２１９９００１０１１２３４", "search-person"),
        ("430102199001011234", "search-person"),
        ("6222 0212 3456 7890 123", "search-person"),
        ("3栋2单元501室", "search-person"),
        ("幸福路128号", "search-person"),
        ("lu@example.test", "search-person"),
        ("湘A12345", "search-person"),
        ("128号", "search-number"),
        ("2024 电梯", "search-number"),
    ],
)
def test_what_is_not_asked_says_why(said: str, why: str) -> None:
    assert query.read(said) == Unasked(why)  # type: ignore[arg-type]
    assert REASONS[why].zh
    assert REASONS[why].en


def test_what_was_found_is_marked_where_it_stands() -> None:
    shown = query.pieces("我家楼顶漏水，漏水三年", asked("漏水"))
    assert [(piece.said, piece.hit) for piece in shown] == [
        *(("我家楼顶", False), ("漏水", True), ("，", False), ("漏水", True), ("三年", False))
    ]


def test_the_part_around_the_first_of_it_is_shown() -> None:
    text = "前" * 300 + "楼顶漏水" + "后" * 300
    shown = query.pieces(text, asked("楼顶漏水"))
    assert [piece.said for piece in shown if piece.hit] == ["楼顶漏水"]
    assert shown[0].said == shown[-1].said == "…"
    assert sum(len(piece.said) for piece in shown) == query.SHOWN + 2


def test_what_overlaps_is_marked_once() -> None:
    shown = query.pieces("农民工工资", asked("农民工 民工工资"))
    assert [(piece.said, piece.hit) for piece in shown] == [("农民工工资", True)]


def test_a_text_without_it_is_shown_from_its_beginning() -> None:
    assert query.pieces("三盏灯", asked("漏水")) == [query.Piece("三盏灯")]
