"""What may be done now, by whom else of the body, and what waits for something."""

from __future__ import annotations

from huiyin.registry.prospects import Prospects, prospects_of
from tests.cast import NOW, Walk, acting_as


def ahead(walk: Walk, login: str) -> Prospects:
    return prospects_of(walk.petition, acting_as(login), NOW)


def test_who_cannot_issue_the_opinion_yet_is_told_what_it_waits_for(walk: Walk) -> None:
    walk.to("accepted")
    waiting = {row.verb: why.code for row, why in ahead(walk, "otto").waiting}
    assert waiting == {"issue-opinion": "not-countersigned"}


def test_the_handler_is_told_that_the_head_can_extend_and_the_head_sees_it_open(walk: Walk) -> None:
    walk.to("accepted")
    assert ("head", "extend") in {(role, row.verb) for role, row in ahead(walk, "otto").others}
    assert "extend" in {row.verb for row in ahead(walk, "hedda").open}


def test_nothing_open_is_named_again_for_a_colleague(walk: Walk) -> None:
    walk.to("accepted")
    seen = ahead(walk, "otto")
    assert not {row.verb for row in seen.open} & {row.verb for _role, row in seen.others}


def test_who_does_not_serve_at_the_holder_is_told_of_nobody_there(walk: Walk) -> None:
    walk.to("accepted")
    assert ahead(walk, "olga").others == ()
    assert ahead(walk, "tina") == Prospects()
