"""What a move says, read the same from a form, a shell and JSON: each type good and bad."""

from dataclasses import replace
from typing import Any

import pytest

from huiyin.core import contents
from huiyin.core.refusal import FIELD_REASONS, Refusal
from huiyin.core.rulebook import Choice, Content, Row
from huiyin.core.text import Text
from huiyin.core.vocabulary import CONTENT_TYPES
from tests.core.cast import CN22, LAWS

T = Text("字", "word")
CHOICES = (Choice("yes", T, ""), Choice("no", T, ""))
COLUMNS = (Content("what", "text", T, T, most=10), Content("same", "flag", T, T))


def row(*wanted: Content) -> Row:
    return replace(CN22.rows[0], contents=wanted)


def content(kind: Any, **more: Any) -> Content:
    extra: dict[str, Any] = {"most": {"text": 10, "days": 30, "rows": 2}.get(kind, 20_000)}
    if kind == "choice":
        extra["choices"] = CHOICES
    if kind == "rows":
        extra["columns"] = COLUMNS
    return Content("x", kind, T, T, **{**extra, **more})


def said(kind: str, raw: Any, **more: Any) -> Any:
    """The value as it was read, or the reason of its field."""
    made = contents.read(row(content(kind, **more)), {"x": raw})
    if isinstance(made, Refusal):
        assert made.code == "contents"
        return made.fields["x"]
    return made["x"]


GOOD = [
    ("text", "  word ", "word"),
    ("text", "a\nb", "a\nb"),
    ("text", "一二三四五六七八九十", "一二三四五六七八九十"),
    ("choice", "yes", "yes"),
    ("body", "bureau", "bureau"),
    ("bodies", "bureau, roads,bureau", ["bureau", "roads"]),
    ("bodies", ["bureau"], ["bureau"]),
    ("officer", "otto", "otto"),
    ("ref", "R-1", "R-1"),
    ("clock", "handling/2", "handling/2"),
    ("date", "2026-03-02", "2026-03-02"),
    ("date", " 2026-03-02 ", "2026-03-02"),
    ("days", "30", 30),
    ("days", 1, 1),
    ("days", " 7 ", 7),
    ("number", "12", 12),
    ("number", 1, 1),
    ("task", "3", 3),
    ("task", 12, 12),
    ("letter", " 14 ", 14),
    ("letter", 2, 2),
    ("flag", "true", True),
    ("flag", "on", True),
    ("flag", True, True),
    ("flag", "0", False),
    ("flag", False, False),
    ("rows", [{"what": "a", "same": "on"}], [{"what": "a", "same": True}]),
    ("rows", [{"what": "a"}, {"what": " "}], [{"what": "a", "same": False}]),
]

BAD = [
    ("text", 5, "text"),
    ("text", ["a"], "text"),
    ("text", {"a": 1}, "text"),
    ("text", "a\x00b", "text"),
    ("text", "\ud800", "text"),
    ("text", "x" * 11, "too-long"),
    ("choice", "maybe", "choice"),
    ("choice", ["yes"], "choice"),
    ("choice", 1, "choice"),
    ("body", 5, "text"),
    ("bodies", 5, "body"),
    ("bodies", ["a", 5], "body"),
    ("bodies", "a\x00", "body"),
    ("officer", [], "text"),
    ("ref", True, "text"),
    ("clock", 1, "text"),
    ("date", "2.3.2026", "date"),
    ("date", "2026-02-30", "date"),
    ("date", 5, "date"),
    ("days", "0", "days"),
    ("days", "31", "days"),
    ("days", "-1", "days"),
    ("days", "1.5", "days"),
    ("days", 1.0, "days"),
    ("days", True, "days"),
    ("days", "9" * 5000, "days"),
    ("number", "0", "number"),
    ("number", "a few", "number"),
    ("number", "31x", "number"),
    ("task", "first", "task"),
    ("task", "12345", "task"),
    ("task", -1, "task"),
    ("letter", "the first", "letter"),
    ("letter", "1234567", "letter"),
    ("flag", "perhaps", "flag"),
    ("flag", 2, "flag"),
    ("rows", "a", "rows"),
    ("rows", {"what": "a"}, "rows"),
    ("rows", [{"what": "a"}] * 3, "rows"),
    ("rows", [{"same": "on"}], "rows"),
    ("rows", [{"what": "x" * 11}], "too-long"),
    ("rows", [{"what": 5}], "text"),
]


def test_reads_what_is_good():
    for kind, raw, value in GOOD:
        assert said(kind, raw) == value, (kind, raw)


def test_says_what_is_wrong():
    for kind, raw, why in BAD:
        assert said(kind, raw) == FIELD_REASONS[why], (kind, raw)


def test_every_type_is_tried_good_and_bad():
    assert {kind for kind, _, _ in GOOD} == {kind for kind, _, _ in BAD} == set(CONTENT_TYPES)


@pytest.mark.parametrize("empty", [None, "", "  ", "\n"])
def test_what_is_required_must_be_there_and_what_is_not_may_be_left_out(empty):
    for kind in CONTENT_TYPES:
        assert said(kind, empty) == FIELD_REASONS["required"], kind
        assert contents.read(row(content(kind, required=False)), {"x": empty}) == {}
    assert said("rows", []) == FIELD_REASONS["required"]
    assert said("rows", [{"what": " "}]) == FIELD_REASONS["required"]


def test_fewer_rows_than_are_needed_are_too_few():
    assert said("rows", [{"what": "a"}], least=2) == FIELD_REASONS["too-few"]
    assert len(said("rows", [{"what": "a"}, {"what": "b"}], least=2)) == 2


def test_all_that_is_wrong_is_said_at_once():
    made = contents.read(row(content("text"), Content("y", "date", T, T)), {"y": "soon", "z": "?"})
    assert isinstance(made, Refusal)
    assert made.fields == {
        "x": FIELD_REASONS["required"],
        "y": FIELD_REASONS["date"],
        "z": FIELD_REASONS["unknown"],
    }


def test_a_row_may_take_only_some_of_the_choices():
    decline = next(r for r in CN22.rows_of("decline") if "transferred" in r.sources)
    ground = next(c for c in decline.contents if c.name == "ground")
    assert [choice.code for choice in ground.choices] == ["being-handled"]
    assert len(CN22.choices["grounds"]) == 2


def test_every_content_of_every_law_is_of_a_known_type():
    for book in LAWS.values():
        for each in (c for r in book.rows for c in r.contents):
            assert each.type in CONTENT_TYPES
            assert all(column.type in {"text", "flag", "choice", "bodies", "date"} for column in each.columns)
