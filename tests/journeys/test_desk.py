"""The officer's own day: a visitor at the counter, and a morning of twenty petitions by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.cast import PASSWORD
from tests.journeys.conftest import House
from tests.journeys.walk import Walker, sign_in, walker

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

MORNING = 20
SUBJECT = {"zh-hans": "井盖松动", "en": "A loose manhole cover"}
TEXT = {
    "zh-hans": "学校门口的井盖松动，请修好。",
    "en": "The cover at the school gate is loose. Please mend it.",
}
PAGES = re.compile(rb"/Type\s*/Page[^s]")


def focused(desk: Walker) -> str:
    return desk.page.locator(":focus").inner_text()


def keys(desk: Walker, *pressed: str) -> None:
    for key in pressed:
        desk.page.keyboard.press(key)


def tab_to(desk: Walker, selector: str) -> None:
    """Press Tab until that element has the focus, as somebody would who has no mouse and no script."""
    for _ in range(80):
        if desk.page.locator(f"{selector}:focus").count():
            return
        desk.page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {selector}")


@pytest.mark.parametrize(("language", "scripted"), [("zh-hans", True), ("en", False)])
def test_a_visitor_leaves_the_counter_with_a_receipt_on_one_sheet(
    browser: Browser, house: House, language: str, scripted: bool
) -> None:
    with walker(browser, house, language, scripted=scripted, wide=True) as desk:
        sign_in(desk, "olga")
        desk.go("/desk/new/")
        assert desk.page.locator("#id_subject:focus").count() == 1  # one begins to write at once
        desk.page.keyboard.type(SUBJECT[language])
        keys(desk, "Tab")
        desk.page.keyboard.type(TEXT[language])
        keys(desk, "Tab", "Space")  # read back and agreed to
        if scripted:
            keys(desk, "Control+Enter")
        else:
            tab_to(desk, "#counter > .buttons > button")
            keys(desk, "Enter")
        desk.page.locator(".receipt").wait_for()
        if scripted:
            desk.page.locator("[data-print]:focus").wait_for()
        desk.look()
        assert desk.page.locator("#key").inner_text().count("-") == 3
        if scripted:
            assert len(PAGES.findall(desk.page.pdf(format="A4"))) == 1
            keys(desk, "n")
        else:
            tab_to(desk, "main a[href='/desk/new/']")
            keys(desk, "Enter")
        desk.page.locator("#id_subject:focus").wait_for()
        assert desk.page.locator("#id_subject").input_value() == ""


def lodged(desk: Walker, number: int) -> None:
    for each in range(number):
        answer = desk.page.request.post(
            f"{desk.house.url}/api/v1/petitions",
            data={"kind": "claim", "subject": f"第 {each + 1} 盏路灯不亮", "text": "请修好。", "body": "xf"},
        )
        assert answer.status == 201, answer.text()


def test_a_morning_of_twenty_petitions_by_keyboard_alone(browser: Browser, house: House) -> None:
    with walker(browser, house, "en", scripted=True, wide=True) as desk:
        lodged(desk, MORNING)
        desk.go("/desk/sign-in/")
        tab_to(desk, "#id_login")
        desk.page.keyboard.type("olga")
        keys(desk, "Tab")
        desk.page.keyboard.type(PASSWORD)
        keys(desk, "Enter")
        desk.page.wait_for_url(f"{house.url}/desk/")
        desk.go("/desk/?state=lodged")
        keys(desk, "?")
        assert desk.page.locator("dialog[open]").count() == 1
        keys(desk, "Escape", "j", "o")  # in one breath: the sheet is gone before the next letter
        done = 0
        while True:
            desk.page.wait_for_url(re.compile(r"/desk/p/[^/]+/\?list=state%3Dlodged$"))
            keys(desk, "r")
            desk.page.locator("#move :focus").wait_for()
            if not done:
                desk.look()
            keys(desk, "Enter")
            desk.page.locator(".onward a:focus").wait_for()  # the next petition is where the focus is
            done += 1
            if not done % MORNING:
                desk.look()
            onward = desk.page.locator(".onward a").get_attribute("href") or ""
            keys(desk, "Enter")
            if onward.startswith("/desk/?"):
                break
        assert done >= MORNING
        desk.page.wait_for_url(f"{house.url}/desk/?state=lodged")
        assert desk.page.locator("table.inbox").count() == 0


def test_the_way_through_a_list_works_with_tab_and_without_script(browser: Browser, house: House) -> None:
    with walker(browser, house, "zh-hans", scripted=False, wide=False) as desk:
        lodged(desk, 2)
        sign_in(desk, "olga")
        desk.go("/desk/?state=lodged")
        tab_to(desk, "tbody tr:first-child a.subject")
        keys(desk, "Enter")
        desk.page.wait_for_url(re.compile(r"/desk/p/"))
        tab_to(desk, "a[href*='/move/register/']")
        keys(desk, "Enter")
        desk.page.wait_for_url(re.compile(r"/move/register/"))
        tab_to(desk, "#move button[value=confirm]")
        keys(desk, "Enter")
        desk.page.locator(".onward a:focus").wait_for()
        keys(desk, "Enter")
        desk.page.wait_for_url(re.compile(r"/desk/p/[^/]+/\?list=state%3Dlodged$"))


def test_what_was_typed_is_there_after_the_tab_was_closed(browser: Browser, house: House) -> None:
    with walker(browser, house, "en", scripted=True, wide=True) as desk:
        lodged(desk, 1)
        sign_in(desk, "olga")
        desk.go("/desk/?state=lodged")
        keys(desk, "j", "o")
        desk.page.wait_for_url(re.compile(r"/desk/p/"))
        keys(desk, "f")
        desk.page.locator("#move textarea:focus").wait_for()
        desk.page.keyboard.type("The school called: it is urgent.")
        desk.page.locator(".kept", has_text="Saved by itself").wait_for()
        address = desk.page.url
        desk.page.close()
        desk.page = desk.page.context.new_page()
        desk.page.goto(address)
        assert desk.page.locator("#move textarea").first.input_value() == "The school called: it is urgent."
        desk.look()
