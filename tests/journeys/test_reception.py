"""A day is published, an hour of it is booked with the key and given back: walked like a person would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from tests.cast import legal_day
from tests.journeys.conftest import House
from tests.journeys.test_whole_story import follow, lodge
from tests.journeys.walk import sign_in, walker

pytestmark = pytest.mark.journey
BODY = {"zh-hans": "县住建局", "en": "County Housing Bureau"}


@pytest.mark.parametrize(("language", "scripted"), [("zh-hans", False), ("en", True)])
def test_an_hour_is_booked_and_given_back(
    browser: Browser, house: House, language: str, scripted: bool
) -> None:
    day = (legal_day(datetime.now(UTC)) + timedelta(days=9)).isoformat()
    place = f"一楼接待室 {language}"
    with (
        walker(browser, house, language, scripted=scripted, wide=False) as petra,
        walker(browser, house, language, scripted=scripted, wide=True) as desk,
    ):
        sign_in(desk, "otto")
        desk.go("/desk/reception/new/")
        desk.fill({"day": day, "opens": "09:00", "closes": "11:00", "place": place})
        desk.fill({"officials-0-body": BODY[language], "officials-0-official": "李局长"})
        desk.submit()
        assert place in desk.page.locator("main").inner_text()

        petra.go("/reception/")
        assert place in petra.page.locator("main").inner_text()
        follow(petra, *lodge(petra))
        petra.press("main a[href$='/follow/petition/reception/']")
        petra.press(f"article:has-text('{place}') a.button")
        petra.page.locator("main [name=at][value='09:30']").check()
        petra.submit()
        assert "09:30" in petra.page.locator("main").inner_text()
        desk.go("/desk/reception/")
        assert "09:30" not in desk.page.locator("main").inner_text()  # not before its day
        petra.press("main form[action$='/cancel/'] button")
        assert "09:30" not in petra.page.locator("main").inner_text()
