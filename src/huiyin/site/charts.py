"""Plots as SVG, drawn by pygal on the server: they need no script and take their colours from our tokens.

What pygal writes for a page of its own (a style sheet and a script inside the drawing, which our pages
forbid) is taken out. A plot is a picture of a table: the page says the same numbers (decision 0052).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

WIDTH, HEIGHT = 480, 260  # in units of the drawing; the page scales it
STEPS = 4  # lines behind the columns
LETTERS = 13  # the size of the names below, in units of the drawing: our style sheet says the same
DROPPED = {"defs", "title", "desc"}
EMPTY_HERE = {"titles", "overlay", "text-overlay", "tooltip-overlay"}  # where pygal's own script would write


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the columns. tone: the class that the style sheet paints: plot-TONE."""

    tone: str
    numbers: Sequence[float]


@dataclass(frozen=True, slots=True)
class Sure:
    """One column and how far it may be off by chance, from `low` to `high`."""

    value: float
    low: float
    high: float


def columns(names: Sequence[str], series: Sequence[Series], *, label: str, unit: str = "") -> SafeString:
    """Columns of parts that stand on one another, in the order of `series` from the ground up.

    names: below each column, short. label: what the plot shows, for who cannot see it. unit: behind the
    numbers at the side, as %.
    """
    pygal = library()
    highest = max((sum(each.numbers[i] for each in series) for i in range(len(names))), default=0)
    step = max(1, _round_up(highest / STEPS))
    chart = pygal.StackedBar(**_house(pygal, range(0, max(int(highest), 1) + step, step), unit))
    chart.x_labels = list(names)
    for each in series:
        chart.add(each.tone, list(each.numbers))
    chart.add_xml_filter(lambda root: _ours(root, series, label))
    # Numbers and the names above are all that is in it, escaped by pygal.
    drawn: str = chart.render(is_unicode=True)
    return mark_safe(drawn)  # noqa: S308


def shares(names: Sequence[str], values: Sequence[Sure], *, label: str, unit: str = "") -> SafeString:
    """Columns side by side, up to a hundred, each with a line from the least to the most that it may be."""
    pygal = library()
    chart = pygal.Bar(**_house(pygal, range(0, 101, 25), unit), range=(0, 100))
    chart.x_labels = list(names)
    said = [{"value": each.value, "ci": {"low": each.low, "high": each.high}} for each in values]
    chart.add("time", said)
    chart.add_xml_filter(lambda root: _ours(_with_lines(root), [Series("time", [])], label))
    drawn: str = chart.render(is_unicode=True)
    return mark_safe(drawn)  # noqa: S308 - numbers and names, escaped by pygal


def _house(pygal: Any, steps: range, unit: str) -> dict[str, Any]:
    """What all our plots have in common."""
    return {
        "css": [],
        "js": [],
        "classes": ["plot"],
        "disable_xml_declaration": True,
        "no_prefix": True,
        "width": WIDTH,
        "height": HEIGHT,
        "margin": 4,
        "style": pygal.style.Style(label_font_size=LETTERS, major_label_font_size=LETTERS),
        "spacing": 8,
        "show_legend": False,
        "y_labels": [{"value": number, "label": f"{number}{unit}"} for number in steps],
    }


def _with_lines(root: Any) -> Any:
    """The lines of how sure a column is stand in a layer that is dropped otherwise: kept, in ink."""
    for group in root.iter():
        if {"plot", "overlay"} <= set((group.get("class") or "").split()):
            group.set("class", "sure")
            for line in group.iter():
                if str(line.tag).endswith("path"):
                    line.attrib.update({"fill": "none", "stroke": "currentColor", "stroke-width": "1.5"})
    return root


def library() -> Any:
    """Pygal, loaded with the first plot: a fifteenth of a second and 6 MB that most processes never need.

    Whoever draws asks here, and none imports it.
    """
    import pygal  # noqa: TID251 - here alone

    # It hooks itself into every import of the process, for plug-ins that we do not use: taken out again.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def _round_up(number: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 … that is not smaller."""
    size = 1
    while True:
        for each in (1, 2, 5):
            if each * size >= number:
                return each * size
        size *= 10


def _ours(root: Any, series: Sequence[Series], label: str) -> Any:
    """The drawing without style, script and what only they use, named for a screen reader."""
    for parent in list(root.iter()):
        for child in list(parent):
            # A comment has no name but a function.
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else "defs"
            if name in DROPPED or EMPTY_HERE & set(child.get("class", "").split()):
                parent.remove(child)
    for number, each in enumerate(series):
        for group in root.iter():
            if f"serie-{number}" in group.get("class", "").split():
                group.set("class", f"plot-{each.tone}")
    root.attrib.pop("id", None)
    root.set("role", "img")
    root.set("aria-label", label)
    root.set("lang", "zh-Hans" if (get_language() or "").startswith("zh") else "en")
    return root
