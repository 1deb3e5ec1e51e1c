"""Composing an opinion: blocks for each request, drafts in versions, and the signature."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from huiyin.registry.drafts import Draft
from tests.cast import FINDING, OPINION, Walk, as_form

BEGUN = as_form({"answers": [{"request": "修好路灯", "facts": "只写了一半"}]})


def compose(browser: Client, walk: Walk, **said: Any) -> Any:
    sent = {"seen": walk.petition.version, **said}
    return browser.post(f"/desk/p/{walk.ref}/move/submit-opinion/", sent, follow=True)


def first_block(page: Any) -> Any:
    return page.context["form"].rows["answers"][0]


def test_each_request_has_a_block_of_its_own(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    walk("add-request", "author", request="赔偿损失")
    form = desk("otto").get(f"/desk/p/{walk.ref}/move/submit-opinion/").context["form"]
    assert [row.settled for row in form.rows["answers"]] == ["修好路灯", "赔偿损失"]


def test_an_opinion_with_a_part_unanswered_cannot_be_submitted(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    walk("add-request", "author", request="赔偿损失")
    page = compose(desk("otto"), walk, step="check", **as_form(OPINION))
    assert page.status_code == 409
    assert "A request is not answered yet: 赔偿损失" in page.content.decode()


def test_every_save_is_a_version_and_the_newest_is_gone_on_with(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, otto = at("accepted"), desk("otto")
    version = walk.petition.version
    page = compose(otto, walk, step="save", based_on=0, **BEGUN)
    assert "Draft saved as version 1." in page.content.decode()
    assert first_block(page)["facts"].value() == "只写了一半"
    more = as_form({"answers": [{**FINDING, "outcome": "support"}]})
    page = compose(otto, walk, step="save", based_on=1, **more)
    assert first_block(page)["facts"].value() == FINDING["facts"]
    assert [draft.number for draft in Draft.objects.all()] == [1, 2]
    old = otto.get(f"/desk/p/{walk.ref}/move/submit-opinion/?version=1")
    assert first_block(old)["facts"].value() == "只写了一半"
    assert walk.petition.version == version  # a draft is no move


def test_saving_the_same_twice_is_one_version(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk, otto = at("accepted"), desk("otto")
    compose(otto, walk, step="save", based_on=0, **BEGUN)
    compose(otto, walk, step="save", based_on=0, **BEGUN)
    assert Draft.objects.count() == 1


def test_of_two_who_save_the_second_is_told_and_loses_no_word(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, otto = at("accepted"), desk("otto")
    compose(otto, walk, step="save", based_on=0, **BEGUN)
    mine = as_form({"answers": [{"request": "修好路灯", "facts": "My own words"}]})
    page = compose(otto, walk, step="save", based_on=0, **mine)
    assert page.status_code == 409
    assert first_block(page)["facts"].value() == "My own words"
    assert "Somebody else saved a version in between" in page.content.decode()
    compose(otto, walk, step="save", based_on=page.context["based_on"], **mine)
    assert Draft.objects.latest("number").contents["answers"][0]["facts"] == "My own words"


def test_a_draft_is_saved_by_those_alone_who_may_submit_it(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    assert compose(desk("olga"), walk, step="save", based_on=0, **BEGUN).status_code == 409
    assert not Draft.objects.exists()


def test_the_head_reads_what_they_sign_and_who_wrote_it(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk = at("accepted")
    walk("submit-opinion", "otto", **OPINION)
    page = desk("hedda").get(f"/desk/p/{walk.ref}/move/countersign/").content.decode()
    assert FINDING["view"] in page
    assert "Written by Otto" in page


def test_who_wrote_it_is_told_whose_turn_it_is(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    walk("submit-opinion", "otto", **OPINION)
    page = desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()
    assert "The draft is with the head" in page
    again = re.search(rf'<a class="([^"]+)" href="/desk/p/{walk.ref}/move/submit-opinion/', page)
    assert again is not None
    assert "button-secondary" in again[1], "nothing is asked of the handler now"
    walk("countersign", "hedda")
    assert "The head has signed the draft" in desk("otto").get(f"/desk/p/{walk.ref}/").content.decode()


def test_what_is_issued_stands_there_as_it_was_signed(
    desk: Callable[..., Client], at: Callable[..., Walk]
) -> None:
    walk, otto = at("accepted").signed(), desk("otto")
    page = otto.get(f"/desk/p/{walk.ref}/move/issue-opinion/")
    assert first_block(page)["view"].value() == FINDING["view"]
    changed = as_form({"answers": [{**OPINION["answers"][0], "view": "不予修复"}]})
    sent = {"seen": walk.petition.version, "step": "confirm", **changed}
    refused = otto.post(f"/desk/p/{walk.ref}/move/issue-opinion/", sent)
    assert refused.status_code == 409
    assert "This is not the text that was signed" in refused.content.decode()
    otto.post(f"/desk/p/{walk.ref}/move/issue-opinion/", sent | as_form(OPINION))
    assert walk.petition.state == "opinion-issued"


def test_what_was_sent_back_is_gone_on_with(desk: Callable[..., Client], at: Callable[..., Walk]) -> None:
    walk = at("accepted")
    walk("submit-opinion", "otto", **OPINION)
    walk("send-back-opinion", "hedda", reasons="写明日期")
    page = desk("otto").get(f"/desk/p/{walk.ref}/move/submit-opinion/")
    assert first_block(page)["view"].value() == FINDING["view"]
    assert "写明日期" in page.content.decode()
