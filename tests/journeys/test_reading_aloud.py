"""The larger view reads a page aloud: with a voice of the device, in the page's language, and never a key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import House

pytestmark = pytest.mark.journey

# A browser without a window has no voices: these stand for those of a phone. `localService` says who speaks.
VOICES = """(() => {
  const said = window.said = [], voices = VOICES_HERE;
  class Utterance { constructor(text) { this.text = text; } }
  const speech = {
    getVoices: () => voices, addEventListener() {},
    speak(one) { said.push([one.lang, one.text]); window.next = () => one.onend(); },
    cancel() { window.cancelled = (window.cancelled || 0) + 1; },
  };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Utterance });
})()"""
OWN = '[{lang:"zh-TW",localService:true},{lang:"zh-CN",localService:true},{lang:"en-GB",localService:true}]'
FAR = '[{lang:"zh-CN",localService:false}]'


@pytest.fixture
def speaking(browser: Browser, house: House) -> Iterator[Page]:
    yield from _opened(browser, OWN)


@pytest.fixture
def far(browser: Browser, house: House) -> Iterator[Page]:
    yield from _opened(browser, FAR)


def _opened(browser: Browser, voices: str) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 740})
    context.add_init_script(VOICES.replace("VOICES_HERE", voices))
    yield context.new_page()
    context.close()


def test_a_page_is_read_piece_by_piece_in_its_language_and_can_be_stopped(
    speaking: Page, house: House
) -> None:
    speaking.goto(f"{house.url}/lodge/")
    assert not speaking.locator("[data-aloud]").count(), "the standard view does not offer it"
    speaking.click("text=关怀模式")
    button = speaking.locator("[data-aloud]")
    button.click()
    for _ in range(3):
        speaking.evaluate("next()")

    said = speaking.evaluate("said")
    assert [lang for lang, _text in said] == ["zh-CN"] * 4
    assert said[0][1] == speaking.locator("h1").inner_text()
    assert speaking.locator(".read-now").count() == 1
    assert button.inner_text() == "停止朗读"
    button.click()
    assert speaking.evaluate("cancelled") > 1
    assert not speaking.locator(".read-now").count()
    speaking.evaluate("next()")
    assert len(speaking.evaluate("said")) == 4, "stopped is stopped"


def test_what_stands_in_another_language_is_read_by_its_own_voice(speaking: Page, house: House) -> None:
    speaking.goto(f"{house.url}/?ease=on")
    speaking.evaluate("document.querySelector('main .lead').lang = 'en'")
    speaking.click("[data-aloud]")
    speaking.evaluate("next()")

    assert [lang for lang, _text in speaking.evaluate("said")] == ["zh-CN", "en-GB"]


def test_neither_a_key_nor_a_code_is_spoken(speaking: Page, house: House) -> None:
    speaking.goto(f"{house.url}/?ease=on")
    speaking.evaluate(
        """document.querySelector('main').insertAdjacentHTML('beforeend',
        '<p class="key"><code class="key-value">ABCD-EFGH</code></p><pre>note</pre><p>END</p>')"""
    )
    speaking.click("[data-aloud]")
    for _ in range(60):
        speaking.evaluate("window.next && next()")

    said = " ".join(text for _lang, text in speaking.evaluate("said"))
    assert "END" in said
    assert "ABCD" not in said
    assert "note" not in said


def test_what_is_folded_waits_until_it_is_opened_and_a_day_is_said_as_a_day(
    speaking: Page, house: House
) -> None:
    speaking.goto(f"{house.url}/?ease=on")
    speaking.evaluate(
        """document.querySelector('main').insertAdjacentHTML('beforeend',
        '<details><summary>MORE</summary><p>FOLDED</p></details>' +
        '<p><time datetime="2026-09-30">2026-09-30 周三</time></p><p>END</p>')"""
    )
    speaking.click("[data-aloud]")
    for _ in range(60):
        speaking.evaluate("window.next && next()")

    said = [text for _lang, text in speaking.evaluate("said")]
    assert {"MORE", "END", "2026年9月30日星期三"} <= set(said)
    assert "FOLDED" not in said


def test_no_page_is_sent_away_to_be_read(far: Page, house: House) -> None:
    far.goto(f"{house.url}/?ease=on")

    assert far.locator("[data-aloud]").count() == 1
    assert not far.locator("[data-aloud]").is_visible()
