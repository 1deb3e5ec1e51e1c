"""The published figures equal an independent computation, from the log and from the messages themselves.

`bench/figures.py` shares no line with what it checks. Here it runs on made-up messages; that it finds a
difference is tried with planted ones.
"""

from __future__ import annotations

import ast
import csv
from base64 import b64encode
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bench import figures

HEADS = ("id", "subject", "lodged_at", "text", "reply", "replied_at")
CHECKED = {"measures", "figures", "cohorts", "counts", "intervals", "tiles", "merkle", "clock", "calendar"}


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    """Made up: months with many and with few, answers in time, late by all kinds, and none."""
    chance, rows = Random(7), []
    for month, many in ((1, 26), (2, 21), (3, 9), (4, 12), (5, 24)):
        for n in range(many):
            lodged = date(2019, month, chance.randint(1, 28))
            took = chance.choice([0, 3, 20, 58, 60, 61, 64, 66, 70, 95, 160, 300, None, None])
            replied = lodged + timedelta(days=took) if took is not None else None
            at = f"{replied:%Y/%m/%d} 15:30:00" if replied else ""
            said = "已修好。" if replied else ""
            rows.append((f"{month}-{n}", "路灯", f"{lodged:%Y/%m/%d} 10:00:00", "路灯不亮，请修。", said, at))
    path = tmp_path / "answered.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    return path


@pytest.mark.timeout(300)
def test_every_number_on_the_pages_is_the_same_reckoned_again(
    messages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert figures.main(["--messages", str(messages)]) == 0
    told = capsys.readouterr().out
    assert "0 differ" in told
    compared = int(told.rsplit(" numbers compared", 1)[0].rsplit(maxsplit=1)[-1])
    assert compared > 150, "fewer numbers than the pages have"


def test_a_number_that_differs_is_found() -> None:
    counted = Counter({"met": 18, "late-7": 2, "overdue": 1})
    key = ("January 2019", "Handling body", "Handling")
    shown = {key: figures.as_row(counted)}
    assert figures.compared(shown, {"log": {key: counted}}).differs == []
    shown[key] |= {"in time": "19 (90%)"}
    (found,) = figures.compared(shown, {"log": {key: counted}}).differs
    assert found[2:] == ("19 (90%)", "18 (86%)")
    assert len(figures.compared({}, {"log": {key: counted}}).differs) == 8
    assert figures.printed(figures.compared({}, {"log": {key: counted}}), {}, leaves=0, years=()) == 1


def test_leaves_that_are_not_those_of_the_root_are_not_believed(tmp_path: Path) -> None:
    leaves = [b"one", b"two", b"three"]
    bundle = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)
    (tmp_path / "tile/entries/000.p").mkdir(parents=True)
    (tmp_path / "tile/entries/000.p/3").write_bytes(bundle)
    root = b64encode(figures.tree(leaves)).decode()
    (tmp_path / "checkpoint").write_text(f"here\n3\n{root}\n\n")
    assert figures.leaves_of(tmp_path) == leaves
    (tmp_path / "tile/entries/000.p/3").write_bytes(bundle.replace(b"two", b"too"))
    with pytest.raises(figures.Wrong):
        figures.leaves_of(tmp_path)


@pytest.mark.parametrize(
    ("number", "path"), [(0, "000"), (67, "067"), (1234, "x001/234"), (1234067, "x001/x234/067")]
)
def test_a_bundle_is_found_by_its_number(number: int, path: str) -> None:
    assert figures.in_threes(number) == path


def test_it_shares_no_line_with_what_it_checks() -> None:
    source = Path(figures.__file__).read_text("utf-8")
    imported = [
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    assert not [name for name in imported if name.startswith("huiyin")], imported
    assert not CHECKED & {name.rpartition(".")[2] for name in imported}


def test_without_messages_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(figures.MESSAGES, raising=False)
    arguments: list[Any] = []
    assert figures.main(arguments) == 2
    assert figures.MESSAGES in capsys.readouterr().err
