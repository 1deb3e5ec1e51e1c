"""The course of a trial as a drawing: receipts in each second, and requests that were told to come again."""

from __future__ import annotations

import json
from pathlib import Path

from bench import pictures
from huiyin.site import charts

HOUSE = Path(__file__).resolve().parents[2]
INTO = HOUSE / "docs" / "failover.svg"


def drawn(kept: Path) -> Path:
    """Draw what a trial kept as JSON; answer where."""
    made = json.loads(kept.read_text(encoding="utf-8"))
    harms = {int(each["began"]): each["name"] for each in made["harms"]}
    seconds = [second for second, _, _ in made["each_second"]]
    pygal = charts.library()
    chart = pygal.Line(
        width=1000, height=420, style=pictures.style(pygal, opacity=".35"), js=[], fill=True,
        show_dots=False, legend_at_bottom=True,
        x_label_rotation=20, show_minor_x_labels=False, stroke_style={"width": 1.5}, no_prefix=True,
        title="Receipts in each second, while machines die",
    )  # fmt: skip
    chart.x_labels = [harms.get(second, str(second)) for second in seconds]
    chart.x_labels_major = list(harms.values())
    chart.add("receipts handed out", [done for _, done, _ in made["each_second"]])
    chart.add("told to come again (503), or line broken", [away for _, _, away in made["each_second"]])
    INTO.write_bytes(chart.render())
    return INTO
