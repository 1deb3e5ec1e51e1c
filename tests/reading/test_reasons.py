"""The words that spoke for a topic: whole ones, as they stand in the text."""

from __future__ import annotations

import pytest

from huiyin.reading.reasons import whole_words


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        ("公交车停了 bus", {"公交": 1.0, "交车": 0.9, "bus": 0.5}, ("公交车", "bus")),
        # A pair that crosses a border between words is no word, but joins two that belong together.
        ("老板拖欠工资", {"拖欠": 1.0, "欠工": 0.5, "工资": 0.8}, ("拖欠工资",)),
        ("本县教育局不管", {"县教": 1.0, "教育": 0.5}, ("本县教育局",)),
        ("小区物业和业主", {"区物": 2.0}, ("小区物业",)),
        # As the text writes it, the strongest first, each once.
        ("The BUS, the bus stop. 路灯", {"bus": 0.2, "bus stop": 0.4, "路灯": 0.3}, ("bus stop", "路灯")),
        ("没有什么", {}, ()),
    ],
)
def test_reasons_are_whole_words_of_the_text(
    text: str, said: dict[str, float], words: tuple[str, ...]
) -> None:
    assert whole_words(text, said) == words
    assert all(word in text for word in words)


def test_what_masking_put_in_is_no_reason() -> None:
    assert whole_words("〔姓名〕的路灯", {"姓名": 1.0, "路灯": 0.5}) == ("路灯",)


def test_five_at_most() -> None:
    text = "公园，医院，学校，商店，工厂，道路"
    assert len(whole_words(text, {text[i : i + 2]: 1.0 for i in range(0, len(text), 3)})) == 5
