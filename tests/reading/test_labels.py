"""Words that say what a person is like are noticed; words about the matter are left alone."""

import tomllib

import pytest

from huiyin.reading import labels

DATA = tomllib.loads(labels.DATA.read_text(encoding="utf-8"))


@pytest.mark.parametrize("word", [*DATA["zh"], *DATA["en"]])
def test_each_word_of_the_list_is_noticed_in_a_sentence(word):
    assert labels.found(f"此人 {word}, again") == (word,)


@pytest.mark.parametrize(
    "text",
    [
        "未查到拒绝的理由",
        "七天无理由退货",
        "极端天气导致路面塌陷",
        "the crankshaft of the pump broke",
        "a noise nuisance at night",
        "三盏路灯不亮",
        "",
    ],
)
def test_the_matter_itself_is_no_label(text):
    assert labels.found(text) == ()


def test_each_word_is_told_once_and_the_longest_one():
    assert labels.found("缠访、闹访，又是缠访") == ("缠访", "闹访")
    assert labels.found("重点人员") == ("重点人员",)


def test_width_and_case_hide_nothing():
    assert labels.found("A VEXATIOUS person") == ("vexatious",)
    assert labels.found("ｖｅｘａｔｉｏｕｓ") == ("vexatious",)
