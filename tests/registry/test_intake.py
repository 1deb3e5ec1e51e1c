"""Art. 19.3, going up, and urgent matters: what the author is shown and who else comes to see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huiyin.core.refusal import Refusal
from huiyin.registry import access
from huiyin.registry.file import file
from huiyin.registry.models import Body, Officer, Role
from tests.cast import NOW, Walk, acting_as, lodge, lodging, said


def sees(login: str, walk: Walk) -> bool:
    return access.visible_to(acting_as(login)).filter(ref=walk.ref).exists()


def declined_for(first: Walk, **lodged: Any) -> Walk:
    """The same matter lodged again, and declined since the first is being handled."""
    second = Walk(lodge(lodged_before=first.ref, **lodged)).to("transferred")
    ground = {"ground": "being-handled", "reasons": "住建局正在办理", "redirect": "县住建局"}
    second("decline", "otto", prior=first.ref, **ground)
    return second


@pytest.fixture
def handled(walk: Walk) -> Walk:
    return walk.to("accepted")


def test_a_second_lodging_is_taken_in_and_keeps_the_reference_its_author_gave(handled: Walk) -> None:
    second = Walk(lodge(lodged_before=handled.ref.lower().replace("-", " ")))
    assert second.petition.lodged_before == handled.ref
    assert second.petition.clocks.get().state == "running"


def test_what_is_no_reference_is_said_to_be_none(cast: Any) -> None:
    refused = file(lodging(lodged_before="the one from last spring"), now=NOW)
    assert isinstance(refused, Refusal)
    assert list(refused.fields) == ["lodged_before"]


def test_while_the_other_body_is_in_time_it_goes_on_there(handled: Walk) -> None:
    second = declined_for(handled)
    refused = second.ask("take-up-again", "author")
    assert isinstance(refused, Refusal)
    assert refused.code == "prior-in-time"


def test_once_the_other_body_is_late_the_author_has_it_taken_up_here(handled: Walk) -> None:
    second = declined_for(handled)
    handled.later(days=70)
    handled("breach", "clerk", clock="handling")
    second.later(days=70)
    petition = second("take-up-again", "author")
    assert petition.state == "registered"
    assert petition.clocks.filter(name="notice", state="running").exists()
    again = second.ask(
        "decline", "otto", **said("decline", second.today) | {"ground": "being-handled"}, prior=handled.ref
    )
    assert isinstance(again, Refusal)
    assert again.code == "prior-not-in-time"


def test_on_request_the_body_takes_it_to_its_superior_who_then_sees_it(handled: Walk) -> None:
    assert not sees("rita", handled)
    refused = handled.ask("present-upwards", "otto", **said("present-upwards", handled.today))
    assert isinstance(refused, Refusal)
    assert refused.code == "not-asked-upwards"
    handled("ask-upwards", "author", point="五月已经答应", coming="yes")
    handled("present-upwards", "otto", **said("present-upwards", handled.today))
    assert sees("rita", handled)
    assert handled.petition.holder.code == "zj", "it stays where it is handled"


def test_danger_is_reported_to_the_superior_and_the_joint_conference(handled: Walk) -> None:
    conference = Body.objects.create(
        code="lx",
        name_zh="县联席会议",
        kind="conference",
        level="county",
        superior=Body.objects.get(code="xian"),
    )
    Role.objects.create(officer=Officer.objects.get(login="tina"), body=conference, role="leader")
    handled("warn-of-danger", "author", danger="life", danger_place="西围墙")
    handled("report-urgent", "otto", **said("report-urgent", handled.today))
    assert handled.petition.clocks.get(name="urgent").state == "met"
    assert sees("rita", handled)
    assert sees("tina", handled)


def test_danger_that_is_not_reported_at_once_is_a_breach_that_supervision_sees(handled: Walk) -> None:
    handled("warn-of-danger", "author", danger="health", danger_place="水井")
    handled.later(days=3)
    handled("breach", "clerk", clock="urgent")
    assert handled.petition.next_due == (NOW + timedelta(days=1)).date()
    assert access.below(acting_as("sven")).filter(next_due__lt=handled.today, ref=handled.ref).exists()
    handled("report-urgent", "otto", **said("report-urgent", handled.today))
    assert handled.petition.clocks.get(name="urgent").state == "missed"
