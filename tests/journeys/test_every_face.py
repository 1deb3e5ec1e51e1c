"""One page of each kind and state: judged by axe in both themes, at 400 % zoom, and by the Tab key alone.

Then a page of every other kind that a link leads to, whoever sees it: by axe and at 400 % zoom. `make looks`
photographs them; this is what must hold before a change lands.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response

from huiyin.registry.demonstration import PASSWORD
from tests.journeys import conftest as journeys
from tests.journeys.conftest import House, serving
from tests.journeys.walk import RULES
from tools import pressing
from tools.looks import LINK, OFFICERS, kind_of
from tools.pressing import Form, forms_of

# One round of everything, by one worker, looked at three times over.
pytestmark = [pytest.mark.journey, pytest.mark.timeout(1800), pytest.mark.xdist_group("faces")]

PUBLIC = (
    *(
        "/",
        "/about/",
        "/how/",
        "/charter/",
        "/bodies/",
        "/reception/",
        "/questions/",
        "/opinions/",
        "/rules/",
    ),
    *(
        "/rules/cn-2022/",
        "/demands/",
        "/receipts/",
        "/log/",
        "/figures/",
        "/source/",
        "/lodge/",
        "/lodge/write/",
    ),
    *("/mine/", "/follow/", "/follow/lost/", "/nowhere/"),
)
DESK = {
    "handler": ("/desk/", "/desk/reception/", "/desk/account/"),
    "registrar": ("/desk/", "/desk/new/", "/desk/questions/", "/desk/reception/"),
    "head": ("/desk/conferences/", "/desk/backlog/"),
    "supervisor": ("/desk/supervise/", "/desk/letters/", "/desk/inspections/", "/desk/supervise/year/"),
    "administrator": ("/desk/bodies/", "/desk/people/"),
    "auditor": ("/desk/",),
}
STATES = 6  # of a petition, as its author sees it
PETITIONS = {"/desk/p/_/": 3, "/follow/petition/": 1}  # so many a person: petitions differ
ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %
WIDE = {"width": 1280, "height": 1024}
CONTRAST = {"runOnly": ["color-contrast"]}
LIGHT = (("light", RULES),)
THEMES = (*LIGHT, ("dark", CONTRAST))  # dark differs from light in nothing but colours
LINKS = """() => [...document.querySelectorAll(
    'a[href], button, summary, input:not([type=hidden]), select, textarea')]
  .filter(e => e.checkVisibility({visibilityProperty: true}))
  .filter(e => !e.closest('.hidden, .skip') && !e.matches('[tabindex="-1"]'))
  .map(e => (e.name || e.getAttribute('href') || '') + ' ' + e.textContent.trim())"""
CUT = """() => [...document.querySelectorAll('main *')].filter(e => {
  const style = getComputedStyle(e), over = e.scrollWidth > e.clientWidth + 1;
  return over && ['hidden', 'clip'].includes(style.overflowX) && style.clipPath === 'none'
    && e.childElementCount === 0 && e.textContent.trim() && !e.closest('.hidden, svg, .skip');
}).map(e => e.outerHTML.slice(0, 120))"""
STOP = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const label = here.labels && here.labels[0] && here.labels[0].getBoundingClientRect();
  const all = [...document.querySelectorAll('*')];
  return {
    place: all.indexOf(here), body: here === document.body,
    shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none',
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    large: box.width >= 8 && box.height >= 8 || (label && label.height >= 24),
    what: here.outerHTML.slice(0, 100),
    parts: here.matches('input[type=date], input[type=month], input[type=time]'),
  };
}"""


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(journeys, "PATIENCE", 300.0)  # a demonstration is built first
        yield from _served(tmp_path_factory)


def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with serving(tmp_path_factory.mktemp("faces"), "cn", "--demo") as house:
        yield house


