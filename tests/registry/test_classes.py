"""Classes and routes: who may see a petition follows from its class, and its ending from its route."""

from __future__ import annotations

from typing import Any

import pytest

from huiyin.core.refusal import Refusal
from huiyin.registry import access
from huiyin.registry.models import Body
from huiyin.registry.story import story_of
from tests.cast import DUTY, Walk, acting_as, lodge

WHY = {"aided": "followed", "reasons": "要求改正一项决定"}


def sees(login: str, walk: Walk) -> bool:
    return access.visible_to(acting_as(login)).filter(ref=walk.ref).exists()


def facts(walk: Walk) -> dict[str, str]:
    return {f.name: str(f.value) for f in story_of(walk.petition, served_only=True).timeline[-1].facts}


def test_the_author_reads_the_class_the_route_and_the_reason(walk: Walk) -> None:
    walk("register", "olga")
    walk("classify", "olga", sorting="opinion", **WHY)
    told = facts(walk)
    assert told["sorting"].startswith("Claim")
    assert told["reasons"] == "要求改正一项决定"
    assert told["aided"] == "As it proposed"


def test_sorting_decides_the_class_and_may_be_done_anew(walk: Walk) -> None:
    walk("register", "olga")
    walk("classify", "olga", sorting="suggestion", **WHY)
    assert walk.petition.kind == "suggestion"
    walk("transfer", "olga", body="zj")
    walk("classify", "otto", sorting="opinion", **WHY)
    assert walk.petition.kind == "claim"
    assert walk("accept", "otto").state == "accepted"


def test_what_was_sorted_one_way_is_not_handled_another_way_in_silence(walk: Walk) -> None:
    walk.to("transferred")
    walk("classify", "otto", sorting="court", **WHY)
    refused = walk.ask("accept", "otto")
    assert isinstance(refused, Refusal)
    assert refused.code == "sorted-otherwise"
    assert (
        walk("divert", "otto", route="court", reasons="不服判决", redirect="县人民法院").state == "diverted"
    )


@pytest.mark.parametrize("route", ["court", "arbitration", "party-appeal", "administrative"])
def test_each_route_that_leads_elsewhere_says_how_it_goes_on_there(walk: Walk, route: str) -> None:
    walk.to("transferred")
    walk("divert", "otto", route=route, reasons="依法应走该程序", redirect="有权机关")
    assert len(facts(walk)["route_ending"]) > 50


def test_a_duty_is_answered_in_sixty_days_or_in_the_term_of_its_own_law(cast: Any) -> None:
    for said, days in (({}, 60), ({"own_term": "90"}, 90)):
        walk = Walk(lodge()).to("transferred")
        walk("accept-duty", "otto", own_law="城乡规划法第六十四条", **said)
        clock = walk.petition.clocks.get(name="duty")
        assert (clock.days, clock.state) == (days, "running")
        walk("issue-duty-answer", "otto", **DUTY, done="已责令拆除", law_remedy="向县人民政府申请行政复议")
        hidden = story_of(walk.petition, served_only=True).timeline[-1]
        assert hidden.facts == ()
        walk("serve", "otto", served_on=walk.today.isoformat(), way="post")
        assert walk.petition.state == "duty-answered"
        assert walk.petition.clocks.get(name="duty").state == "met"
        assert not walk.petition.clocks.filter(name="review-request").exists()


def test_a_claim_that_is_a_report_goes_to_discipline_and_is_gone_from_whom_it_is_about(cast: Any) -> None:
    walk = Walk(lodge(body="zj", against=("zj",)))
    walk("register", "otto")
    walk("treat-as-report", "otto", body="jw", reasons="反映本单位人员收受好处")
    petition = walk.petition
    assert (petition.kind, petition.state, petition.holder.code) == ("report", "handing-over", "jw")
    assert not sees("otto", walk)
    assert not sees("hedda", walk)
    assert sees("dora", walk)


def test_who_hands_it_over_names_whom_it_is_about(walk: Walk) -> None:
    walk.to("transferred")
    walk("treat-as-report", "otto", body="jw", reported="zj", reasons="反映本单位人员")
    assert not sees("otto", walk)
    assert walk.petition.accused.get().body.code == "zj"


def test_it_is_not_handed_over_to_whom_it_is_about_nor_about_nobody_known(walk: Walk) -> None:
    walk.to("registered")
    for said, code in (({"reported": ["jw"]}, "accused-body"), ({"reported": ["nowhere"]}, "contents")):
        refused = walk.ask("treat-as-report", "olga", body="jw", reasons="检举", **said)
        assert isinstance(refused, Refusal)
        assert refused.code == code
    assert walk.petition.kind == "claim"


def test_a_report_is_not_turned_into_a_claim(cast: Any) -> None:
    walk = Walk(lodge(kind="report", body="xf", against=("zj",)))
    walk("register", "olga")
    refused = walk.ask("classify", "olga", sorting="opinion", **WHY)
    assert isinstance(refused, Refusal)
    assert refused.code == "wrong-class"
    assert Body.objects.get(code="zj").pk in walk.petition.accused.values_list("body", flat=True)
