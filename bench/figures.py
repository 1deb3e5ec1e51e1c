"""The published figures, reckoned a second time: `python -m bench figures [--messages FOLDER]`.

Messages with the dates of their answers (CSV: id, lodged_at, text, reply, replied_at) are replayed into a
fresh installation, the clerk keeps its log, and the public pages are fetched. Then every number on them is
reckoned again, twice, by plain code that shares no line with `huiyin.core.measures`, `figures`, `cohorts` or
`tiles`: from the leaves of the public log under its root, and from the dates of the messages themselves. What
differs is printed, and the exit status is 1.

Nothing of the messages is kept: the installation lies in a temporary folder, and only numbers are printed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from base64 import b64decode, b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from tests.api import server

MESSAGES, FILE = "HUIYIN_MESSAGES", "answered.csv"
HOLIDAYS = server.HOUSE / "src/huiyin/rulebooks/calendars/cn.json"
ZONE = "Asia/Shanghai"
ROUNDS = 12  # looks of the clerk at most until nothing is left to do
LEAST = 20  # of a cohort
HANDLING_DAYS = 60
LATE = ((7, "late-7"), (30, "late-30"), (90, "late-90"), (10**6, "late-more"))
SAID = {
    "late-7": "≤ 7 days",
    "late-30": "8–30 days",
    "late-90": "31–90 days",
    "late-more": "> 90 days",
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
BODY = {"sort": "Receiving office", "notice": "Handling body", "handling": "Handling body"}
TERMS = {"sort": "Register and send on", "notice": "Written notice", "handling": "Handling"}
CODES = {"Receiving office": "import-office", "Handling body": "import-organ"}

Key = tuple[str, str, str]  # period, group, term: as the page says them
Sums = dict[Key, Counter[str]]


# ---- from the messages: what each term came to


def days_off() -> tuple[set[date], set[date]]:
    """Days off beside weekends, and weekend days that are worked, as they were announced."""
    years = json.loads(HOLIDAYS.read_text("utf-8"))["years"]
    off = {date.fromisoformat(day) for year in years for day in year["off"]}
    work = {date.fromisoformat(day) for year in years for day in year["work"]}
    return off, work


def day_of(text: str) -> date | None:
    """The day of a time as these files write it, or nothing."""
    found = re.match(r"\s*(\d{4})\D(\d{1,2})\D(\d{1,2})", text or "")
    return date(*map(int, found.groups())) if found else None


def from_messages(path: Path, taken: set[str], today: date) -> Sums:
    """How each term stands, by the month in which it began: registered and taken up on the day of lodging."""
    off, work = days_off()

    def ends(day: date) -> date:
        due = day + timedelta(days=HANDLING_DAYS)
        while due in off or (due.weekday() > 4 and due not in work):
            due += timedelta(days=1)
        return due

    months: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            lodged = day_of(row["lodged_at"])
            if lodged is None or row["id"] not in taken:
                continue
            month = f"{lodged:%Y-%m}"
            months[month, "sort"]["met"] += 1
            months[month, "notice"]["met"] += 1
            answered = day_of(row["replied_at"]) if row["reply"].strip() else None
            months[month, "handling"][stands(ends(lodged), answered, today)] += 1
    return in_cohorts(months, today)


def stands(due: date, answered: date | None, today: date) -> str:
    if answered is None:
        return "overdue" if today > due else "open"
    late = (answered - due).days
    return "met" if late <= 0 else next(name for most, name in LATE if late <= most)


def in_cohorts(months: Mapping[tuple[str, str], Counter[str]], today: date) -> Sums:
    """The finest group that is large enough. Each term has one body here: body, level and all are alike."""
    made: Sums = {}
    rest: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (month, term), counted in months.items():
        if month == f"{today:%Y-%m}":
            continue  # not over
        if counted.total() >= LEAST:
            made[said_period(month), BODY[term], TERMS[term]] = counted
        else:
            rest[month[:4], term] += counted
    for (year, term), counted in rest.items():
        if counted.total() >= LEAST:
            made[year, "all bodies", TERMS[term]] = counted
    return made


def said_period(period: str) -> str:
    year, _, month = period.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if month else year


# ---- from the public log: its leaves, under its root


class Wrong(Exception):
    """The log is not what its head says."""


def leaves_of(folder: Path) -> list[bytes]:
    """All leaves in their order, from bundles of at most 256 (C2SP tlog-tiles), believed under the root."""
    _origin, size, root = (folder / "checkpoint").read_text("utf-8").split("\n")[:3]
    found: list[bytes] = []
    for number in range(math.ceil(int(size) / 256)):
        whole = folder / "tile/entries" / in_threes(number)
        parts = sorted(whole.with_name(whole.name + ".p").glob("*"), key=lambda each: int(each.name))
        found += bundled((whole if whole.exists() else parts[-1]).read_bytes())
    found = found[: int(size)]
    if tree(found) != b64decode(root):
        raise Wrong("the leaves do not come to the root of the checkpoint")
    return found


def in_threes(number: int) -> str:
    """1234067 -> x001/x234/067."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join([*(f"x{each}" for each in parts[:-1]), parts[-1]])


