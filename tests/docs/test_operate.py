"""What an operator is told to set, to write and to keep is what the program reads."""

from __future__ import annotations

import json
import re

from huiyin.core import calendar
from huiyin.site.environment import SETTINGS
from huiyin.vault import keys
from tests.docs.pages import HOUSE, blocks, table, text


def test_every_setting_stands_there_as_the_code_has_it():
    written = [[cell.strip("`") for cell in row] for row in table("docs/operate/settings.md", "Settings")]
    assert written == [[s.name, s.default or "empty", s.meaning] for s in SETTINGS]


def test_no_page_names_a_setting_that_does_not_exist():
    known = {setting.name for setting in SETTINGS} | {"HUIYIN_REQUIRE_ALL"}  # that one is for the tests
    pages = [*(HOUSE / "docs").rglob("*.md"), HOUSE / "README.md", HOUSE / "CONTRIBUTING.md"]
    words = {word.strip("`*,.;:()=").partition("=")[0] for page in pages for word in page.read_text().split()}
    assert {word for word in words if word.startswith("HUIYIN_") and word.isupper()} - known == set()


def test_the_notice_shown_is_one_that_is_taken():
    page = HOUSE / "docs/operate/calendar.md"
    [shown] = [block for block in blocks(page) if block.language == "json"]
    [year] = calendar.parse_notice("\n".join(shown.lines), file=page.name)
    assert (year.calendar, year.year) == ("cn", 2027)
    assert json.loads("\n".join(shown.lines))["years"][0]["source"] == year.source


def test_every_key_is_named():
    page = text("docs/operate/keys.md")
    for name in (keys.IDENTITY, keys.CONTACT):
        assert f"`{name}.key`" in page
        assert f"`{name}.pub`" in page
    assert f"`{keys.RECEIPT}.key`" in page


def test_every_refusal_at_the_start_is_listed():
    known = set(re.findall(r"huiyin\.[EW]\d{3}", text("src/huiyin/site/checks.py")))
    written = [row[0].strip("`") for row in table("docs/operate/settings.md", "What is refused at the start")]
    assert sorted(known) == written
