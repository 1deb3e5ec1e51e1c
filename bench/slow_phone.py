"""How soon a page stands on a slow phone, and how soon it answers a touch: `python -m bench slow-phone`.

A demonstration is served as an operator serves it, and Chromium looks at it with the processor slowed down
four times and the line of DevTools' preset "Slow 4G". Both figures are read out of Chromium's own trace, as
the Core Web Vitals define them: Largest Contentful Paint, and the longest time from an input to the next
paint (INP). The floor is a page of the same server with one word, no style and no script.

Floor and pages are opened turn and turn about, each time by a browser that has never been there. The figure
is the third quartile, by which the Web Vitals judge.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench import report
from tools.looks import BROWSERS, demonstration

CPU = 4.0  # times slower
LINE = {  # DevTools' "Slow 4G": what 1.6 Mbit/s with 150 ms there and back come to for each request
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8 * 0.9,
    "uploadThroughput": 750 * 1024 / 8 * 0.9,
}
PAINT_LIMIT, TOUCH_LIMIT = 2_500.0, 200.0  # ms: where the Core Web Vitals stop to call it good
QUARTILE = 0.75
TRIES = 3
TRACED = ["-*", "loading", "devtools.timeline", "blink.user_timing", "latencyInfo"]
HEAD = ("page on a slow phone", "paint ms", "limit", "floor", "touch ms", "limit", "floor", "kB", "requests")

TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

Touches = Callable[[Page], None]
Prepare = Callable[[BrowserContext], None]
Asked = tuple[str, str, Touches, Prepare]  # name, path, what is touched, what comes before


class NothingRecorded(RuntimeError):
    """The trace lacks what it must hold."""


@dataclass(frozen=True, slots=True)
class Look:
    """One page once: times in milliseconds, bytes and requests until it stood."""

    paint: float
    touch: float
    size: float
    requests: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: times in milliseconds, one for each round; what went over the line in one of them."""

    name: str
    paints: list[float]
    touches: list[float]
    kilobytes: float
    requests: int

    @property
    def paint(self) -> float:
        return report.percentile(self.paints, QUARTILE)

    @property
    def touch(self) -> float:
        return report.percentile(self.touches, QUARTILE)


# ---- what is touched


def _anywhere(page: Page) -> None:
    page.mouse.click(180, 300)
    page.keyboard.press("Tab")


def _lodging(page: Page) -> None:
    """Fill in what the first page asks, as a thumb does it."""
    for box in page.locator("main textarea:visible, main input[type=text]:visible").all()[:2]:
        box.click()
        page.keyboard.type("路灯坏了", delay=60)
    for choice in page.locator("main .choice label:visible").all()[:2]:
        choice.click()


def _looking(page: Page) -> None:
    """Open what explains a date."""
    for line in page.locator("main summary:visible").all()[:3]:
        line.click()
        page.wait_for_timeout(100)
    page.keyboard.press("Tab")


def _key(page: Page) -> None:
    page.locator("main [name=follow_ref]").click()
    page.keyboard.type("HY-2026-", delay=60)


# ---- one look


def _visited(context: BrowserContext, url: str, key: dict[str, str]) -> None:
    """Open a petition with its key, at full speed; what the browser keeps of the look is thrown away."""
    page = context.new_page()
    page.goto(f"{url}/follow/")
    page.fill("main [name=follow_ref]", key["ref"])
    page.fill("main [name=follow_key]", key["key"])
    page.click("main form button.button")
    page.wait_for_url("**/follow/petition/")
    page.close()


def look(browser: Browser, address: str, touch: Touches, prepare: Prepare) -> Look:
    """Open an address on the slow phone; once more where the trace has gaps, as on a busy machine it may."""
    for _ in range(TRIES - 1):
        with suppress(NothingRecorded):
            return _look(browser, address, touch, prepare)
    return _look(browser, address, touch, prepare)


