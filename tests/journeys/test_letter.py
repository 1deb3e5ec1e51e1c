"""A letter on paper is brought to the counter, read, corrected beside its page and put on record."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from huiyin.reading import pages
from tests.journeys.conftest import House
from tests.journeys.walk import sign_in, walker

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not pages.available(), reason="what reads letters is not installed: make letters"),
]
READS = 180_000  # milliseconds that a loaded machine may take for a page


def a_page(said: str = "The lamp is dark 2026") -> bytes:
    from PIL import Image, ImageDraw

    sheet = Image.new("L", (900, 300), 255)
    ImageDraw.Draw(sheet).text((60, 100), said, fill=0, font_size=60)
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


@pytest.mark.parametrize(("language", "scripted"), [("zh-hans", False), ("en", True)])
def test_a_post_of_letters_goes_from_the_scanner_to_the_printed_receipt(
    browser: Browser, house: House, language: str, scripted: bool
) -> None:
    with walker(browser, house, language, scripted=scripted, wide=scripted) as clerk:
        sign_in(clerk, "olga")
        clerk.go("/desk/paper/")
        scans: list[FilePayload] = [
            {"name": f"scan-{n}.png", "mimeType": "image/png", "buffer": a_page(f"Page {n} {language}")}
            for n in (1, 2)
        ]
        clerk.page.set_input_files("main [name=attachments]", scans)
        clerk.press("main form[enctype] button.button")
        letters = clerk.page.locator("main section.card h3 a")
        for _ in range(90):  # each file begins a letter of its own
            if letters.count() == 2:
                break
            clerk.page.wait_for_timeout(1_000)
            clerk.go("/desk/paper/")
        # They are one: the second is joined with the first, and put on record.
        letters.nth(1).click()
        clerk.page.wait_for_load_state()
        clerk.press("main button[value=join]")
        assert clerk.page.locator("main svg image, main figure").count() >= 2
        clerk.press("main form[action$='/register/'] button")
        onward = clerk.page.locator("main a.button[href*='letter=1']")
        if scripted:
            expect(onward).to_be_visible(timeout=READS)
        while not onward.count():
            clerk.press("main section .buttons a.button")
        clerk.press("main a.button[href*='letter=1']")
        said = {"subject": "The lamp", "text": "The lamp in our street is dark."}
        clerk.fill({**said, "name": "Petra Jones", "address": "1 Main St"})
        clerk.page.locator("main [name=truthful]").check()
        clerk.submit()
        # What is printed is the receipt, with reference and key, and none of the buttons.
        clerk.page.emulate_media(media="print")
        receipt = clerk.page.locator(".receipt")
        assert receipt.is_visible()
        assert "HY-" in receipt.inner_text()
        assert not clerk.page.locator("main .buttons").first.is_visible()
        assert clerk.page.locator("#key").is_visible()
        clerk.page.emulate_media(media="screen")
        # The pages are gone from the pile, and the address comes on a sheet of its own.
        envelope = clerk.page.locator("main a[href*='purpose=serve']").get_attribute("href")
        clerk.press("main a[href$='/desk/paper/']")
        assert letters.count() == 0
        clerk.go(str(envelope))
        clerk.fill({"words": "To post the receipt"})
        clerk.press("#unseal button.button-danger")
        assert clerk.page.locator("a[download$='-address.pdf']").is_visible()
