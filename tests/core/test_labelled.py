"""A label and what was said of it, in one line."""

from __future__ import annotations

from huiyin.core.text import Text, labelled


def test_a_question_has_its_own_mark_and_gets_no_colon_behind_it():
    asked = labelled(Text("您满意吗？", "Are you satisfied?"), Text("满意", "Yes"))
    assert (asked.zh, asked.en) == ("您满意吗？满意", "Are you satisfied? Yes")
    told = labelled(Text("理由", "Reasons"), "a: b")
    assert (told.zh, told.en) == ("理由：a: b", "Reasons: a: b")