def bundled(data: bytes) -> Iterator[bytes]:
    while data:
        length = int.from_bytes(data[:2], "big")
        yield data[2 : 2 + length]
        data = data[2 + length :]


def tree(leaves: Sequence[bytes]) -> bytes:
    """The root of a Merkle tree as RFC 6962 (2.1) has it."""
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        twos = zip(level[::2], level[1::2], strict=False)
        pairs = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in twos]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


@dataclass
class Counted:
    """What the leaves of a log add up to. moved: terms that went from body to body."""

    sums: dict[tuple[str, str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    moved: int = 0


def from_log(leaves: Iterable[bytes]) -> Counted:
    made = Counted()
    for leaf in leaves:
        lines = leaf.decode("ascii", "replace").split("\n")
        if not lines[0].startswith("huiyin-count/"):
            continue
        told = dict(line.split(" ", 1) for line in lines[1:] if line)
        verb, *standings = told["adds"].split(" ")
        counted = made.sums[told["period"], told["bodies"], told["clock"]]
        if verb in {"became", "moved-out"}:
            counted[standings[0]] -= 1
        if verb != "moved-out":
            counted[standings[-1]] += 1
        made.moved += verb.startswith("moved")
    return made


def said(counted: Counted) -> Sums:
    """The same, named as the page names it."""
    names = {f"body {code}": name for name, code in CODES.items()} | {"all": "all bodies"}
    return {
        (said_period(period), names.get(bodies, bodies), TERMS.get(clock, clock)): counts
        for (period, bodies, clock), counts in counted.sums.items()
    }


# ---- from the pages, as anybody sees them


class Tables(HTMLParser):
    """The rows of all tables, each cell as its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, name: str, _attrs: list[tuple[str, str | None]]) -> None:
        if name == "tr":
            self.rows.append([])
        if name in {"td", "th"}:
            self._cell = []
        if name == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, name: str) -> None:
        if name in {"td", "th"} and self._cell is not None and self.rows:
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def from_page(html: str) -> dict[Key, dict[str, str]]:
    """Each row of the figures page by its name: what its cells say."""
    made = {}
    for cells in Tables(html).rows:
        named = tuple(part.strip() for part in cells[0].split(" · ")) if cells else ()
        if len(named) == 3 and len(cells) >= 9:
            made[named[0], named[1], named[2]] = {
                "began": str(number(cells[1])),
                "answered": str(number(cells[2])),
                "in time": cells[3],
                "late": cells[4],
                "overdue": str(number(cells[5])),
                "running": str(number(cells[6])),
                "extended": str(number(cells[7])),
                "lapsed": str(number(cells[8])),
            }
    return made


def as_row(counted: Counter[str]) -> dict[str, str]:
    """What the page has to say of a cohort that counts so."""
    met, overdue = counted["met"], counted["overdue"]
    late = sum(counted[name] for _, name in LATE)
    over = met + late + overdue
    by_how_much = [f"{SAID[name]}: {counted[name]}" for _, name in LATE if counted[name]]
    share = f"{met} ({100 * met / over:.0f}%)" if over else f"{met} (–)"
    return {
        "began": str(counted.total()),
        "answered": str(met + late),
        "in time": share,
        "late": " ".join([str(late), *by_how_much]),
        "overdue": str(overdue),
        "running": str(counted["open"]),
        "extended": str(counted["extended"]),
        "lapsed": str(counted["lapsed"]),
    }


def measured(sums: Iterable[tuple[Key, Counter[str]]], year: str) -> dict[str, tuple[str, str]]:
    """For the page of measures: the share in time of each term, its 95 % interval, and of how many."""
    made: dict[str, Counter[str]] = defaultdict(Counter)
    for (period, _, term), counted in sums:
        if period.endswith(year):
            made[term] += counted
    return {term: wilson(counted) for term, counted in made.items()}


def wilson(counted: Counter[str]) -> tuple[str, str]:
    met = counted["met"]
    n = met + counted["overdue"] + sum(counted[name] for _, name in LATE)
    if n < 5:
        return "", "–"
    z, p = 1.959964, met / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (max(middle - half, 0) / (1 + z * z / n), min((middle + half) / (1 + z * z / n), 1))
    return f"{100 * p:.0f}% ({100 * low:.0f}–{100 * high:.0f}%)", str(n)


def measures_page(html: str) -> dict[str, tuple[str, str]]:
    made = {}
    for cells in Tables(html).rows:
        if len(cells) == 3 and (found := re.match(r"\d+\. In time: (.*?) the higher the better", cells[0])):
            made[found.group(1)] = (cells[1], cells[2])
    return made


# ---- the installation


def installed(folder: Path, messages: Path) -> tuple[set[str], str]:
    """Replay the messages, let the clerk keep house; answer the ids that went in, and what was printed."""
    words = [sys.executable, "-m", "huiyin.doors.cli"]
    env = server.environment(folder, zone="all")
    rows = folder / "rows.csv"
    load = [*words, "load", str(messages), "--replay", "--json", "--rows", str(rows)]
    done = subprocess.run(load, env=env, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise RuntimeError(done.stderr[-2000:])
    for _ in range(ROUNDS):
        seen = (folder / "log/checkpoint").read_bytes() if (folder / "log/checkpoint").exists() else b""
        subprocess.run([*words, "clerk", "--once"], env=env, cwd=folder, check=True, capture_output=True)
        if seen == (folder / "log/checkpoint").read_bytes():
            break
    with rows.open(encoding="utf-8", newline="") as file:
        taken = {row["id"] for row in csv.DictReader(file)}
    return taken, done.stdout.strip()


def page(port: int, path: str) -> str:
    asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": "huiyin_language=en"})
    with urlopen(asked, timeout=60) as answer:
        read: bytes = answer.read()
    return read.decode()


# ---- compared


@dataclass
class Table:
    """What was compared, and each number that differs: where, by which way, page, reckoned."""

    numbers: int = 0
    differs: list[tuple[str, str, str, str]] = field(default_factory=list)

    def compare(self, way: str, where: str, shown: Mapping[str, str], reckoned: Mapping[str, str]) -> None:
        for name in sorted(shown.keys() | reckoned.keys()):
            self.numbers += 1
            one, other = shown.get(name, "not there"), reckoned.get(name, "not there")
            if one != other:
                self.differs.append((where + f" · {name}", way, one, other))


def compared(shown: Mapping[Key, Mapping[str, str]], ways: Mapping[str, Sums]) -> Table:
    """The page of figures against each way of reckoning it."""
    table = Table()
    for way, sums in ways.items():
        reckoned = {key: as_row(counted) for key, counted in sums.items()}
        for key in sorted(shown.keys() | reckoned.keys()):
            table.compare(way, " · ".join(key), shown.get(key, {}), reckoned.get(key, {}))
    return table


def run(messages: Path, today: date) -> int:
    with tempfile.TemporaryDirectory(prefix="huiyin-figures-") as made:
        folder = Path(made)
        taken, told = installed(folder, messages)
        print(f"replayed: {told}")
        leaves = leaves_of(folder / "log")
        counted = from_log(leaves)
        from_leaves = {key: counts for key, counts in said(counted).items() if counts.total()}
        ways = {"log": from_leaves, "messages": from_messages(messages, taken, today)}
        with server.web(folder, workers=1) as web:
            table = compared(from_page(page(web.port, "/figures/")), ways)
            years = sorted({key[0][-4:] for key in ways["log"]})
            for year in years:
                shown = measures_page(page(web.port, f"/figures/measures/?period={year}"))
                for way, sums in ways.items():
                    compare_measures(table, way, year, shown, measured(sums.items(), year))
        published = json.loads((folder / "log/figures.json").read_text("utf-8"))
        of_files = {"root": published["root"], "size": str(published["size"])}
        of_leaves = {"root": b64encode(tree(leaves)).decode(), "size": str(len(leaves))}
        table.compare("log", "figures.json", of_files, of_leaves)
    return printed(table, ways, leaves=len(leaves), years=years)


Measured = Mapping[str, tuple[str, str]]


def compare_measures(table: Table, way: str, year: str, shown: Measured, reckoned: Measured) -> None:
    """The shares in time of one year, with their intervals."""
    for term in sorted(reckoned):
        names = ("share", "of")
        page_says = dict(zip(names, shown.get(term, ("not there", "not there")), strict=True))
        table.compare(
            way, f"measures {year} · {term}", page_says, dict(zip(names, reckoned[term], strict=True))
        )


def printed(table: Table, ways: Mapping[str, Sums], *, leaves: int, years: Sequence[str]) -> int:
    width = 12
    heads = ("cohorts", "terms", "in time", "late", "overdue")
    print(f"{'reckoned from':<16}" + "".join(f"{each:>{width}}" for each in heads))
    for way, sums in ways.items():
        whole = sum(sums.values(), Counter())
        late = sum(whole[name] for _, name in LATE)
        cells = (len(sums), whole.total(), whole["met"], late, whole["overdue"])
        print(f"{way:<16}" + "".join(f"{each:>{width}}" for each in cells))
    print(f"leaves of the log: {leaves}; years on the page of measures: {', '.join(years)}")
    for where, way, shown, reckoned in table.differs:
        print(f"DIFFERS  {where}: the page says {shown!r}, reckoned from the {way} it is {reckoned!r}")
    print(f"{table.numbers} numbers compared, {len(table.differs)} differ")
    return 1 if table.differs or not table.numbers else 0


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench figures", description=__doc__)
    said = f"a folder with {FILE}, or a CSV file; else {MESSAGES}"
    parser.add_argument("--messages", type=Path, default=os.environ.get(MESSAGES), help=said)
    given: Path | str | None = parser.parse_args(words).messages
    if given is None:
        print(f"say where the messages are: --messages FOLDER, or {MESSAGES}", file=sys.stderr)
        return 2
    path = Path(given)
    return run(path / FILE if path.is_dir() else path, datetime.now(ZoneInfo(ZONE)).date())
