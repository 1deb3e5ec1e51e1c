"""The look keeps its promises: contrast in both themes, nothing inline, small, readable without script."""

import gzip
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

import huiyin.site

HOUSE = Path(huiyin.site.__file__).parent
STYLE = (HOUSE / "static/huiyin/huiyin.css").read_text(encoding="utf-8")
PAGES = sorted((HOUSE / "templates").rglob("*.html"))

ENOUGH_FOR_TEXT, ENOUGH_FOR_SHAPES = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11

GROUNDS = ("ground", "paper", "sunken")
INKS = ("ink", "ink-soft", "accent", "accent-deep", "visited", "good", "warn", "late", "mute")
SOFT = ("accent", "good", "warn", "late")
TEXT = [
    *((ink, ground) for ink in INKS for ground in GROUNDS),
    *((tone, f"{tone}-soft") for tone in (*SOFT, "mute")),
    *((ink, f"{tone}-soft") for ink in ("ink", "accent", "visited") for tone in SOFT),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("on-desk-bar", "desk-bar"),
]
SHAPES = [("line-strong", "paper"), ("line-strong", "ground"), ("focus", "paper"), ("focus", "ground")]


def tokens(start: str, end: str) -> dict[str, str]:
    block = STYLE[STYLE.index(start) :]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block[: block.index(end)]))


LIGHT = tokens(":root {", "@media")
DARK = LIGHT | tokens("@media (prefers-color-scheme: dark)", "@media (prefers-contrast")


def luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_every_text_can_be_read_on_its_ground(theme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= ENOUGH_FOR_TEXT


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), SHAPES)
def test_every_box_and_focus_ring_can_be_seen(theme: dict[str, str], line: str, ground: str) -> None:
    assert contrast(theme[line], theme[ground]) >= ENOUGH_FOR_SHAPES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_carries_style_or_script_in_itself(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", text)


def test_nothing_comes_from_elsewhere() -> None:
    assert not re.search(r"url\(|@import|https?://", STYLE)


def test_the_whole_look_is_small() -> None:
    every_page = ("huiyin.css", "desk.css", "enhance.js", "aloud.js", "logo.svg")
    said = [(HOUSE / "static/huiyin" / name).read_bytes() for name in every_page]
    assert sum(map(len, said)) < 75_000
    assert sum(len(gzip.compress(each)) for each in said) < 20_000


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
def test_an_error_page_needs_neither_request_nor_database(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert "<h1>" in page
    assert 'href="/"' in page
