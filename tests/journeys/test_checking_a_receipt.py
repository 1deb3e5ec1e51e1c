"""A receipt is checked in the browser: on the page as served, and on the page kept as a file, offline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from huiyin.doors.public import checking
from tests.journeys.conftest import House
from tests.journeys.walk import NARROW, RULES
from tests.verifying.made_log import LOG, RECEIPT, TIME, MadeLog, honest, public_of

pytestmark = pytest.mark.journey

FILE = Path(checking.__file__).with_name("check.html")


@pytest.fixture(scope="module")
def made() -> MadeLog:
    made = honest()
    made.add([public_of(made.receipt())])
    return made


@pytest.fixture(params=["served", "kept"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """The page in English; kept as a file, with the network off."""
    context = browser.new_context(
        viewport=NARROW,  # type: ignore[arg-type]
        locale="en-GB",
        offline=request.param == "kept",
        timezone_id="UTC",
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    address = FILE.as_uri() if request.param == "kept" else _served(request)
    page.goto(address)
    yield page
    context.close()
    assert wrong == []


def _served(request: pytest.FixtureRequest) -> str:
    house: House = request.getfixturevalue("house")
    return f"{house.url}/receipts/check.html"


def verdict(page: Page, text: str, key: object) -> str:
    """Paste, press, and read what is said."""
    page.get_by_label("Or paste its text here").fill(text)
    page.get_by_role("textbox", name="The key", exact=True).fill(str(key))
    page.get_by_role("button", name="Check").press("Enter")
    page.locator("#result:focus").wait_for()
    return page.locator("#result").inner_text()


def test_a_receipt_and_its_proof_hold(page: Page, made: MadeLog, tmp_path: Path):
    receipt = made.receipt(made.heads[-2][0])
    said = verdict(page, receipt, LOG.key)
    assert "It holds. It proves that:" in said
    assert "acknowledged petition HY-2026-TEST on Tuesday 3 March 2026 at 02:10 UTC, at the body zj." in said
    assert "The log key vouches for the key that signed this receipt" in said
    assert "by Tuesday 3 March 2026 at 03:10 UTC" in said
    assert "that the entry stands in the public log;" in said
    path = tmp_path / "proof.txt"
    path.write_text(made.proof(len(made.leaves) - 1, receipt), encoding="utf-8")
    page.get_by_label("The receipt, as a file").set_input_files(path)
    page.wait_for_function("document.getElementById('text').value.startsWith('c2sp.org')")
    said = verdict(page, page.get_by_label("Or paste its text here").input_value(), LOG.key)
    assert f"stands in the public log as number {len(made.leaves) - 1}" in said
    assert "vouches" not in verdict(page, receipt.replace("\n", "\r\n"), RECEIPT.key)
    assert not Axe().run(page, options=RULES).response["violations"]


def test_what_does_not_hold_is_said(page: Page, made: MadeLog):
    receipt = made.receipt(made.heads[-2][0])
    for text, key, why in (
        (receipt.replace("body zj", "body jt"), LOG.key, "the text was changed"),
        (made.receipt(entry="A" * 43 + "="), LOG.key, "its parts do not fit together"),
        (receipt, TIME.key, "the key is that of petitions.example/time"),
        (receipt, str(LOG.key)[:-2] + "A=", "a letter was changed or lost"),
        ("nothing", LOG.key, "it has no signature"),
        (made.proof(2, receipt), LOG.key, "leads to another head"),
    ):
        said = verdict(page, text, key)
        assert "It does not hold" in said, why
        assert why in said
    assert "Nothing is proved: no key" in verdict(page, receipt, "")


def test_it_speaks_chinese_and_is_worked_by_keyboard(page: Page, made: MadeLog):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.get_by_role("heading", level=1).inner_text() == "检验回执"
    page.get_by_label("或者把它的文字粘贴在这里").fill(made.receipt())
    page.get_by_role("textbox", name="公钥", exact=True).fill(str(LOG.key))
    page.keyboard.press("Enter")
    page.locator("#result:focus").wait_for()
    assert "属实。它证明：" in page.locator("#result").inner_text()


def test_a_browser_that_cannot_says_so(browser: Browser):
    page = browser.new_page(locale="en-GB")
    page.add_init_script("crypto.subtle.importKey = () => Promise.reject(new Error('not supported'))")
    page.goto(FILE.as_uri())
    assert "This browser cannot check it." in page.get_by_role("alert").inner_text()
    assert not page.locator("#form").is_visible()
    page.close()
