"""The figures as they are published beside a log, and whether they are what its counts come to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.core import cohorts, notes
from huiyin.core.cohorts import Figures
from huiyin.core.findings import Findings
from huiyin.core.heads import Fetch, Missing

FORMAT = "huiyin-figures/1"
JSON, CSV = "figures.json", "figures.csv"


@dataclass(frozen=True, slots=True)
class Published:
    """Figures as they were read, nothing believed. size, root: of the head that they are said to be of."""

    origin: str
    size: int
    root: bytes
    smallest: int
    rows: list[dict[str, Any]]
    csv: str


def read(fetch: Fetch, findings: Findings) -> Published | None:
    """None where they are missing or not written as figures are, which is a finding."""
    try:
        told, csv = json.loads(fetch(JSON)), fetch(CSV).decode()
        rows = Figures.from_json(told["cohorts"]).as_json()
        if told["format"] != FORMAT or told["cohorts"] != rows:
            raise ValueError("its format is another, or its rows are not in order")
        root = notes.unbase64(told["root"])
        return Published(str(told["origin"]), int(told["size"]), root, int(told["cohort"]), rows, csv)
    except Missing as error:
        findings.add("missing", str(error.args[0]), path=error.args[0])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        findings.add("bad-figures", JSON, error=error)
    return None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a log comes to at that size. smallest: the k of its certificate; None where there is none."""

    origin: str
    root: bytes
    smallest: int | None
    figures: Figures


def compare(published: Published, reckoned: Reckoned, findings: Findings) -> None:
    """Note each cohort that is published otherwise than it is reckoned."""
    fits = {
        "origin": published.origin == reckoned.origin,
        "root": published.root == reckoned.root,
        "cohort": reckoned.smallest in {None, published.smallest},
    }
    for what in (name for name, holds in fits.items() if not holds):
        findings.add("figures-of", JSON, what=what)
    if published.csv != cohorts.as_csv(published.rows):
        findings.add("figures-csv", CSV)
    said = {_key(row): row for row in published.rows}
    come = {_key(row): row for row in reckoned.figures.as_json()}
    for key in sorted(said.keys() | come.keys()):
        if said.get(key) != come.get(key):
            where = f"{JSON}: {' '.join(key)}"
            findings.add("figures", where, said=_short(said.get(key)), comes=_short(come.get(key)))


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["period"], row["bodies"], row["clock"]


def _short(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "0"
    sums = {name: row[name] for name in ("began", "moved_in", "moved_out")}
    return " ".join(f"{name} {n}" for name, n in {**sums, **row["standings"]}.items())
