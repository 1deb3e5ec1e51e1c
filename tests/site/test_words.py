"""Dates, deadlines and bilingual texts read right in both languages."""

import re
from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from huiyin.core.clock import Reckoning, Skip
from huiyin.core.text import Text
from huiyin.site.templatetags import huiyin_words as words

FEBRUARY = date(2026, 2, 25)


class Story(forms.Form):
    kind = forms.ChoiceField(choices=[("claim", "claim"), ("report", "report")], widget=forms.RadioSelect)
    text = forms.CharField(help_text="In your own words.")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-hans", "2026年2月25日（星期三）"), ("en", "Wednesday 25 February 2026")],
)
def test_a_day_is_said_with_its_weekday(language: str, expected: str) -> None:
    with override(language):
        assert words.day(FEBRUARY) == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("zh-hans", "2026年2月25日 周三"), ("en", "Wed 25 Feb 2026")]
)
def test_a_narrow_column_gets_a_brief_day(language: str, expected: str) -> None:
    with override(language):
        assert words.brief(FEBRUARY) == expected


def test_a_moment_falls_on_the_legal_day_and_not_on_the_server_s() -> None:
    late_in_greenwich = datetime(2026, 2, 24, 16, 5, tzinfo=UTC)
    with override("zh-hans"):
        assert words.moment(late_in_greenwich) == "2026年2月25日（星期三）00:05"
    with override("en"):
        assert words.moment(late_in_greenwich, "Europe/London") == "Tuesday 24 February 2026, 16:05"


def test_the_day_of_a_moment_is_the_legal_day() -> None:
    with override("en"):
        assert words.brief(datetime(2026, 2, 24, 16, 5, tzinfo=UTC)) == "Wed 25 Feb 2026"


@pytest.mark.parametrize("text", [{"zh": "受理", "en": "accept"}, Text("受理", "accept")])
def test_a_bilingual_text_is_said_in_the_reader_s_language(text: object) -> None:
    with override("zh-hans"):
        assert words.say(text) == "受理"
    with override("en"):
        assert words.say(text) == "accept"


def test_a_text_in_one_language_is_shown_rather_than_lost() -> None:
    with override("en"):
        assert words.say({"zh": "受理"}) == "受理"


def test_plain_words_and_nothing_pass_through() -> None:
    assert words.say("as typed") == "as typed"
    assert words.say(None) == ""


def test_the_script_of_a_text_gives_its_language() -> None:
    assert words.tongue("三个月没人修") == "zh-Hans"
    assert words.tongue("three months") == "en"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 2, 13), "12 days left"),
        (date(2026, 2, 24), "1 day left"),
        (FEBRUARY, "due today"),
        (date(2026, 2, 28), "3 days late"),
    ],
)
def test_what_is_left_is_said_in_words(today: date, expected: str) -> None:
    with override("en"):
        assert words.left(FEBRUARY, today) == expected


def clock(**changes: object) -> dict[str, object]:
    reckoning = Reckoning(
        date(2026, 2, 24),
        date(2026, 4, 25),
        date(2026, 4, 27),
        (Skip(date(2026, 4, 25), "weekend"), Skip(date(2026, 4, 26), "weekend")),
        provisional=False,
    )
    return {
        "name": "Handling",
        "article": "Article 34",
        "unit": "day",
        "days": 60,
        "state": "running",
        "reckoning": reckoning,
        **changes,
    }


def drawn(today: date, **changes: object) -> str:
    page = Template('{% include "huiyin/parts/_clock.html" %}')
    with override("en"):
        return page.render(Context({"clock": clock(**changes), "today": today}))


def test_a_clock_explains_the_day_off_that_moved_it() -> None:
    page = drawn(date(2026, 3, 1))
    assert "Monday 27 April 2026" in page
    assert "The last day would be Saturday 25 April 2026" in page
    assert "Sun 26 Apr 2026" in page


def test_days_of_the_roll_are_not_called_days_of_the_term() -> None:
    face = words.clock_face(clock(), date(2026, 3, 1))
    assert face["skipped"] == []
    assert [skip.date.day for skip in face["over_days"]] == [25, 26]


def test_a_late_clock_says_so_in_words_and_draws_what_ran_over() -> None:
    page = drawn(date(2026, 5, 2), state="missed")
    assert "5 days late" in page
    assert "bar-late" in page


def test_a_clock_met_in_time_is_not_late_for_ever() -> None:
    page = drawn(date(2027, 1, 1), state="met", ended=date(2026, 4, 27))
    assert "done in time" in page
    assert "bar-late" not in page


def test_every_error_leads_to_its_field() -> None:
    found = words.problems(Story({}))
    assert [problem["target"] for problem in found] == ["id_kind_0", "id_text"]
    assert [problem["label"] for problem in found] == ["Kind", "Text"]


def test_a_field_names_its_hint_and_its_error_for_a_screen_reader() -> None:
    field = Story({})["text"]
    page = Template('{% include "huiyin/parts/_field.html" %}').render(Context({"field": field}))
    assert 'aria-describedby="id_text_helptext id_text_error"' in page
    assert 'id="id_text_helptext"' in page
    assert 'id="id_text_error"' in page


def test_a_hint_given_by_the_page_is_tied_to_the_field_too() -> None:
    page = Template('{% include "huiyin/parts/_field.html" %}').render(
        Context({"field": Story()["kind"], "hint": "Pick one."})
    )
    assert 'aria-describedby="id_kind_helptext"' in page
    assert page.count('id="id_kind_helptext"') == 1


def test_a_title_is_written_once_and_printed_twice() -> None:
    page = Template('{% extends "huiyin/base.html" %}{% block title %}Tom & {{ who }}{% endblock %}')
    html = page.render(Context({"who": "<Jerry>"}))
    assert html.count("Tom & &lt;Jerry&gt;") == 2
    assert "<h1>Tom & &lt;Jerry&gt;</h1>" in html


def test_a_title_keeps_its_clauses_together_and_loses_no_letter() -> None:
    said = words.clauses("他说“停了，”<b>住户爬二十一层；Lift out, twice")
    assert re.findall(r">([^<]+)<", said) == ["他说“停了，”", "&lt;b&gt;住户爬二十一层；", "Lift out, twice"]
