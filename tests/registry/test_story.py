"""What a petition's strip of steps says."""

from __future__ import annotations

from typing import Any

from huiyin.registry.story import story_of
from tests.cast import Walk, lodge


def states_of(walk: Walk) -> dict[str, str]:
    return {step.name.en: step.state for step in story_of(walk.petition).steps}


def test_a_suggestion_whose_receipt_is_confirmed_is_not_shown_as_taken_up(cast: Any) -> None:
    walk = Walk(lodge(kind="suggestion", body="zj"))
    walk("register", "otto")
    walk("acknowledge", "otto")
    assert states_of(walk) == {"Received": "done", "Registered": "current", "Answered": "todo"}


def test_a_claim_that_is_accepted_is_shown_as_taken_up(cast: Any) -> None:
    walk = Walk(lodge(body="zj"))
    walk("register", "otto")
    walk("accept", "otto")
    assert states_of(walk)["Accepted"] == "current"


def test_a_report_is_shown_on_its_way_to_the_discipline_body_and_no_further(cast: Any) -> None:
    walk = Walk(lodge(kind="report", body="jw"))
    assert states_of(walk) == {"Received": "done", "Handed over": "current", "Receipt confirmed": "todo"}


def test_who_asks_for_a_duty_waits_for_an_answer_and_is_shown_no_review(cast: Any) -> None:
    walk = Walk(lodge(body="zj"))
    walk("register", "otto")
    assert "Review" in states_of(walk)
    walk("accept-duty", "otto", own_law="城乡规划法第六十四条")
    assert states_of(walk) == {
        "Received": "done",
        "Registered": "done",
        "Accepted": "current",
        "Answer on the duty": "todo",
    }
