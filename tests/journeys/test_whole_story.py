"""The whole way of a petition in a real browser: lodged, handled, reviewed, re-reviewed, closed."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import Browser, Locator

from tests.cast import ZONE
from tests.journeys.conftest import House
from tests.journeys.walk import Walker, sign_in, walker

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

SUBJECT = {"zh-hans": "小区路灯三个月不亮", "en": "Street lamps dark for three months"}
TEXT = {
    "zh-hans": "云溪路小区的路灯已经三个月不亮，老人晚上摔倒过两次，请尽快修好。",
    "en": "The lamps in our street have been dark for three months; two old people fell. Please mend them.",
}
REQUEST = "修好路灯 / mend the lamps"
ADDED = "告诉我们坏了报给谁 / tell us whom to call"
FINDING = {
    "facts": "三盏路灯的电缆损坏 / the cable of three lamps is broken",
    "view": "十日内修复 / it is mended within ten days",
    "basis": "《城市道路照明设施管理规定》 / the rules on street lighting",
}


def lodge(petra: Walker) -> tuple[str, str]:
    """Go through the five pages as a named author, and leave with the reference and the key."""
    petra.go("/")
    petra.go("/lodge/")
    petra.press("main a.button")
    petra.submit()  # nothing written yet: the page says what is missing and stays
    assert petra.page.locator("[role=alert], .error-summary").count() >= 1
    petra.fill({"subject": SUBJECT[petra.language], "text": TEXT[petra.language]})
    petra.page.locator("main [name=kind][value=claim]").check()
    for _page in ("what happened", "whom it is about", "who looks into it"):
        petra.press("main form [name=go][value=next].button")
    petra.fill({"who": "named", "name": "李小溪", "phone": "13900001111", "service": "electronic"})
    petra.press("main form [name=go][value=next].button")
    shown = petra.page.locator("main").inner_text()
    assert TEXT[petra.language] in shown
    petra.press("main form [name=go][value=send].button")
    ref, key = petra.page.locator("#ref").inner_text(), petra.page.locator("#key").inner_text()
    assert key not in petra.page.url
    return ref, key


def follow(petra: Walker, ref: str, key: str) -> None:
    petra.go("/follow/")
    petra.fill({"follow_ref": ref, "follow_key": key})
    petra.press("main form[action$='/follow/'] button.button")
    assert ref in petra.page.content()


def ask(petra: Walker, verb: str, said: dict[str, str]) -> None:
    """Make one of the author's moves on the page that is open."""
    petra.go("/follow/petition/")
    petra.press(f"main a.button[href*='/do/{verb}/']")
    petra.fill(said)
    petra.press("#move .buttons > button.button")
    petra.go("/follow/petition/")


def act(desk: Walker, ref: str, verb: str, said: dict[str, str]) -> None:
    """Make one move at the desk: open the petition, take what is offered, check it, confirm it."""
    desk.go(f"/desk/p/{ref}/")
    desk.press(f"main a[href$='/move/{verb}/']")
    desk.fill(said)
    desk.press("main button[name=step].button:not(.button-secondary)")
    confirm = desk.page.locator("main button[name=step][value=confirm]")
    if confirm.count():
        desk.press("main button[name=step][value=confirm]")
    assert f"/desk/p/{ref}/" in desk.page.url or desk.page.url.endswith("/desk/"), desk.page.url


def answer(number: int) -> dict[str, str]:
    """The answer to one request; what it answers stands there already."""
    said = {f"answers-{number}-{name}": words for name, words in FINDING.items()}
    return {**said, f"answers-{number}-outcome": "support"}


def finding(outcome: str) -> dict[str, str]:
    said = {f"findings-{n}-{name}": words for n in range(2) for name, words in FINDING.items()}
    return {**said, "review_outcome": outcome}


def serve(desk: Walker, ref: str) -> None:
    today = datetime.now(ZONE).date().isoformat()
    act(desk, ref, "serve", {"served_on": today, "way": "electronic"})


def _newest(documents: Locator) -> str:
    """The document of the latest step: its address ends with the step's number."""
    addresses = [link.get_attribute("href") or "" for link in documents.all()]
    return max(addresses, key=lambda address: int(address.rstrip("/").rpartition("/")[2]))


