"""`huiyin learn` and `huiyin propose`: topics out of a file, and for a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from huiyin.doors.cli import house
from huiyin.doors.cli.commands import huiyin
from huiyin.reading.topic_model import read
from huiyin.registry import deciding
from huiyin.registry.models import Body, Competence
from tests.cast import Walk, lodge
from tests.reading.made_up import messages


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(huiyin, [str(word) for word in words])


def listed(
    path: Path, rows: Sequence[tuple[str, ...]], heading: tuple[str, ...] = ("subject", "text", "topic")
) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("learnt")
    target: Path = folder / "topics.npz"
    done = run("learn", listed(folder / "decided.csv", list(messages(1))), "--to", target)
    assert done.exit_code == 0, done.output
    return target


def test_learns_and_proposes_as_json(model, tmp_path):
    asked = listed(tmp_path / "new.csv", [("", "公交车不来"), ("污水", "发黑")], ("subject", "text"))
    done = run("propose", asked, "--model", model, "--json")
    assert done.exit_code == 0, done.output
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["topic"] for each in said] == ["交通运输", "环境保护"]
    assert [each["line"] for each in said] == [2, 3]
    assert all(set(each) == {"line", "topic", "confidence", "abstain", "reasons"} for each in said)
    assert "公交车" in said[0]["reasons"]


def test_proposes_in_words(model, tmp_path):
    asked = listed(tmp_path / "new.csv", [("", "拖欠工资"), ("", "xyz")], ("subject", "text"))
    done = run("propose", asked, "--model", model)
    assert done.stdout.splitlines()[0].startswith("2\t劳动和社会保障\t")
    assert "(unsure)" in done.stdout.splitlines()[1]


def test_the_same_file_twice_gives_the_same_model(model, tmp_path):
    again = tmp_path / "again.npz"
    run("learn", listed(tmp_path / "decided.csv", list(messages(1))), "--to", again)
    assert again.read_bytes() == model.read_bytes()


def test_bad_rows_are_named_by_line_and_the_others_count(tmp_path):
    rows = [*messages(1), ("", "", "环境保护"), ("", "没有主题的一件", "")]
    done = run("learn", listed(tmp_path / "decided.csv", rows), "--to", tmp_path / "m.npz")
    assert done.exit_code == 1
    assert f"line {len(rows)}: there is no text" in done.stderr
    assert f"line {len(rows) + 1}: there is no topic" in done.stderr
    assert (tmp_path / "m.npz").exists()


def test_a_bad_row_gets_no_proposal_and_the_rest_do(model, tmp_path):
    asked = tmp_path / "new.jsonl"
    asked.write_text('{"text": "公交车不来"}\nnot json\n{"text": ""}\n{"text": "污水"}\n', encoding="utf-8")
    done = run("propose", asked, "--model", model, "--json")
    assert done.exit_code == 1
    assert [json.loads(line)["line"] for line in done.stdout.splitlines()] == [1, 4]
    assert "line 2:" in done.stderr
    assert "line 3: there is no text" in done.stderr


def test_a_spreadsheet_is_read_too(model, tmp_path):
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["标题", "内容"])
    sheet.append(["", "公交车不来"])
    book.save(tmp_path / "new.xlsx")
    done = run("propose", tmp_path / "new.xlsx", "--model", model, "--json")
    assert json.loads(done.stdout)["topic"] == "交通运输"


def test_learns_from_what_bodies_here_took_up(cast, monkeypatch, tmp_path):
    rows = [deciding.Decided(*each) for each in messages(1)]
    monkeypatch.setattr(deciding, "decided", lambda: iter(rows))
    monkeypatch.setattr(house, "open_house", lambda: None)
    done = run("learn", "--to", tmp_path / "own.npz")
    assert done.exit_code == 0, done.output
    assert "version " in done.stdout
    about = read(tmp_path / "own.npz").about
    assert (about["source"], about["examples"]) == ("officers", len(rows))


def test_too_few_taken_up_is_said_with_what_to_do(cast, monkeypatch, tmp_path):
    monkeypatch.setattr(house, "open_house", lambda: None)
    Competence.objects.create(body=Body.objects.get(code="zj"), subject="城乡建设")
    Walk(lodge()).to("accepted")
    done = run("learn", "--to", tmp_path / "own.npz")
    assert done.exit_code == 1
    assert "there are: 城乡建设 1. Until enough" in done.stderr
    assert not (tmp_path / "own.npz").exists()


def test_wrong_use_is_said_with_what_to_do(model, tmp_path):
    no_topic = run(
        "learn", listed(tmp_path / "a.csv", [("", "污水")], ("subject", "text")), "--to", tmp_path / "m"
    )
    assert (no_topic.exit_code, "no column holds the topic" in no_topic.stderr) == (2, True)
    few = run("learn", listed(tmp_path / "b.csv", list(messages(1))[:30]), "--to", tmp_path / "m")
    assert (few.exit_code, "at least 20 messages each" in few.stderr) == (1, True)
    other = run("propose", tmp_path / "a.csv", "--model", tmp_path / "b.csv")
    assert (other.exit_code, "train one with huiyin learn" in other.stderr) == (2, True)
    no_text = run("propose", listed(tmp_path / "c.csv", [("x",)], ("words",)), "--model", model)
    assert (no_text.exit_code, "no column holds text; give the column that name" in no_text.stderr) == (
        2,
        True,
    )
    assert "--map" not in no_text.stderr
