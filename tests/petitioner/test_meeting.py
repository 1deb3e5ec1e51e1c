"""An invitation is read on the petition's page and answered with one press, either way without effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.core.text import Text
from tests.cast import Walk, said

Enter = Callable[[Any], Client]


@pytest.fixture
def invited(walk: Walk) -> Walk:
    walk.to("accepted")
    walk("invite", "otto", **said("invite", walk.today))
    return walk


@pytest.mark.parametrize("answer", ["accept-invitation", "decline-invitation"])
def test_answers_an_invitation_with_one_press_and_nothing_else_changes(
    enter: Enter, invited: Walk, answer: str
) -> None:
    browser = enter(invited)
    before = invited.petition
    shown = browser.get("/follow/petition/").content.decode()
    assert "约请您见面" in shown
    assert Text.of_day(invited.today + timedelta(days=3)).zh in shown
    page = browser.get(f"/follow/petition/do/{answer}/").content.decode()
    assert "<textarea" not in page  # no reason is asked
    sent = {"ref": invited.ref, "seen": str(before.version)}
    assert browser.post(f"/follow/petition/do/{answer}/", sent).status_code == 302
    after = invited.petition
    assert (after.state, after.next_due, after.officer) == (before.state, before.next_due, before.officer)
    assert "约请您见面" not in browser.get("/follow/petition/").content.decode()


def test_the_record_of_a_meeting_is_read_by_the_author(enter: Enter, invited: Walk) -> None:
    invited("record-meeting", "otto", **said("record-meeting", invited.today))
    assert "说明了情况" in enter(invited).get("/follow/petition/").content.decode()


def test_the_three_steps_of_a_responsible_leader_stand_there_with_their_days(
    enter: Enter, walk: Walk
) -> None:
    walk.to("accepted").later(days=100)
    walk("name-leader", "hedda", leader="副县长")
    walk("adopt-plan", "hedda", **said("adopt-plan", walk.today))
    shown = enter(walk).get("/follow/petition/").content.decode()
    assert "副县长" in shown
    assert shown.count("还没有") == 3  # met, reported, and no message yet


def test_a_young_matter_gets_no_responsible_leader(walk: Walk) -> None:
    walk.to("accepted")
    refused = walk.ask("name-leader", "hedda", leader="副县长")
    assert getattr(refused, "code", "") == "not-hard"