# Each language once and each way once; lodging is walked in the other pairs as well (test_petitioner.py).
@pytest.mark.parametrize(("language", "scripted"), [("zh-hans", False), ("en", True)])
def test_a_petition_goes_all_the_way(browser: Browser, house: House, language: str, scripted: bool) -> None:
    with (
        walker(browser, house, language, scripted=scripted, wide=False) as petra,
        walker(browser, house, language, scripted=scripted, wide=True) as desk,
    ):
        ref, key = lodge(petra)
        follow(petra, ref, key)
        ask(petra, "add-information", {"information": "昨晚又有人摔倒 / somebody fell again last night"})

        sign_in(desk, "olga")
        assert ref in desk.page.locator("main").inner_text()
        act(desk, ref, "register", {})
        act(desk, ref, "transfer", {"body": "zj"})
        sign_in(desk, "otto")
        act(desk, ref, "accept", {"requests-0-request": REQUEST})
        ask(petra, "add-request", {"request": ADDED})
        sign_in(desk, "hedda")
        act(desk, ref, "extend", {"days": "10", "reasons": "需要定做电缆 / the cable is made to order"})
        sign_in(desk, "otto")
        desk.go(f"/desk/p/{ref}/move/submit-opinion/")
        desk.fill(answer(0))
        desk.press("main button[name=step][value=save]")  # the second request can wait for tomorrow
        act(desk, ref, "submit-opinion", answer(1))
        sign_in(desk, "hedda")
        act(desk, ref, "countersign", {})
        sign_in(desk, "otto")
        act(desk, ref, "issue-opinion", {})
        petra.go("/follow/petition/")
        before = petra.page.locator("#documents + .documents a").count()
        assert FINDING["view"] not in petra.page.content()  # it is no answer before it is served
        serve(desk, ref)
        petra.go("/follow/petition/")
        assert petra.page.locator(".glance a[href*='/do/request-review/']").count() == 1
        assert petra.page.locator(".rights a[href='/rules/cn-2022/#article-35']").count() == 1
        assert petra.page.locator(".drawn-line").count() >= 3
        documents = petra.page.locator("#documents + .documents a")
        assert documents.count() == before + 1
        petra.press(f"main a[href='{_newest(documents)}']")
        assert FINDING["view"] in petra.page.content()
        petra.go("/follow/petition/drafts/")
        assert FINDING["facts"] in petra.page.content()

        ask(petra, "rate", {"rating": "dissatisfied"})
        ask(petra, "request-review", {"grounds": "十天太久 / ten days are too long"})
        sign_in(desk, "rita")
        act(desk, ref, "issue-review-opinion", finding("uphold"))
        serve(desk, ref)
        ask(petra, "request-rereview", {"grounds": "仍然太久 / still too long"})
        sign_in(desk, "rolf")
        act(desk, ref, "issue-rereview-opinion", finding("change"))
        serve(desk, ref)
        sign_in(desk, "otto")
        act(desk, ref, "report-carried-out", {"note": "路灯已修好 / the lamps are mended"})
        ask(petra, "confirm-carried-out", {})
        shown = petra.page.locator("main").inner_text()
        assert ("复核终结" if language == "zh-hans" else "re-review served") in shown
        petra.press(".here form[action$='/leave/'] button")


def test_nobody_else_sees_it(browser: Browser, house: House) -> None:
    with (
        walker(browser, house, "zh-hans", scripted=False, wide=False) as petra,
        walker(browser, house, "zh-hans", scripted=False, wide=True) as desk,
    ):
        ref, key = lodge(petra)
        sign_in(desk, "tina")
        answer = desk.page.goto(f"{house.url}/desk/p/{ref}/")
        assert answer is not None
        assert answer.status == 404  # as if it did not exist
        petra.go("/follow/")
        wrong = ("0" if key[0] != "0" else "1") + key[1:]
        petra.fill({"follow_ref": ref, "follow_key": wrong})
        petra.page.locator("main form[action$='/follow/'] button.button").click()
        assert SUBJECT["zh-hans"] not in petra.page.content()
