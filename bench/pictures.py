"""What was measured last, as drawings for docs/performance.md: `python -m bench draw [NAME …]`.

Each is drawn of the newest figures of its name under bench/results; the table beside it says the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from bench import report
from huiyin.site import charts

INTO = Path(__file__).resolve().parents[1] / "docs" / "plots"
STYLE = {
    **dict.fromkeys(("background", "plot_background"), "#ffffff"),
    "foreground": "#333333",
    "foreground_strong": "#111111",
    "foreground_subtle": "#777777",
    "opacity": ".35",
    "colors": ("#1f6f5c", "#b4451f", "#3b5b92", "#8a6d1f", "#6b3f87", "#555555", "#2f8f9d", "#a33b63"),
    "font_family": "sans-serif",
    **dict.fromkeys(("label_font_size", "major_label_font_size"), 13),
    "legend_font_size": 14,
    "title_font_size": 15,
}
Numbers = Mapping[str, Sequence[float | None]]


def main(words: Sequence[str]) -> int:
    """Draw these, or all of which there are figures."""
    if unknown := set(words) - set(DRAWN):
        print(f"not drawn: {', '.join(sorted(unknown))}; there are {', '.join(DRAWN)}", file=sys.stderr)
        return 2
    INTO.mkdir(exist_ok=True)
    for name in words or DRAWN:
        if kept := _newest(name):
            print(INTO / f"{name}.svg", "of", kept.name)
            (INTO / f"{name}.svg").write_bytes(DRAWN[name](json.loads(kept.read_text(encoding="utf-8"))))
        elif words:
            print(f"no figures of {name}: python -m bench says how to measure", file=sys.stderr)
            return 1
    return 0


def _newest(name: str) -> Path | None:
    return max(report.RESULTS.glob(f"{name}-*.json"), default=None)


def style(pygal: Any, **more: Any) -> Any:
    """How every drawing of the bench looks."""
    return pygal.style.Style(**STYLE | {"opacity": ".9"} | more)


def bars(
    title: str, unit: str, names: Sequence[str], numbers: Numbers, *, logarithmic: bool = False
) -> bytes:
    """Groups of columns: one group for each name, one colour for each entry of `numbers`."""
    pygal = charts.library()
    tens = _tens([value for values in numbers.values() for value in values if value])
    chart = pygal.Bar(
        width=900, height=420, style=style(pygal), js=[], title=title, y_title=unit, legend_at_bottom=True,
        logarithmic=logarithmic, print_values=True, value_formatter=_short, rounded_bars=2,
        **{"y_labels": tens, "range": (tens[0], tens[-1]), "zero": tens[0]} if logarithmic else {},
    )  # fmt: skip
    return _drawn(chart, names, numbers)


def _tens(values: Sequence[float]) -> list[float]:
    """The powers of ten from below the least of these to above the greatest."""
    return [10.0**n for n in range(floor(log10(min(values))), ceil(log10(max(values))) + 1)]


def _stacked(title: str, unit: str, names: Sequence[str], numbers: Numbers) -> bytes:
    pygal = charts.library()
    chart = pygal.HorizontalStackedBar(
        width=900, height=300, style=style(pygal), js=[], title=title, x_title=unit, legend_at_bottom=True,
        print_values=True, value_formatter=_short, legend_at_bottom_columns=4,
    )  # fmt: skip
    return _drawn(chart, names, numbers)


def _drawn(chart: Any, names: Sequence[str], numbers: Numbers) -> bytes:
    chart.x_labels = list(names)
    for name, values in numbers.items():
        chart.add(name, list(values))
    made: bytes = chart.render()
    return made


def _short(number: float | None) -> str:
    return "" if number is None else f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


# ---- one for each subject


def _filing(made: dict[str, Any]) -> bytes:
    turns = [(one["what"], n, turn) for one in made["filing"] for n, turn in enumerate(one["turns"], 1)]
    return bars(
        "Filings a second, round by round", "a second", [f"{what} {n}" for what, n, _ in turns],
        {"the floor": [t["floor"] for *_, t in turns], "Huiyin": [t["ours"] for *_, t in turns]},
    )  # fmt: skip


def _peer(made: dict[str, Any]) -> bytes:
    work = made["work"]
    return bars(
        "The same work, turn and turn about", "a second", [one["what"] for one in work],
        {"Huiyin": [one["ours"]["per_second"] for one in work],
         "the peer": [one["peer"]["per_second"] for one in work]},
        logarithmic=True,
    )  # fmt: skip


def _sweep(made: dict[str, Any]) -> bytes:
    each = made["sweep"]
    return bars(
        f"What is due, among {each[0]['clocks']:,} terms", "ms, half of the rounds are faster",
        [f"{one['found']:,} {one['what']}" for one in each],
        {"the walk": [report.median(o["walk"]) for o in each],
         "the bare query": [report.median(o["bare"]) for o in each]},
    )  # fmt: skip


def _footprint(made: dict[str, Any]) -> bytes:
    times = ("at rest", "at work")
    names = dict.fromkeys(name for time in times for name in made[time])
    return _stacked(
        "Memory of each process",
        "MB",
        times,
        {name: [made[time].get(name) for time in times] for name in names},
    )


def _growth(made: dict[str, Any]) -> bytes:
    from bench import growth

    return growth.drawn(made)


def _board(made: dict[str, Any]) -> bytes:
    from bench import board

    return board.drawn(made)


DRAWN: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "filing": _filing,
    "growth": _growth,
    "board": _board,
    "sweep": _sweep,
    "peer": _peer,
    "footprint": _footprint,
}
