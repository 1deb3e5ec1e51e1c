"""A letter on paper is brought to the counter, read, corrected beside its page and put on record."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Browser, expect

from huiyin.reading import pages
from tests.journeys.conftest import House
from tests.journeys.walk import sign_in, walker

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not pages.available(), reason="what reads letters is not installed: make letters"),
]
READS = 180_000  # milliseconds that a loaded machine may take for a page


def a_page() -> bytes:
    from PIL import Image, ImageDraw

    sheet = Image.new("L", (900, 300), 255)
    ImageDraw.Draw(sheet).text((60, 100), "The lamp is dark 2026", fill=0, font_size=60)
    drawn = io.BytesIO()
    sheet.save(drawn, "PNG")
    return drawn.getvalue()


@pytest.mark.parametrize(("language", "scripted"), [("zh-hans", False), ("en", True)])
def test_a_letter_becomes_a_petition(browser: Browser, house: House, language: str, scripted: bool) -> None:
    with walker(browser, house, language, scripted=scripted, wide=scripted) as clerk:
        sign_in(clerk, "olga")
        clerk.go("/desk/new/letter/")
        clerk.page.set_input_files(
            "main [name=attachments]", {"name": "page.png", "mimeType": "image/png", "buffer": a_page()}
        )
        clerk.submit()
        onward = clerk.page.locator("main a.button[href*='letter=1']")
        if scripted:  # the page says by itself when it is done
            expect(onward).to_be_visible(timeout=READS)
        while not onward.count():
            clerk.press("main section .buttons a.button")
        clerk.press("main a.button[href*='letter=1']")
        assert "lamp" in clerk.page.locator("main [name=text]").input_value()
        clerk.page.locator("main figure img").first.scroll_into_view_if_needed()
        clerk.fill({"subject": "The lamp", "text": "The lamp in our street is dark."})
        clerk.page.locator("main [name=truthful]").check()
        clerk.submit()
        assert "HY-" in clerk.page.locator("main").inner_text()
