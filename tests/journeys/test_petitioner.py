"""A petitioner on a small telephone, with script and without: lodges without a name, keeps the receipt and
comes back; lodges with a name and files. How the answer is followed stands in test_whole_story."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import House
from tests.journeys.test_whole_story import follow
from tests.journeys.walk import NARROW, Walker, walker
from tests.registry.pictures import png

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

ON = "main form [name=go][value=next].button"
SEND = "main form [name=go][value=send].button"
WORDS = {
    "zh-hans": ("七号楼电梯停了三个月", "小区七号楼的电梯停了三个月，老人下不了楼。请修好。"),
    "en": (
        "The lift has been out of order",
        "The lift in house 7 has been broken for three months. Please mend it.",
    ),
}


def begin(petra: Walker) -> None:
    """From the front page to the second page of the form."""
    petra.go("/lodge/")
    petra.press("main a.button[href*='/lodge/write/']")
    subject, text = WORDS[petra.language]
    petra.fill({"text": text, "subject": subject})


def ends_above(petra: Walker, selector: str) -> bool:
    """Whether it is seen without scrolling on this screen."""
    box = petra.page.locator(selector).last.bounding_box()
    assert box is not None
    return box["y"] + box["height"] <= NARROW["height"]


def comes_back_after_a_reload(petra: Walker) -> None:
    """An old telephone throws the page away: what was typed is there again, long and short."""
    petra.page.on("dialog", lambda dialog: dialog.accept())
    petra.page.reload()
    subject, text = WORDS[petra.language]
    assert petra.page.locator("[name=text]").input_value() == text
    assert petra.page.locator("main [name=subject]").input_value() == subject


@pytest.mark.parametrize(("language", "scripted"), [("zh-hans", True), ("en", False)])
def test_lodges_without_a_name_on_a_small_screen_and_comes_back(
    browser: Browser, house: House, language: str, scripted: bool
) -> None:
    with walker(browser, house, language, scripted=scripted, wide=False) as petra:
        begin(petra)
        if scripted:
            comes_back_after_a_reload(petra)
        for _page in ("what happened", "whom it is about", "who looks into it"):
            petra.press(ON)
        petra.press(ON)  # nothing chosen: the page says what to do, and stays
        assert petra.page.locator(".error-summary").count() == 1
        assert not petra.page.locator("[name=email]").is_visible()  # asked only of whoever gives a name
        petra.fill({"who": "anonymous"})
        petra.press(ON)
        assert petra.page.locator(".who-sees section").count() == 2
        petra.press("main [name=go][value=about]")  # to change one thing ...
        petra.fill({"against_words": "物业公司 / the property company"})
        petra.press(ON)  # ... and straight back
        petra.press(SEND)
        ref, key = petra.page.locator("#ref").inner_text(), petra.page.locator("#key").inner_text()
        assert key not in petra.page.url
        assert ends_above(petra, "#key")
        assert ends_above(petra, ".kept-buttons a[download]")
        petra.press("main form[action='/follow/'] button")
        assert ref in petra.page.content()
        assert ends_above(petra, ".glance")
        # The key is lost on the way: a wrong one is told, with what to do.
        petra.press(".here form[action$='/leave/'] button")
        petra.fill({"follow_ref": ref, "follow_key": key[:-1] + ("0" if key[-1] != "0" else "1")})
        petra.press("#key button.button")
        assert petra.page.locator(".error-summary").count() == 1
        follow(petra, ref, key)


@pytest.mark.parametrize(("language", "scripted"), [("zh-hans", False), ("en", True)])
def test_lodges_with_a_name_and_files(
    browser: Browser, house: House, tmp_path: Path, language: str, scripted: bool
) -> None:
    photo = tmp_path / "lift.png"
    photo.write_bytes(png())
    with walker(browser, house, language, scripted=scripted, wide=False) as petra:
        begin(petra)
        petra.page.locator("[name=attachments]").set_input_files(photo)
        petra.press(ON)
        petra.press(ON)
        petra.page.locator("main [name=body][value=zj]").check()
        petra.press(ON)
        petra.fill({"who": "named", "name": "李小溪", "phone": "13900001111"})
        petra.press(ON)
        shown = petra.page.locator("main").inner_text()
        assert "lift.png" in shown
        assert "李小溪" in shown
        petra.press(SEND)
        ref, key = petra.page.locator("#ref").inner_text(), petra.page.locator("#key").inner_text()
        follow(petra, ref, key)
        own = petra.page.locator("main a[href*='/file/']").first
        assert "lift.png" in own.inner_text()
        assert "李小溪" not in petra.page.content()  # it lies under seal
