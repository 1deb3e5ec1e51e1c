"""Refusals: permanent codes, said in both languages."""

import re
from string import Formatter

import pytest

from huiyin.core.refusal import FIELD_REASONS, REASONS, Refusal, refuse


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_reason_says_the_same_in_both_languages():
    for code, text in (REASONS | FIELD_REASONS).items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code), code
        assert fields_of(text.zh) == fields_of(text.en), code
        assert re.search("[\u4e00-\u9fff]", text.zh), code
        assert not re.search("[\u4e00-\u9fff]", text.en), code


def test_a_refusal_is_told_apart_by_its_type_and_never_falsy():
    made = refuse("term-over", "34", due="2026-05-06")
    assert bool(made)
    assert isinstance(made, Refusal)
    assert (made.code, made.article) == ("term-over", "34")
    assert "2026-05-06" in made.reason.zh
    assert "2026-05-06" in made.reason.en


def test_a_code_that_nobody_knows_is_a_bug():
    with pytest.raises(KeyError):
        refuse("because")
    with pytest.raises(KeyError):
        refuse("contents", fields={"x": "because"})
