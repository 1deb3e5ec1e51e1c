"""Tasks: what was promised is owed until it is done, each by its own day, and no silence ends it."""

from dataclasses import replace
from datetime import date

import pytest

from huiyin.core import lawcheck
from huiyin.core.rulebook import BrokenRulebook, Choice
from huiyin.core.text import Text
from tests.core.cast import CLERK, CN22, OFFICE, OTTO, PETRA, RITA, Story

MEND = {"task_kind": "remedy", "task_what": "mend the pump", "task_due": "2026-04-10"}
LOOK = {"task_kind": "site-check", "task_what": "look at the roof", "task_due": "2026-03-20"}
LATER = {"task_kind": "notice", "task_what": "tell the neighbours", "task_due": ""}


def promised() -> Story:
    return Story(OFFICE).served(outcome="support", tasks=[MEND, LOOK, LATER])


def states(story: Story) -> list[str]:
    return [task.state for task in story.case.tasks]


def test_each_dated_task_runs_under_a_clock_that_an_authority_set():
    story = promised()
    clocks = [c for c in story.case.clocks if c.name == "carry-out"]
    assert [(c.due, c.kind, c.on_due) for c in clocks] == [
        (date(2026, 4, 10), "order", "breach"),
        (date(2026, 3, 20), "order", "breach"),
    ]
    assert [task.clock for task in story.case.tasks] == [clocks[0].seq, clocks[1].seq, 0]


def test_nothing_is_owed_before_the_opinion_is_served():
    story = Story(OFFICE).accepted().opinion(tasks=[MEND])
    assert (states(story), story.live) == (["promised"], {"handling"})
    assert story.refused("report-carried-out", OTTO) == "no-remedy-due"


def test_a_report_meets_the_clock_of_its_own_task_alone():
    story = promised().on(3, 19).do("report-carried-out", OTTO, task="2")
    assert states(story) == ["due", "reported", "due"]
    first, second = (story.case.clocks[task.clock - 1] for task in story.case.tasks[:2])
    assert (first.state, second.state, second.ended) == ("running", "met", date(2026, 3, 19))
    assert story.refused("report-carried-out", OTTO, task="2") == "no-remedy-due"


def test_a_task_that_is_late_is_breached_and_then_reported_late():
    story = promised().on(3, 21).do("breach", CLERK, clock="carry-out/2")
    assert story.case.clocks[story.case.tasks[1].clock - 1].state == "missed"
    story.do("report-carried-out", OTTO, task="2")
    late = story.case.clocks[story.case.tasks[1].clock - 1]
    assert (late.state, late.ended) == ("missed", date(2026, 3, 21))


def test_the_author_is_asked_task_by_task_and_says_yes_no_or_in_part():
    story = promised().do("report-carried-out", OTTO)
    story.do("confirm-carried-out", PETRA, task="1").do(
        "dispute-carried-out", PETRA, task="2", how_far="part"
    )
    story.do("dispute-carried-out", PETRA, task="3", how_far="none")
    assert states(story) == ["confirmed", "partly", "disputed"]
    assert story.case.remedy == "disputed"
    assert states(story.do("report-carried-out", OTTO)) == ["confirmed", "reported", "reported"]


def test_a_dispute_makes_no_body_late():
    """Charter 8: bodies are measured by what they do, never by how many dispute it."""
    story = promised().on(3, 19).do("report-carried-out", OTTO).do("dispute-carried-out", PETRA)
    assert {c.state for c in story.case.clocks if c.name == "carry-out"} == {"met"}
    assert story.on(5, 1).refused("breach", CLERK, clock="carry-out") == "clock-not-late"


def test_silence_confirms_nothing():
    story = promised().do("report-carried-out", OTTO).on(4, 2).do("lapse", CLERK)
    assert (story.case.state, states(story)) == ("lapsed", ["reported"] * 3)
    for verb in {row.verb for row in CN22.rows if row.by & {"clerk", "handler", "head"}}:
        for row in CN22.rows_of(verb):
            assert "mark-remedy-confirmed" not in row.effects, verb


def test_what_is_promised_to_a_suggestion_is_carried_out_too():
    story = Story(OFFICE, kind="suggestion").do("register", RITA)
    story.do("answer-suggestion", OTTO, adoption="full", tasks=[MEND])
    assert (story.case.state, story.case.handled_by, states(story)) == ("answered", "office", ["due"])


def test_no_law_can_name_a_kind_of_task_that_is_about_a_person():
    kinds = (*CN22.choices["task_kinds"], Choice("visit-home", Text("上门", "call at the home"), ""))
    broken = replace(CN22, choices={**CN22.choices, "task_kinds": kinds})
    with pytest.raises(BrokenRulebook, match="visit-home"):
        lawcheck.check(broken, "cn-2022")