def _look(browser: Browser, address: str, touch: Touches, prepare: Prepare) -> Look:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        locale="zh-CN",
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
    )
    try:
        prepare(context)
        page = context.new_page()
        wire = context.new_cdp_session(page)
        for command in ("Network.enable", "Network.clearBrowserCache", "Page.enable"):
            wire.send(command)
        wire.send("Network.emulateNetworkConditions", LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
        loaded: list[float] = []
        wire.on("Network.loadingFinished", lambda said: loaded.append(said["encodedDataLength"]))
        browser.start_tracing(page=page, categories=TRACED)
        page.wait_for_timeout(300)  # until every process of the browser has heard of it
        page.goto(address, wait_until="load")
        page.evaluate(TWO_FRAMES)  # on a busy machine loaded is not painted yet
        page.wait_for_timeout(500)
        size, requests = sum(loaded), len(loaded)
        touch(page)
        page.wait_for_timeout(500)
        trace = json.loads(browser.stop_tracing())["traceEvents"]
    finally:
        context.close()
    return Look(paint_of(trace, address), touch_of(trace), size, requests)


def paint_of(trace: Iterable[dict[str, Any]], address: str) -> float:
    """Largest Contentful Paint after the navigation to that address, in ms."""
    events = list(trace)
    starts = (
        e
        for e in events
        if e["name"] == "navigationStart" and e["args"].get("data", {}).get("documentLoaderURL") == address
    )
    if (start := next(starts, None)) is None:
        raise NothingRecorded(f"nobody went to {address}")
    navigation = start["args"]["data"]["navigationId"]
    painted = [
        e["ts"]
        for e in events
        if e["name"] == "largestContentfulPaint::Candidate"
        and e["args"].get("data", {}).get("navigationId") == navigation
    ]
    if not painted:
        raise NothingRecorded(f"nothing was painted at {address}")
    return float(max(painted) - start["ts"]) / 1000


def touch_of(trace: Iterable[dict[str, Any]]) -> float:
    """The longest time from an input to the next paint, in ms."""
    durations = [
        float(e["args"]["data"]["duration"])
        for e in trace
        if e["name"] == "EventTiming" and e["args"].get("data", {}).get("interactionId")
    ]
    if not durations:
        raise NothingRecorded("nothing was touched")
    return max(durations)


# ---- all of it


def measure(*, rounds: int) -> list[Measured]:
    """The floor first, then the pages somebody on a phone comes to."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise RuntimeError("no Chromium here: `make test` installs it as root")
    with demonstration() as (url, data), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        pages = _pages(url, data)
        _rounds(browser, url, pages, rounds=1)  # the server has read its laws, the browser its fonts
        made = _rounds(browser, url, pages, rounds=rounds)
        browser.close()
    return made


def _rounds(browser: Browser, url: str, pages: list[Asked], *, rounds: int) -> list[Measured]:
    looks = [
        [look(browser, url + path, touch, prepare) for _name, path, touch, prepare in pages]
        for _ in range(rounds)
    ]
    return [
        Measured(
            name=pages[at][0],
            paints=[each[at].paint for each in looks],
            touches=[each[at].touch for each in looks],
            kilobytes=max(each[at].size for each in looks) / 1000,
            requests=max(each[at].requests for each in looks),
        )
        for at in range(len(pages))
    ]


def _pages(url: str, data: Path) -> list[Asked]:
    with (data / "demonstration.csv").open(encoding="utf-8-sig") as file:
        keys = list(csv.DictReader(file))
    key = next((key for key in keys if key["state"] == "accepted"), keys[0])

    def opened(context: BrowserContext) -> None:
        _visited(context, url, key)

    def fresh(_: BrowserContext) -> None:
        return

    return [
        ("floor: one word", "/healthz", _anywhere, fresh),
        ("the start page", "/", _anywhere, fresh),
        ("lodge, before anything is asked", "/lodge/", _anywhere, fresh),
        ("lodge, the first page of the form", "/lodge/write/", _lodging, fresh),
        ("follow, reference and key", "/follow/", _key, fresh),
        ("follow, a petition", "/follow/petition/", _looking, opened),
        ("where to go, every body", "/bodies/", _looking, fresh),
        ("what several ask about", "/problems/", _anywhere, fresh),
        ("figures with their proof", "/figures/", _anywhere, fresh),
    ]


def row(each: Measured, floor: Measured) -> list[str]:
    return [
        each.name,
        f"{each.paint:.0f}",
        f"{PAINT_LIMIT:.0f}",
        f"{floor.paint:.0f}",
        f"{each.touch:.0f}",
        f"{TOUCH_LIMIT:.0f}",
        f"{floor.touch:.0f}",
        f"{each.kilobytes:.1f}",
        str(each.requests),
    ]


def over(made: Iterable[Measured]) -> list[str]:
    """Which pages are slower than they may be."""
    return [each.name for each in made if each.paint > PAINT_LIMIT or each.touch > TOUCH_LIMIT]
