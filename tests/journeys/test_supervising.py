"""A supervisor and a head of office in the morning: which petition is the latest, why, whose turn it is."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import ROOT, House, _environment
from tests.journeys.walk import Walker, sign_in, walker

pytestmark = pytest.mark.journey

# Two petitions that the housing bureau owes a notice on, one for longer, and one that nobody has registered.
LATE = """
import json
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from tests.cast import Walk, lodge
made = {}
for name, state, days in (("latest", "transferred", 60), ("late", "transferred", 40), ("new", "lodged", 30)):
    then = timezone.now() - timedelta(days=days)
    walk = Walk(lodge(now=then, subject=f"路灯坏了 {name}"), then)
    made[name] = (walk if state == "lodged" else walk.to(state)).ref
print(json.dumps(made))
"""
# Enough that were taken up in time beside them: a share of fewer is not said.
KEPT = """
from datetime import timedelta
import django
django.setup()
from django.utils import timezone
from huiyin.clerk import sweep
from tests.cast import Walk, lodge
for _ in range(5):
    then = timezone.now() - timedelta(days=2)
    Walk(lodge(now=then), then).to("accepted")
sweep.sweep(timezone.now())
"""
WORDS = {
    "zh-hans": ("没有书面告知", "县住建局", "第二十三条第二款"),
    "en": ("No written notice", "County Housing Bureau", "art. 23.2"),
}


LOOKS, BETWEEN = 60, 2000  # the clerk counts every minute; milliseconds


@pytest.fixture(scope="module")
def late(house: House) -> dict[str, str]:
    refs: dict[str, str] = json.loads(_told(house, LATE).splitlines()[-1])
    return refs


@pytest.fixture(scope="module")
def explained(house: House, late: dict[str, str]) -> set[str]:
    """The petitions that the lowest share of the housing bureau is to be explained by."""
    _told(house, KEPT)
    return {late["latest"], late["late"]}


def _told(house: House, script: str) -> str:
    made = subprocess.run(
        [sys.executable, "-c", script],
        env=_environment(house.data, "cn"),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout


def counted(desk: Walker, late: dict[str, str]) -> None:
    """Open the board, and again until the clerk has counted what was lodged a moment ago."""
    until(desk, "/desk/supervise/", f"main:has-text('{late['latest']}')")


def until(desk: Walker, address: str, there: str) -> None:
    for _ in range(LOOKS):
        desk.go(address)
        if desk.page.locator(there).count():
            return
        desk.page.wait_for_timeout(BETWEEN)


@pytest.mark.parametrize(("language", "scripted"), [("zh-hans", False), ("en", True)])
def test_a_supervisor_finds_the_latest_one_and_why(
    browser: Browser, house: House, late: dict[str, str], language: str, scripted: bool
) -> None:
    why, body, article = WORDS[language]
    with walker(browser, house, language, scripted=scripted, wide=scripted) as desk:
        sign_in(desk, "sven")
        counted(desk, late)
        first = desk.page.locator("section[aria-labelledby=longest] tbody tr").first
        said = first.inner_text()
        for words in (late["latest"], why, body, article):
            assert words in said, words
        assert desk.page.locator("svg.plot[role=img]").count() == 1

        # From a reason to its petitions, and from the first of them to the whole of it.
        desk.press(f"section[aria-labelledby=why] tbody tr:has-text('{why}') td.number a")
        listed = desk.page.locator("main tbody tr")
        assert late["latest"] in listed.first.inner_text()
        assert late["new"] not in desk.page.locator("main").inner_text()
        desk.press("main tbody tr a[href^='/desk/p/']")
        assert late["latest"] in desk.page.url
        assert body in desk.page.locator("main").inner_text()

        # And what nobody has looked for yet says so, with the way back.
        desk.go("/desk/supervise/petitions/?due=fresh")
        desk.press(".empty a.button")
        assert desk.page.url.endswith("/desk/supervise/")


TOLD = {"zh-hans": ("先看这里", "期限"), "en": ("Look here first", "Written notice")}


@pytest.mark.parametrize("scripted", [False, True])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_head_comes_from_the_board_to_the_petition_that_explains_the_lowest_figure_in_three_steps(
    browser: Browser, house: House, explained: set[str], language: str, scripted: bool
) -> None:
    first, terms = TOLD[language]
    with walker(browser, house, language, scripted=scripted, wide=not scripted) as desk:
        sign_in(desk, "hedda")
        until(desk, "/desk/supervise/measures/", "section[aria-labelledby=lowest]")
        desk.go("/desk/")
        desk.press("a[href^='/desk/supervise/measures/']")  # 1
        lowest = desk.page.locator("section[aria-labelledby=lowest]")
        assert first in lowest.inner_text()
        desk.press("section[aria-labelledby=lowest] a")  # 2
        desk.press("main a[href^='/desk/p/']")  # 3
        ref = desk.page.url.partition("/desk/p/")[2].partition("/")[0]
        assert ref in explained
        assert terms in desk.page.locator("main").inner_text()
