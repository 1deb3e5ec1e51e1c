"""The one file for sceptics says what `huiyin verify` says, and shares nothing with it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from huiyin.core import checkpoint, tiles
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.tiles import ENTRIES, Tile
from tests.verifying.conftest import Verify
from tests.verifying.made_log import JANUARY, LOG, START, TIME, WITHIN, MadeLog, count, entry

FILE = Path(__file__).parents[2] / "src/huiyin/doors/public/verify_log.py"


def alone(*words: object) -> tuple[int, list[str]]:
    """Run it as a sceptic does, far from our package."""
    done = subprocess.run(
        [sys.executable, "-I", str(FILE), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        timeout=120,
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()


def test_it_comes_to_the_same_figures(verify: Verify, made: MadeLog, folder: Path):
    made.write(folder)
    code, said = alone(folder, LOG.key, "--json")
    ours = verify(folder)
    assert (code, ours.code) == (0, 0)
    assert (
        json.loads(said[-2])
        == ours.told["figures"]
        == json.loads((folder / "figures.json").read_text())["cohorts"]
    )
    assert said[1] == f"root {ours.told['log']['root']}"
    assert said[-1] == "It holds; the published figures are those of the log."


def test_it_prints_who_answered_in_time(made: MadeLog, folder: Path):
    _, said = alone(made.write(folder), LOG.key)
    line = next(line for line in said if line.startswith("2026-01  body zj"))
    assert line.split() == ["2026-01", "body", "zj", "handling", "20", "19", "17", "2", "1"]


def change(made: MadeLog, folder: Path) -> None:
    made.write(folder)
    path = folder / Tile(ENTRIES, 0).path
    leaves = tiles.unpack_entries(Tile(ENTRIES, 0), path.read_bytes())
    leaves[9] = entry(START, "something else")
    path.write_bytes(tiles.pack_entries(leaves))


def figures(made: MadeLog, folder: Path) -> None:
    made.write(folder)
    path = folder / "figures.json"
    path.write_text(path.read_text().replace('"met": 17', '"met": 18'))


def late(made: MadeLog, folder: Path) -> None:
    made.add([entry(made.now - timedelta(seconds=WITHIN + 61))])
    made.write(folder)


def form(made: MadeLog, folder: Path) -> None:
    made.add([b"something else\n"])
    made.write(folder)


def balance(made: MadeLog, folder: Path) -> None:
    sums = made.figures()
    made.add([count(JANUARY, "moved-out", "lapsed")])
    made.write(folder, figures=sums)


def small(made: MadeLog, folder: Path) -> None:
    made.smallest = 50
    made.write(folder)


def head(made: MadeLog, folder: Path) -> None:
    at, size, _ = made.heads[3]
    other = checkpoint.sign(Checkpoint(LOG.name, size, bytes(32)), (LOG, TIME), int(at.timestamp()))
    made.heads[3] = (at, size, other)
    made.write(folder)


def gone(made: MadeLog, folder: Path) -> None:
    made.write(folder)
    (folder / Tile(ENTRIES, 1).path).unlink()


@pytest.mark.parametrize("attack", [change, figures, late, form, balance, small, head, gone])
def test_it_finds_what_ours_finds(attack, verify: Verify, made: MadeLog, folder: Path):
    attack(made, folder)
    code, said = alone(folder, LOG.key)
    assert (code, verify(folder).code) == (1, 1)
    assert said[-1] == "It does not hold."
    assert any(line.startswith("WRONG  ") for line in said)


def test_another_key_proves_nothing(made: MadeLog, folder: Path):
    other = str(LOG.key).replace("petitions", "petition")
    assert alone(made.write(folder), other)[0] == 1


def test_it_needs_the_standard_library_and_one_package():
    tree = ast.parse(FILE.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
    assert names - set(sys.stdlib_module_names) == {"cryptography"}
    assert len(FILE.read_text(encoding="utf-8").splitlines()) < 350, "to be read in ten minutes"
