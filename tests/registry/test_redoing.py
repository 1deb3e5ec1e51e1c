"""An opinion that a higher body orders to be made anew: it comes back, and may not just be repeated."""

from __future__ import annotations

from datetime import timedelta

from huiyin.core.refusal import Refusal
from tests.cast import FINDING, Walk, said

NO = {"answers": [{**FINDING, "outcome": "not-supported"}]}


def ordered(walk: Walk) -> Walk:
    walk.to("accepted").signed(**NO)
    walk("issue-opinion", "otto", **NO)
    walk("serve", "otto", **said("serve", walk.today))
    walk("request-review", "author")
    walk("order-redo", "rita", **said("order-redo", walk.today))
    walk("serve", "rita", **said("serve", walk.today))
    return walk


def test_the_same_refusal_on_the_same_facts_and_reasons_is_not_taken(walk: Walk) -> None:
    ordered(walk)
    assert (walk.petition.state, walk.petition.holder.code) == ("redo-ordered", "zj")
    assert walk.petition.next_due == walk.today + timedelta(days=20)
    same = {"answers": [{**NO["answers"][0], "facts": FINDING["facts"] + "。", "view": "另一种说法"}]}
    refused = walk.ask("submit-opinion", "otto", **same)
    assert isinstance(refused, Refusal)
    assert refused.code == "the-same-again"
    assert FINDING["request"] in refused.reason.zh


def test_new_facts_may_lead_to_the_same_result(walk: Walk) -> None:
    ordered(walk)
    looked = {"answers": [{**NO["answers"][0], "facts": "三月五日现场查看，路灯已由物业移除"}]}
    walk.signed(**looked)
    walk("issue-opinion", "otto", **looked)
    assert walk("serve", "otto", **said("serve", walk.today)).state == "opinion-served"
    assert walk("request-review", "author").holder.code == "xian"
