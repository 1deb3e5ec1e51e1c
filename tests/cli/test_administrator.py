"""`huiyin administrator` opens the first account of an empty installation, once."""

import os
import subprocess
import sys
from pathlib import Path

from tests import prepared

WORDS = ("administrator", "ada", "--body", "shi", "--named", "某市人民政府", "--above", "某省人民政府")


def huiyin(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HUIYIN_", "DJANGO_", "LC_", "LANG"))}
    environment = {**kept, "LANG": "C.UTF-8", "HUIYIN_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "huiyin.doors.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_it_prints_a_password_once_and_is_refused_from_then_on(tmp_path: Path):
    prepared.fill(tmp_path)
    first = huiyin(tmp_path, *WORDS)
    assert (first.returncode, "sign-in name: ada" in first.stdout) == (0, True), first.stderr
    again = huiyin(tmp_path, *WORDS)
    assert (again.returncode, again.stdout) == (3, "")
    assert "at the desk" in again.stderr


def test_a_name_that_cannot_be_kept_is_refused_before_anything_is_made(tmp_path: Path):
    done = huiyin(tmp_path / "new", "administrator", "a b", *WORDS[2:])
    assert done.returncode == 2
    assert not (tmp_path / "new" / "huiyin.sqlite3").exists()


def test_a_second_factor_that_was_lost_is_taken_away_from_the_shell(tmp_path: Path):
    prepared.fill(tmp_path)
    huiyin(tmp_path, *WORDS)
    done = huiyin(tmp_path, "second-factor", "ada")
    assert (done.returncode, "taken away" in done.stdout) == (0, True), done.stderr
    unknown = huiyin(tmp_path, "second-factor", "nobody")
    assert (unknown.returncode, "no account nobody" in unknown.stderr) == (3, True)
