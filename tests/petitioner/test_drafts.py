"""No private notes: what was written on the way to an opinion is shown to its author once it is served."""

from __future__ import annotations

from typing import Any

from huiyin.registry import drafts
from tests.cast import OPINION, Walk, acting_as

PAGE = "/follow/petition/drafts/"
HALF = {"answers": [{"request": "修好路灯", "facts": "还没有去看"}]}


def told(browser: Any) -> str:
    return str(browser.get("/follow/petition/").content.decode())


def test_drafts_are_read_by_the_author_once_the_opinion_is_served_and_not_before(
    walk: Walk, enter: Any
) -> None:
    walk.to("accepted")
    otto = acting_as("otto").officer
    drafts.save(walk.petition, "submit-opinion", HALF, otto, walk.now, based_on=0)
    walk("submit-opinion", "otto", **OPINION)
    walk("send-back-opinion", "hedda", reasons="先去现场看")
    walk.signed()
    walk("issue-opinion", "otto", **OPINION)
    browser = enter(walk)
    assert browser.get(PAGE).status_code == 404
    for words in ("先去现场看", "三盏路灯不亮", PAGE):
        assert words not in told(browser)
    walk.to("opinion-served")
    page = browser.get(PAGE).content.decode()
    assert "还没有去看" in page
    assert "三盏路灯不亮" in page
    assert "先去现场看" in told(browser)
    assert PAGE in told(browser)


def test_a_draft_of_the_review_waits_for_the_service_of_the_review(walk: Walk, enter: Any) -> None:
    walk.to("review-requested")
    walk.later(days=1)
    half = {"findings": [{"request": "修好路灯", "facts": "重新核实中"}]}
    drafts.save(walk.petition, "issue-review-opinion", half, acting_as("rita").officer, walk.now, based_on=0)
    browser = enter(walk)
    assert "重新核实中" not in browser.get(PAGE).content.decode()
    walk.to("review-served")
    assert "重新核实中" in browser.get(PAGE).content.decode()


def test_the_author_sees_the_list_of_requests_and_adds_what_is_missing(walk: Walk, enter: Any) -> None:
    walk.to("accepted")
    browser = enter(walk)
    assert "修好路灯" in told(browser)
    said = {"ref": walk.ref, "seen": walk.petition.version, "request": "告知报修电话"}
    browser.post("/follow/petition/do/add-request/", said)
    assert walk.petition.requests == ["修好路灯", "告知报修电话"]
    assert "告知报修电话" in told(browser)