def faces(house: House, context: BrowserContext) -> Iterator[tuple[str, Page]]:
    """Each page with who looks at it, opened."""
    page = context.new_page()
    for path in PUBLIC:
        page.goto(house.url + path)
        yield path, page
    with (house.data / "demonstration.csv").open(encoding="utf-8-sig") as file:
        by_state = {row["state"]: row for row in csv.DictReader(file)}
    for state in sorted(by_state)[:: max(1, len(by_state) // STATES)]:
        follow(house, page, by_state[state])
        yield f"author {state}", page
    for login, paths in DESK.items():
        sign_in(house, page, login)
        for path in paths:
            answer = page.goto(house.url + path)
            assert answer is not None
            assert answer.status == 200, f"{answer.status} {login} {path}"
            yield f"{login} {path}", page
        if (
            found := page.locator("main a[href^='/desk/p/HY-']").first.get_attribute("href")
            if _lists(page)
            else ""
        ):
            page.goto(house.url + found)
            yield f"{login} {found}", page


def follow(house: House, page: Page, key: dict[str, str]) -> None:
    page.goto(f"{house.url}/follow/")
    page.fill("main [name=follow_ref]", key["ref"])
    page.fill("main [name=follow_key]", key["key"])
    page.click("main form button.button")
    page.wait_for_url("**/follow/petition/")


def sign_in(house: House, page: Page, login: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{house.url}/desk/sign-in/")
    page.fill("main [name=login]", login)
    page.fill("main [name=password]", PASSWORD)
    page.click("main form button.button")
    page.wait_for_load_state()


def everywhere(house: House, context: BrowserContext, seen: Counter[str]) -> Iterator[tuple[str, Page]]:
    """A page of each kind that a link or a button leads to, of each state of a petition; seen: kinds."""
    page = context.new_page()
    yield from within_reach(house, page, "anybody", "/", seen)
    with (house.data / "demonstration.csv").open(encoding="utf-8-sig") as file:
        by_state = {row["state"]: row for row in csv.DictReader(file)}
    for state, key in sorted(by_state.items()):
        follow(house, page, key)
        yield from within_reach(house, page, f"author {state}", "/follow/petition/", seen)
    pressed = Counter[tuple[str, str]]()
    for login in OFFICERS:
        sign_in(house, page, login)
        yield f"{login} signs in", page
        forms: list[Form] = []
        for name, shown in within_reach(house, page, login, "/desk/", seen):
            forms += forms_of(page)
            yield name, shown
        for form, filled, status in pressing.answers(page, house.url, forms, kind_of, pressed):
            assert status < 500, f"{status} {login} {form}"
            yield f"{login} {form.path} → {form.action}{' filled in' if filled else ''}", page
    yield from before_sign_in(house, page)


def before_sign_in(house: House, page: Page) -> Iterator[tuple[str, Page]]:
    """The door of the desk, closed to a wrong password."""
    page.context.clear_cookies()
    page.goto(f"{house.url}/desk/sign-in/")
    page.fill("main [name=login]", "nobody")
    page.fill("main [name=password]", "wrong")
    page.click("main form button.button")
    page.wait_for_load_state()
    yield "nobody signs in", page


def within_reach(
    house: House, page: Page, who: str, zone: str, seen: Counter[str]
) -> Iterator[tuple[str, Page]]:
    """Pages below an address, beginning there, of kinds that nobody looked at so far."""
    waiting, known, own = [zone], {zone}, Counter[str]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if own[kind] >= PETITIONS.get(kind, 1) or (seen[kind] and path != zone and kind not in PETITIONS):
            continue
        own[kind] += 1
        seen[kind] += 1
        answer = opened(page, house.url + path)
        if answer is None:
            continue
        assert answer.status < 400, f"{answer.status} {who} {path}"
        for link in LINK.findall(page.content()):
            to = urlsplit(urljoin(house.url + path, link.replace("&amp;", "&")))
            beyond = zone == "/" and to.path.startswith(("/desk", "/follow/petition"))
            if f"{to.scheme}://{to.netloc}" == house.url and to.path.startswith(zone) and not beyond:
                waiting += [] if to.path in known else [to.path]
                known.add(to.path)
        yield f"{who} {path}", page


def opened(page: Page, address: str) -> Response | None:
    """The page at an address; nothing where a file lies there."""
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return None
        raise
    return answer if answer and answer.headers.get("content-type", "").startswith("text/html") else None


def _lists(page: Page) -> bool:
    return page.locator("main a[href^='/desk/p/HY-']").count() > 0


@dataclass(frozen=True, slots=True)
class Faults:
    """What was found on one round, by what was looked for."""

    axe: list[str] = field(default_factory=list)
    zoom: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def faults(demonstration: House, browser: Browser) -> Iterator[Faults]:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce")
    found = Faults()
    seen = Counter[str]()
    for name, page in faces(demonstration, context):
        found.looked.append(name)
        seen[kind_of(urlsplit(page.url).path)] += 1
        found.zoom.extend(f"{name}: {fault}" for fault in zoomed(page))
        found.axe.extend(f"{name}: {fault}" for fault in judged(page))
        found.keys.extend(f"{name}: {fault}" for fault in tabbed(page))
    for name, page in everywhere(demonstration, context, seen):
        found.looked.append(name)
        found.zoom.extend(f"{name}: {fault}" for fault in zoomed(page))
        found.axe.extend(f"{name}: {fault}" for fault in judged(page, themes=LIGHT))
    yield found
    context.close()


def test_axe_finds_nothing_in_either_theme(faults: Faults) -> None:
    assert len(faults.looked) > 200
    assert not faults.axe, "\n".join(faults.axe)


def test_each_page_works_at_four_times_its_size(faults: Faults) -> None:
    assert not faults.zoom, "\n".join(faults.zoom)


def test_the_tab_key_goes_everywhere_in_order_and_is_seen(faults: Faults) -> None:
    assert not faults.keys, "\n".join(faults.keys)


def judged(page: Page, themes: tuple[tuple[str, Any], ...] = THEMES) -> Iterator[str]:
    """What axe finds."""
    for theme, rules in themes:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for found in Axe().run(page, options=rules).response["violations"]:
            yield f"{theme} {found['id']}: {found['nodes'][0]['html'][:120]}"
    page.emulate_media(color_scheme="light")


def zoomed(page: Page) -> Iterator[str]:
    """What sticks out, is lost or cut off at four times the size."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    wide = set(page.evaluate(LINKS))
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
        yield f"is {over} px too wide"
    if gone := wide - set(page.evaluate(LINKS)):
        yield f"has lost {sorted(gone)[:3]}"
    if cut := page.evaluate(CUT):
        yield f"cuts off {cut[:3]}"
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def tabbed(page: Page) -> Iterator[str]:
    """Press Tab until it has gone round; tell what is wrong on the way."""
    page.reload()
    # Where a form has the focus from the start, Tab goes on from there.
    begun = page.locator("[autofocus], [data-focus]").count() > 0
    before, stops = -1, 0
    for number in range(400):
        page.keyboard.press("Tab")
        stop: dict[str, Any] = page.evaluate(STOP)
        if stop["body"] or (number and stop["place"] < before and stop["what"].startswith('<a class="skip"')):
            break
        stops += 1
        if number == 0 and not begun and 'class="skip"' not in stop["what"]:
            yield f"the first stop is {stop['what']}"
        if stop["place"] == before and stop["parts"]:  # year, month and day are stops of one field
            continue
        if stop["place"] <= before:
            yield f"goes back to {stop['what']}"
            break
        before = stop["place"]
        if not (stop["shown"] and stop["inside"] and stop["large"]):
            yield f"is not seen on {stop['what']}"
    else:
        yield "never comes round"
    if stops < 5:
        yield f"stops only {stops} times"
