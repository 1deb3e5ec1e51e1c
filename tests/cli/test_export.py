"""`huiyin export`: open formats, nothing under seal, names masked, and `huiyin load` takes it in again."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from huiyin.papers import open_formats
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Petition
from tests import prepared
from tests.api import server
from tests.cast import Walk, lodge, said
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


def test_what_steps_and_documents_say_is_masked_and_of_files_only_the_digest_leaves(
    cast: Any, tmp_path: Path
) -> None:
    scan = Upload("王小明的身份证.txt", "王小明 13912345678".encode())
    walk = Walk(lodge(text=NAMED, uploads=[scan])).to("accepted")
    walk("add-information", "author", information="我叫王小明，电话13912345678，又坏了一盏")
    walk.to("opinion-served")
    done = open_formats.write(tmp_path)
    (file,) = read(tmp_path, "files.jsonl")
    assert (file["petition"], file["seq"]) == (walk.ref, 1)
    assert file["sha256"] == walk.petition.attachments.get().digest
    added = next(s for s in read(tmp_path, "steps.jsonl") if s["event"] == "information-added")
    assert "又坏了一盏" in added["said"]["information"]
    documents = read(tmp_path, "documents.jsonl")
    assert len(documents) == done.documents > 1
    assert {document["petition"] for document in documents} == {walk.ref}
    everything = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    for secret in ("王小明", "13912345678", "张三", "身份证.txt", walk.key):
        assert secret not in everything


def test_a_document_leaves_once_it_is_served(cast: Any, tmp_path: Path) -> None:
    walk = Walk(lodge()).to("opinion-issued")
    open_formats.write(tmp_path)
    issued = {e.seq for e in walk.petition.entries.filter(event="opinion-issued")}
    assert issued
    assert not issued & {document["seq"] for document in read(tmp_path, "documents.jsonl")}
    said = [s["said"] for s in read(tmp_path, "steps.jsonl") if s["seq"] in issued]
    assert said == [{}]


def test_what_was_said_in_a_mediation_stays(cast: Any, tmp_path: Path) -> None:
    """A law keeps it apart from the file."""
    walk = Walk(lodge()).to("accepted")
    walk("offer-mediation", "otto", **said("offer-mediation", walk.today))
    walk("agree-mediation", "author")
    walk("record-mediation", "otto", mediation_record="金丝雀在矿井里唱歌")
    open_formats.write(tmp_path)
    (step,) = [s for s in read(tmp_path, "steps.jsonl") if s["event"] == "mediation-recorded"]
    assert "mediation_record" not in step["said"]
    assert "金丝雀" not in (tmp_path / "steps.jsonl").read_text(encoding="utf-8")


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


@pytest.mark.engine
def test_an_empty_installation_takes_it_in_and_tells_the_same(cast: Any, tmp_path: Path) -> None:
    """Of another installation, with a database of its own: what went out of this one comes in there."""
    Walk(lodge(text=NAMED)).to("accepted")
    lodge(subject="公交改线", text="能不能恢复12路？")
    open_formats.write(folder := made(tmp_path / "out"))
    with server.own_database(os.environ.get("HUIYIN_DATABASE_URL", ""), tables=True) as url:
        prepared.fill(there := tmp_path / "there")
        environment = server.environment(there, url, zone="all")
        shell(environment, "setup")
        told = shell(environment, "load", folder / "petitions.csv", "--replay", "--json")
        assert json.loads(told)["filed"] == 2
        shell(environment, "export", tmp_path / "again")
    same = ("subject", "text", "lodged_at")
    before, after = (
        [[row[n] for n in same] for row in petitions(each)] for each in (folder, tmp_path / "again")
    )
    assert sorted(before) == sorted(after)


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def shell(environment: dict[str, str], *words: Any) -> str:
    command = [sys.executable, "-m", "huiyin.doors.cli", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_command_writes_to_an_empty_folder_only(cast: Any, run: Run, tmp_path: Path) -> None:
    place = tmp_path / "out"
    assert run("export", place).exit_code == 0
    again = run("export", place)
    assert again.exit_code == 1
    assert "not empty" in again.output or "不是空目录" in again.output
