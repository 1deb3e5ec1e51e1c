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

ENOUGH_FOR_TEXT, ENOUGH_FOR_SHAPES, ENHANCED = 4.5, 3.0, 7.0  # WCAG 2.2, 1.4.3, 1.4.11 and 1.4.6

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
MORE = LIGHT | tokens("@media (prefers-contrast: more) {", "\n}")
DARK = LIGHT | tokens("@media (prefers-color-scheme: dark)", "@media (prefers-contrast")
MORE_DARK = DARK | tokens("@media (prefers-contrast: more) and (prefers-color-scheme: dark)", "\n}")
THEMES = {"light": LIGHT, "dark": DARK, "more-light": MORE, "more-dark": MORE_DARK}


def luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_every_text_can_be_read_on_its_ground(theme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= ENOUGH_FOR_TEXT


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize(("line", "ground"), SHAPES)
def test_every_box_and_focus_ring_can_be_seen(theme: dict[str, str], line: str, ground: str) -> None:
    assert contrast(theme[line], theme[ground]) >= ENOUGH_FOR_SHAPES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_carries_style_or_script_in_itself(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("theme", [MORE, MORE_DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "ink-soft", "mute", "line-strong"])
@pytest.mark.parametrize("ground", ["ground", "paper"])
def test_whoever_asks_for_more_contrast_gets_it(theme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= ENHANCED


def test_nothing_comes_from_elsewhere() -> None:
    assert not re.search(r"url\(|@import|https?://", STYLE)


def test_the_whole_look_is_small() -> None:
    every_page = ("huiyin.css", "desk.css", "enhance.js", "aloud.js", "logo.svg")
    said = [(HOUSE / "static/huiyin" / name).read_bytes() for name in every_page]
    assert sum(map(len, said)) < 75_000
    assert sum(len(gzip.compress(each)) for each in said) < 20_000


def test_what_is_printed_of_a_letter_is_the_letter() -> None:
    paper = STYLE[STYLE.index("@media print") :]
    assert "body:has(main > .letter) .masthead, main:has(> .letter) > .plain { display: none; }" in paper
    # Chinese has a measure of its own on every element, so that it is taken off by the same selector.
    assert re.search(r":lang\(zh\) \{ --measure: none", paper)


SHEETS = sorted((HOUSE / "static").rglob("*.css"))
SIDES = re.compile(r"\b(?:left|right)\b")
# Both sides at once; the marks of upright writing.
EXCUSED = re.compile(r"(?:safe-area-inset-|text-emphasis-position)[^;}]*")
SIZES = re.compile(r"(?<![\w-])(?:min-|max-)?(?:width|height)\s*:")
FOUR = re.compile(r"(?:margin|padding|inset|border-(?:width|style|color|radius))\s*:\s*([^;}]+)")


def rules(sheet: Path) -> list[str]:
    """Each declaration block with its selector, without comments; of a media query what is in it."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"[^{}]+\{[^{}]*\}", text)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_is_placed_left_or_right(sheet: Path) -> None:
    """Right-to-left scripts turn the page round by themselves where only start and end are named."""
    sided = [rule for rule in rules(sheet) if SIDES.search(EXCUSED.sub("", rule.partition("{")[2]))]
    sized = [rule for rule in rules(sheet) if SIZES.search(rule.partition("{")[2])]
    uneven = [
        rule
        for rule in rules(sheet)
        for value in FOUR.findall(rule)
        if len(parts := value.split()) == 4 and parts[1] != parts[3] and "rotate(" not in rule
    ]
    assert rules(sheet)
    assert not sided + sized + uneven


def test_nothing_moves_for_whoever_asked_for_stillness() -> None:
    """Motion is only ever switched on, where the reader did not ask for less of it."""
    moving = re.compile(r"\b(?:transition|animation|scroll-behavior)\b")
    for sheet in SHEETS:
        text = sheet.read_text(encoding="utf-8")
        calm = re.sub(
            r"@media \(prefers-reduced-motion: no-preference\) \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text
        )
        assert not moving.search(calm), sheet.name


def test_no_chinese_is_slanted_or_given_a_weight_that_its_face_lacks() -> None:
    chinese = next(
        rule for rule in rules(HOUSE / "static/huiyin/huiyin.css") if rule.strip().startswith(":lang(zh) {")
    )
    assert "font-synthesis: none" in chinese
    assert re.search(r"em:lang\(zh\)[^{]*\{ font-style: normal", STYLE)
    assert "Microsoft YaHei" in STYLE
    assert "Microsoft JhengHei" in STYLE


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
def test_an_error_page_needs_neither_request_nor_database(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert "<h1>" in page
    assert 'href="/"' in page
