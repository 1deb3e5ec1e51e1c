"""What was said in mediation stays apart, on record as in law."""

from __future__ import annotations

from typing import Any

import pytest

from huiyin.clerk.sweep import sweep
from huiyin.core.refusal import Refusal
from huiyin.registry import story
from huiyin.registry.models import Task
from tests.cast import FINDING, Walk, said

SPOKEN = "如果先修好三号楼前的两盏路灯，其余四盏我可以等到年底再修，但是要写下来。"


@pytest.fixture
def mediating(walk: Walk) -> Walk:
    walk.to("accepted")("offer-mediation", "otto", **said("offer-mediation", walk.today))
    walk("agree-mediation", "author")
    return walk


def viewing(view: str) -> dict[str, Any]:
    return {"answers": [{**FINDING, "view": view, "outcome": "explain"}]}


def test_an_opinion_may_not_use_what_was_said_in_mediation(mediating: Walk) -> None:
    mediating("record-mediation", "otto", mediation_record=SPOKEN)
    mediating("end-mediation", "otto", reasons="未能达成一致")
    refused = mediating.ask("submit-opinion", "otto", **viewing(f"信访人表示：{SPOKEN}"))
    assert isinstance(refused, Refusal)
    assert refused.code == "from-mediation"
    mediating("submit-opinion", "otto", **viewing("年底前修好六盏路灯。"))


def test_the_author_may_be_answered_in_their_own_words(mediating: Walk) -> None:
    mediating("record-mediation", "otto", mediation_record=SPOKEN)
    mediating("end-mediation", "otto", reasons="未能达成一致")
    mediating("add-information", "author", information=SPOKEN)
    mediating("submit-opinion", "otto", **viewing(SPOKEN))


def test_its_author_reads_it_again(mediating: Walk) -> None:
    petition = mediating("record-mediation", "otto", mediation_record=SPOKEN)
    theirs = story.story_of(petition, served_only=True, apart=True)
    assert any(fact.value == SPOKEN for entry in theirs.timeline for fact in entry.facts)


def test_the_clerk_lets_a_settlement_take_effect_and_what_was_declined_leaves_no_task(
    mediating: Walk,
) -> None:
    proposal: dict[str, Any] = said("propose-settlement", mediating.today)
    mediating("propose-settlement", "otto", **proposal)
    mediating("decline-settlement", "author")
    assert Task.objects.get().state == "dropped"
    mediating("propose-settlement", "otto", **proposal)
    mediating("agree-settlement", "author")
    assert sweep(mediating.later(days=8).now)["settle"] == 1
    assert (mediating.petition.state, mediating.petition.is_open) == ("settled", False)
    assert [task.state for task in Task.objects.all()] == ["dropped", "due"]
