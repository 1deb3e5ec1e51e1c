"""A registrar's tools without a script: a template, a body found by a word, a handing over taken back."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import ROOT, House, _environment
from tests.journeys.test_desk import lodged
from tests.journeys.walk import sign_in, walker

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

BODIES = """
import django
django.setup()
from huiyin.registry.models import Body
above = Body.objects.get(code="xian")
for n in range(12):
    Body.objects.get_or_create(code=f"far-{n}", defaults=dict(
        name_zh=f"县第{n}所", name_en=f"Far Office {n}", kind="organ", level="county", superior=above))
"""
AS_BEFORE = """
import django
django.setup()
from huiyin.registry.models import Body
Body.objects.filter(code__startswith="far-").update(active=False)
"""
TEXT = "{reference} of {lodged} is sent on today, {today}."


@pytest.fixture(scope="module")
def many(house: House) -> Iterator[House]:
    """So many bodies that nobody looks through them; the next journey in this house finds it as it was."""
    for words in (BODIES, AS_BEFORE):
        subprocess.run(
            [sys.executable, "-c", words], env=_environment(house.data, "cn"), cwd=ROOT, check=True
        )
        if words is BODIES:
            yield house


def test_what_is_written_once_fills_itself_in_and_what_was_done_is_undone(
    browser: Browser, many: House
) -> None:
    with walker(browser, many, "en", scripted=False, wide=False) as desk:
        lodged(desk, 2)
        sign_in(desk, "olga")
        desk.go("/desk/templates/new/")
        desk.fill({"use": "transfer:note", "title": "Sent on", "text": TEXT})
        desk.submit()

        desk.go("/desk/?state=lodged&sort=newest")
        for number in (0, 1):
            desk.page.locator("input[name=ref]").nth(number).check()
        desk.page.locator("#to-officer").select_option("olga")
        desk.press(".bulk button:not([value])")
        desk.press("button[value=undo]")
        assert "2 petitions are as they were before" in desk.page.locator("main").inner_text()
        desk.press("main .buttons a")
        assert "/desk/?state=lodged" in desk.page.url

        desk.press("tbody tr:first-child a.subject")
        petition = desk.page.url
        desk.press("a[href*='/move/register/']")
        desk.press("#move button[value=confirm]")
        desk.page.goto(petition)
        assert "It waits for an officer to take charge again" in desk.page.locator("main").inner_text()
        desk.press("a[href*='/move/transfer/']")
        desk.page.locator("#find-body").fill("office 7")
        desk.press("button[value=find]")
        assert "Bodies that fit: 1" in desk.page.locator("main").inner_text()
        desk.page.locator("details.passages > summary").click()
        desk.press("details.passages button")
        written = desk.page.locator("#move textarea[name=note]").input_value()
        assert re.fullmatch(r"HY-\S+ of .+ is sent on today, .+\.", written)
        desk.page.locator("#move select[name=body]").select_option("far-7")
        desk.page.locator("#move button[value=check], #move button[value=confirm]").first.click()

        desk.go("/desk/templates/")
        desk.press("tbody a")
        desk.press("button[value=drop]")
        assert "Nobody at" in desk.page.locator("main").inner_text()
        desk.press("button.button-danger")
        assert "is no template any more" in desk.page.locator("main").inner_text()
