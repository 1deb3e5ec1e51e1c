"""Of a hearing at re-review the days on which it sits are not counted (art. 36.2), and no day more."""

from __future__ import annotations

from datetime import date

from tests.core.cast import CLERK, OFFICE, PETRA, VIKTOR, Story


def opened_in_2005() -> Story:
    """The same under the older law, which knows no announcing: asked for on 3 March, opened on the 10th."""
    story = Story(OFFICE, date(2021, 1, 4), law="cn-2005").reviewed().do("request-rereview", PETRA)
    return story.on(1, 12, 2021).do("open-hearing", VIKTOR)


def opened() -> Story:
    """A re-review asked for on 3 March, heard from the 10th on, a Tuesday."""
    story = Story(OFFICE).reviewed().do("request-rereview", PETRA).on(3, 3)
    return story.hear(VIKTOR)


def test_closed_on_its_day_a_hearing_costs_that_day_alone():
    story = opened()
    due = story.on(3, 10).do("close-hearing", VIKTOR).clock("rereview")
    assert [(e.start, e.end) for e in due.exclusions] == [(date(2026, 3, 10), date(2026, 3, 10))]
    assert story.case.live("sitting") is None


def test_a_hearing_that_is_left_open_is_counted_from_the_day_it_sat_whenever_the_clerk_comes():
    story = opened()
    assert story.clock("rereview").state == "paused"
    assert story.on(3, 11).refused("end-sitting", CLERK) == "term-not-over"
    for day in (12, 28):
        left = opened().on(3, day).do("end-sitting", CLERK)
        clock = left.clock("rereview")
        assert (clock.state, clock.exclusions[-1].end) == ("running", date(2026, 3, 10))
        assert clock.due == opened().on(3, 10).do("close-hearing", VIKTOR).clock("rereview").due


def test_no_minutes_bring_back_the_days_that_it_was_left_open():
    story = opened().on(3, 12).do("end-sitting", CLERK)
    due = story.clock("rereview").due
    assert story.refused("issue-rereview-opinion", VIKTOR) is not None
    story.on(3, 20).do("close-hearing", VIKTOR)
    assert (story.clock("rereview").due, story.case.hearing_since) == (due, None)


def test_a_hearing_that_is_adjourned_sits_on_each_of_its_days():
    story = opened().do("adjourn-hearing", VIKTOR).on(3, 17).do("open-hearing", VIKTOR)
    story.do("close-hearing", VIKTOR)
    sat = [e.start for e in story.clock("rereview").exclusions]
    assert sat == [date(2026, 3, 10), date(2026, 3, 17)]
    assert story.refused("end-sitting", CLERK) is not None


def test_the_older_law_stops_its_clock_for_the_day_of_the_hearing_alone_too():
    closed = opened_in_2005().do("close-hearing", VIKTOR, note="heard")
    assert [(e.start, e.end) for e in closed.clock("rereview").exclusions] == [
        (date(2021, 1, 12), date(2021, 1, 12))
    ]
    left = opened_in_2005().on(1, 13, 2021)
    assert left.refused("end-sitting", CLERK) == "term-not-over"
    left.on(2, 20, 2021).do("end-sitting", CLERK)
    assert (left.clock("rereview").state, left.clock("rereview").due) == (
        "running",
        closed.clock("rereview").due,
    )
    assert left.refused("issue-rereview-opinion", VIKTOR) == "hearing-open"
    left.do("close-hearing", VIKTOR, note="heard").do("issue-rereview-opinion", VIKTOR)
    assert "sitting" not in left.live
