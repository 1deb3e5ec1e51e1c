"""Plots: no style, script or colour of their own, and readable by who cannot see them."""

from __future__ import annotations

import re
import sys
from xml.etree import ElementTree

import pytest

from huiyin.site.charts import Series, columns

SVG = "{http://www.w3.org/2000/svg}"
PART = f".//{SVG}g[@class='plot-{{}}']//{SVG}rect"


def plot(*series: Series, unit: str = "") -> ElementTree.Element:
    drawn = columns(["≤ 15", "<b>&"], list(series), label='Ages, "in groups"', unit=unit)
    return ElementTree.fromstring(drawn)


def test_what_our_pages_forbid_is_taken_out() -> None:
    drawn = columns(["a"], [Series("late", [3])], label="x")
    assert not re.search(r"<style|<script|style=|<!--|fill=|http://(?!www\.w3\.org/)", drawn)


def test_it_has_a_name_and_escapes_what_it_says() -> None:
    found = plot(Series("late", [1, 2]))
    assert (found.get("role"), found.get("aria-label")) == ("img", 'Ages, "in groups"')
    assert "<b>&" in [text.text for text in found.iter(f"{SVG}text")]


def test_parts_stand_on_one_another_in_their_tones() -> None:
    found = plot(Series("late", [1, 0]), Series("time", [3, 2]))
    heights = {
        tone: [
            float(rect.get("height", 0))
            for rect in found.findall(f".//{SVG}g[@class='plot-{tone}']//{SVG}rect")
        ]
        for tone in ("late", "time")
    }
    assert heights["time"][0] == pytest.approx(3 * heights["late"][0], rel=0.01)
    assert heights["late"][1] == 0


def test_the_side_counts_in_whole_steps_with_their_unit() -> None:
    said = [text.text for text in plot(Series("late", [37, 90]), unit="%").iter(f"{SVG}text")]
    assert said[:4] == ["0%", "50%", "100%", "≤ 15"]
    assert [t.text for t in plot(Series("late", [0, 1])).iter(f"{SVG}text")][:2] == ["0", "1"]


def test_nothing_of_pygal_stays_in_the_way_of_imports() -> None:
    assert not [finder for finder in sys.meta_path if type(finder).__module__ == "pygal"]
