"""How a due date is told: the same JSON for a shell, the API and a page."""

from dataclasses import replace
from datetime import date

import pytest

from huiyin.core import explain
from huiyin.core.rulebook import NoSuchRule
from tests.core.cast import CALENDARS, CN05, CN22, HANNA, OFFICE, OTTO, PETRA, UK, VIKTOR, Story, clock


def test_a_reckoning_shows_its_article_and_each_day_it_passed_over():
    told = explain.due(CN22, "objection", date(2025, 1, 24), CALENDARS["cn-2022"])
    head = {"rulebook": "cn-2022", "clock": "objection", "article": "23.3", "unit": "workday", "days": 5}
    assert told == head | {
        "start": "2025-01-24",
        "due": "2025-02-07",
        "provisional": False,
        "skipped": [
            {"date": "2025-01-25", "why": "weekend"},
            *({"date": f"2025-01-{day}", "why": "春节"} for day in range(28, 32)),
            *({"date": f"2025-02-0{day}", "why": "春节"} for day in range(1, 5)),
        ],
    }


def test_what_reaches_into_an_unannounced_year_is_provisional():
    assert explain.due(CN22, "handling", date(2026, 11, 22), CALENDARS["cn-2022"])["provisional"]
    assert not explain.due(CN22, "sort", date(2026, 11, 22), CALENDARS["cn-2022"])["provisional"]
    assert not explain.due(UK, "stage1-ack", date(2026, 12, 21), CALENDARS[UK.id])["provisional"]


@pytest.mark.parametrize("name", ["report", "objection"])
def test_what_no_law_reckons_is_refused_with_the_reason(name):
    with pytest.raises(NoSuchRule) as caught:
        explain.due(CN05, name, date(2016, 3, 1), CALENDARS["cn-2005"])
    assert caught.value.refused


def test_a_clock_of_a_petition_also_says_where_it_stands():
    story = Story(OFFICE).accepted().do("extend", HANNA)
    told = explain.as_json(story.clock("handling"))
    assert (told["state"], told["extended"], told["kind"]) == ("running", True, "law")
    assert "ended" not in told
    assert "extended" not in explain.as_json(story.clock("extension"))
    story.opinion().do("serve", OTTO)
    assert explain.as_json(story.clock("handling"))["ended"] == "2026-03-02"


def test_excluded_time_is_told_with_its_ground():
    story = Story(OFFICE).reviewed().do("request-rereview", PETRA).on(3, 3)
    story.hear(VIKTOR)
    told = explain.as_json(story.clock("rereview"))
    assert told["excluded"] == [{"start": "2026-03-10", "end": None, "ground": "hearing"}]
    story.on(3, 12).do("close-hearing", VIKTOR)
    told = explain.as_json(story.clock("rereview"))
    assert told["excluded"] == [{"start": "2026-03-10", "end": "2026-03-12", "ground": "hearing"}]
    assert {"date": "2026-03-11", "why": "excluded: hearing"} in told["skipped"]


def test_a_missed_notice_shows_when_handling_would_have_ended():
    missed = clock("notice", date(2026, 3, 17), state="missed")
    made = explain.would_have_ended(CN22, missed, CALENDARS["cn-2022"])
    assert made is not None
    assert (made.start, made.end) == (date(2026, 3, 17), date(2026, 5, 16))
    for other in (replace(missed, state="met"), replace(missed, name="sort")):
        assert explain.would_have_ended(CN22, other, CALENDARS["cn-2022"]) is None
    assert explain.would_have_ended(UK, missed, CALENDARS[UK.id]) is None
