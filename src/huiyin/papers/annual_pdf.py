"""The annual report as PDF/A and PDF/UA, and its plots as pictures."""

from __future__ import annotations

from typing import Any

from huiyin.papers import press
from huiyin.papers.annual import Report
from huiyin.papers.blocks import Block, Heading, Para, Plot
from huiyin.papers.press import Printed
from huiyin.papers.sheet import COLON

FORM, PICTURE, BARS = "annual.typ", "plot.typ", "bars.typ"


def pdf(report: Report) -> Printed:
    """Set it. Raises fonts.NoChineseFont and press.Unprintable."""
    data = {
        "lang": _tongue(report),
        "title": report.title,
        "organ": report.organ,
        "date": [report.made_on.year, report.made_on.month, report.made_on.day],
        "facts": [list(fact) for fact in report.facts],
        "stamp": report.stamp,
        "colon": COLON.say(report.language),
        "words": {"contents": report.words["contents"]},
        "blocks": [_block(each) for each in report.blocks],
    }
    return press.press(FORM, data, parts=(BARS,))


def picture(report: Report, plot: Plot) -> bytes:
    """A plot as PNG. Raises as `pdf` does."""
    return press.picture(PICTURE, _plot(plot) | {"lang": _tongue(report)}, parts=(BARS,))


def _tongue(report: Report) -> str:
    return "zh" if report.language.startswith("zh") else "en"


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Para):
        return {"kind": "para", "text": block.text, "note": block.note}
    if isinstance(block, Plot):
        return {"kind": "plot", **_plot(block)}
    columns = range(len(block.heads))
    return {
        "kind": "table",
        "caption": block.caption,
        "heads": list(block.heads),
        "rows": [list(row) for row in block.rows],
        "widths": list(block.widths or (1 for _ in columns)),
        "numbers": [n in block.numbers for n in columns],
    }


def _plot(plot: Plot) -> dict[str, Any]:
    bars = [
        {"name": bar.name, "value": bar.value, "low": bar.low, "high": bar.high, "said": f"{bar.value:.0f}%"}
        for bar in plot.bars
    ]
    return {"title": plot.title, "alt": plot.alt, "bars": bars}
