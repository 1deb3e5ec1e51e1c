"""`huiyin export`: open formats, nothing under seal, names masked, and `huiyin load` takes it in again."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

from huiyin.registry import open_formats
from huiyin.registry.models import Petition
from tests.cast import Walk, lodge
from tests.cli.conftest import Run

NAMED = "我叫王小明，电话13912345678。路灯坏了。"


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def petitions(folder: Path) -> list[dict[str, str]]:
    with (folder / "petitions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_of_it_is_there_with_names_masked_and_seals_closed(cast: Any, tmp_path: Path) -> None:
    walk = Walk(lodge(text=NAMED)).to("accepted")
    done = open_formats.write(tmp_path)
    assert (done.petitions, done.bodies) == (1, 7)
    (row,) = petitions(tmp_path)
    assert (row["id"], row["state"], row["body"]) == (walk.ref, "accepted", "zj")
    everything = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    for secret in ("王小明", "13912345678", "张三", "zhang@example.test", "一号院", walk.key):
        assert secret not in everything
    assert [step["event"] for step in read(tmp_path, "steps.jsonl")][:2] == ["lodged", "registered"]
    assert {clock["name"] for clock in read(tmp_path, "clocks.jsonl")} >= {"sort", "handling"}


def test_no_report_leaves_a_trace(cast: Any, tmp_path: Path) -> None:
    report = lodge(kind="report", against=("zj",), text="某某收钱")
    assert open_formats.write(tmp_path).petitions == 0
    everything = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert report.ref not in everything
    assert "收钱" not in everything


def test_each_file_is_its_owners_alone_and_has_its_digest(cast: Any, tmp_path: Path) -> None:
    open_formats.write(tmp_path)
    for line in (tmp_path / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
        assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_a_spreadsheet_runs_nothing_of_it(cast: Any, tmp_path: Path) -> None:
    lodge(subject="=cmd|' /C calc'!A0", text="+1+1 路灯坏了")
    open_formats.write(tmp_path)
    (row,) = petitions(tmp_path)
    assert row["subject"].startswith("'=")
    assert row["text"].startswith("'+")


def test_the_list_is_taken_in_again(cast: Any, run: Run, tmp_path: Path) -> None:
    lodge()
    open_formats.write(tmp_path)
    done = run("load", tmp_path / "petitions.csv", "--body", "xf", "--source", "old house", "--json")
    assert json.loads(done.stdout)["filed"] == 1, done.output
    assert Petition.objects.get(source="old house").subject == "路灯坏了"


def test_the_command_writes_to_an_empty_folder_only(cast: Any, run: Run, tmp_path: Path) -> None:
    place = tmp_path / "out"
    assert run("export", place).exit_code == 0
    again = run("export", place)
    assert again.exit_code == 1
    assert "not empty" in again.output or "不是空目录" in again.output
