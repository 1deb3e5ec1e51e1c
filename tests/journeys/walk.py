"""The steps of a walk, pressed like a person would, in whichever language the page asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.cast import PASSWORD
from tests.journeys.conftest import House

NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# WCAG 2.2 AA and what it builds on.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],  # what is well need not be counted up
}
# What axe has looked at in this process: the house, language, width, and the shape of the page.
_looked_at: set[tuple[str, str, int, str]] = set()


@dataclass(slots=True)
class Walker:
    """One browser, one language, with or without script; looks at each page it comes to."""

    page: Page
    house: House
    language: str
    scripted: bool

    def go(self, path: str) -> None:
        answer = self.page.goto(f"{self.house.url}{path}")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.look()

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill fields by name: boxes are written in, lists and radios chosen from."""
        for name, value in values.items():
            field = self.page.locator(f"main [name='{name}']:not([type=hidden])").first
            kind = field.evaluate("e => e.type || e.tagName") if self.scripted else self._kind(name)
            if kind == "radio":
                self.page.locator(f"main [name='{name}'][value='{value}']").check()
            elif kind in {"select-one", "select"}:
                field.select_option(value)
            else:
                field.fill(value)

    def _kind(self, name: str) -> str:
        # Without script the page cannot be asked; its markup can.
        main = self.page.locator("main")
        if main.locator(f"select[name='{name}']").count():
            return "select"
        return main.locator(f"[name='{name}']:not([type=hidden])").first.get_attribute("type") or "text"

    def press(self, selector: str) -> None:
        """Press a button or link, opening what it is folded into, and look at the page it leads to."""
        target = self.page.locator(selector).first
        for fold in target.locator("xpath=ancestor::details[not(@open)]/summary").all():
            fold.click()
        target.click()
        self.page.wait_for_load_state()
        self.look()

    def submit(self) -> None:
        """Press the main button of the page's own form."""
        self.press("main form button.button:not(.button-secondary):not(.button-quiet):not(.hidden)")

    def look(self) -> None:
        """Nothing sticks out of a phone, the page speaks its language, axe finds nothing (with script)."""
        assert self.page.locator("h1").count() == 1, self.page.url
        self._speaks()
        if not self.scripted:
            return
        width = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, f"{self.page.url} is {width} px too wide"
        path = self.page.url.removeprefix(self.house.url)
        shape = re.sub(r"HY-[0-9A-Z-]+|\d+", "*", path) + self.page.locator("h1").inner_text()
        state = (self.house.url, self.language, self.page.evaluate("innerWidth"), shape)
        if state not in _looked_at:
            _looked_at.add(state)
            found = Axe().run(self.page, options=RULES)
            assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    def _speaks(self) -> None:
        title = self.page.locator("h1").inner_text()
        if self.language == "zh-hans":
            assert CHINESE.search(title), f"{self.page.url}: {title!r} is not Chinese"


@contextmanager
def walker(browser: Browser, house: House, language: str, *, scripted: bool, wide: bool) -> Iterator[Walker]:
    """A person at their own machine: nothing is shared with the others."""
    context: BrowserContext = browser.new_context(
        java_script_enabled=scripted,
        locale="zh-CN" if language == "zh-hans" else "en-GB",
        viewport=WIDE if wide else NARROW,  # type: ignore[arg-type]
        timezone_id="Asia/Shanghai",
    )
    try:
        yield Walker(context.new_page(), house, language, scripted)
    finally:
        context.close()


def sign_in(desk: Walker, login: str, password: str = PASSWORD) -> None:
    desk.page.context.clear_cookies()
    desk.go("/desk/sign-in/")
    desk.fill({"login": login, "password": password})
    desk.submit()
