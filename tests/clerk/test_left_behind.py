"""A part of a mixed petition that nobody owes an answer: found once its sister is answered and closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from huiyin.clerk.left_behind import find
from huiyin.clerk.sweep import sweep
from huiyin.registry import access, board, supervision
from huiyin.registry.story import story_of
from tests.cast import Walk, acting_as

SAID = ("part_kind", "part_subject", "part_text")
PARTS = [
    dict(zip(SAID, said, strict=True))
    for said in (("claim", "路灯坏了", "请修好路灯。"), ("suggestion", "路口", "建议装红绿灯。"))
]


def split(walk: Walk) -> tuple[Walk, Walk]:
    """The claim, answered, and the suggestion, whose receipt was acknowledged and no more."""
    walk("register", "olga")
    walk("split", "olga", parts=PARTS, reasons="既有诉求又有建议")
    claim, idea = (
        Walk(replace(walk.filed, ref=part.ref), walk.now) for part in walk.petition.parts.order_by("id")
    )
    idea("transfer", "olga", body="zj")
    idea("acknowledge", "otto")
    return claim.to("opinion-served"), idea


def seen_by_sven(today: date) -> list[supervision.Supervised]:
    watched = supervision.with_clocks(board.watched(acting_as("sven", today)))
    return [each for each in supervision.told(watched, today) if each.found]


def test_a_suggestion_is_found_when_its_sister_is_closed_with_an_answer(walk: Walk) -> None:
    claim, idea = split(walk)
    assert find(idea.now) == 0, "its sister may still be asked to be reviewed"
    sweep(claim.later(days=40).now)
    assert claim.petition.state == "lapsed"
    assert find(claim.now) == 1
    assert find(claim.now) == 0, "once"
    (seen,) = seen_by_sven(claim.today)
    assert (seen.petition.ref, [found.trigger.name for found in seen.found]) == (
        idea.ref,
        ["part-unanswered"],
    )
    assert [found.since for found in seen.found] == [claim.today]
    told = story_of(idea.petition).timeline[-1]
    assert told.late
    assert access.visible_to(acting_as("sven")).filter(ref=idea.ref).exists()


def test_the_answer_ends_the_finding(walk: Walk) -> None:
    claim, idea = split(walk)
    sweep(claim.later(days=40).now)
    find(claim.now)
    idea.now = claim.now
    idea("answer-suggestion", "otto", adoption="part", reasons="明年安排")
    assert seen_by_sven(claim.today) == []


def test_a_part_whose_sister_was_taken_back_is_not_found(walk: Walk) -> None:
    walk("register", "olga")
    walk("split", "olga", parts=PARTS, reasons="既有诉求又有建议")
    claim, idea = (
        Walk(replace(walk.filed, ref=part.ref), walk.now) for part in walk.petition.parts.order_by("id")
    )
    idea("transfer", "olga", body="zj")
    idea("acknowledge", "otto")
    claim("request-withdrawal", "author", pressed="no")
    sweep(claim.later(days=9).now)
    assert claim.petition.state == "withdrawn"
    assert find(claim.now) == 0
