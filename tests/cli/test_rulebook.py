"""`huiyin rulebook`: what a writer of rulebooks is told."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from huiyin.core import rulebook as law
from huiyin.core.rulebook import FOLDER
from huiyin.doors.cli.commands import huiyin
from tests.docs.pages import HOUSE, blocks


@pytest.fixture(autouse=True)
def in_english(monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("HUIYIN_DATA_DIR", str(tmp_path / "data"))
    yield
    law.also_from(None)


def run(*words: str) -> Result:
    return CliRunner().invoke(huiyin, ["rulebook", *words])


def library(folder: Path) -> Path:
    """The law of the how-to, in a folder of the operator's own."""
    whole, *_ = (b for b in blocks(HOUSE / "docs/operate/rulebooks.md") if b.language == "toml")
    home = folder / "library"
    home.mkdir(parents=True)
    file = home / "library-2026.toml"
    file.write_text("\n".join(whole.lines) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        (FOLDER / "cn" / "cn-2005.toml", {"cn-2005"}),
        (FOLDER / "cn" / "cn-2022", {"cn-2022"}),
        (FOLDER / "cn", {"cn-2005", "cn-2022"}),
        (FOLDER, {book.id for book in law.all_rulebooks()}),
    ],
)
def test_a_file_chapters_versions_and_all_jurisdictions_can_be_checked(path, ids):
    done = run("check", str(path))
    assert done.exit_code == 0, done.output
    assert {line.partition(":")[0] for line in done.output.splitlines() if ": sound (" in line} == ids


def test_a_sound_rulebook_is_said_to_be_so_with_what_to_look_at_again(tmp_path):
    file = library(tmp_path)
    text = file.read_text(encoding="utf-8").replace('evidence = "full"\nrem', 'evidence = "memory"\nrem')
    file.write_text(text.replace('from = ["open"]', 'from = ["open"]\nguards = ["hearing-open"]'), "utf-8")
    done = run("check", str(file))
    assert done.exit_code == 0
    assert "library-2026: sound (terms 1, states 2, rows 4)" in done.output
    assert "clocks.answer: This term is from memory" in done.output
    assert "moves[3] (add-information).guards: no move makes 'hearing-open' true" in done.output


def test_a_broken_one_ends_with_status_one_and_says_file_key_and_what(tmp_path):
    file = library(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace('by = ["handler"]', 'by = ["boss"]'), "utf-8")
    done = run("check", str(tmp_path))
    assert done.exit_code == 1
    assert "library-2026.toml: moves[2] (answer-suggestion).by: must be one of" in done.output


def test_a_calendar_that_does_not_exist_is_told(tmp_path):
    file = library(tmp_path)
    file.write_text(
        file.read_text(encoding="utf-8").replace('calendar = "cn" ', 'calendar = "mars"'), "utf-8"
    )
    done = run("check", str(file))
    assert (done.exit_code, "rulebook.calendar" in done.output) == (1, True)


def test_versions_that_overlap_are_told(tmp_path):
    file = library(tmp_path)
    later = file.read_text(encoding="utf-8").replace('"library-2026"', '"library-2027"')
    later = later.replace("in_force_from = 2026", "in_force_from = 2027")
    file.with_name("library-2027.toml").write_text(later, encoding="utf-8")
    done = run("check", str(tmp_path))
    assert (
        "library-2026.in_force_until: library-2027 is in force from 2027-01-01: the two overlap"
        in done.output
    )


@pytest.mark.parametrize("words", [("check", "nowhere"), ("diff", "cn-2022", "cn-1999"), ("check", ".")])
def test_what_is_not_there_is_wrong_usage(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(*words).exit_code == 2


@pytest.mark.parametrize(("language", "word"), [("zh", "处理意见已送达"), ("en", "Opinion served")])
def test_a_chart_is_a_picture_of_every_state_in_either_language(tmp_path, language, word):
    target = tmp_path / "chart.svg"
    assert run("chart", "cn-2022", "--to", str(target), "--language", language).exit_code == 0
    picture = ElementTree.parse(target).getroot()
    said = "".join(picture.itertext())
    assert word in said
    left, top, width, height = map(float, picture.attrib["viewBox"].split())
    for path in picture.iter("{http://www.w3.org/2000/svg}path"):
        across, down = places(path.attrib["d"])
        assert all(left <= x <= left + width for x in across), "an arrow leaves the picture"
        assert all(top <= y <= top + height for y in down)


def places(path):
    """Where a line goes through: all its numbers across, and all down."""
    across, down = [], []
    for step, said in re.findall(r"([A-Zz])([^A-Zz]*)", path):
        numbers = [float(number) for number in said.split()]
        across += numbers if step == "H" else [] if step == "V" else numbers[::2]
        down += numbers if step == "V" else [] if step == "H" else numbers[1::2]
    assert across
    assert down
    return across, down


def test_a_difference_is_said_in_words():
    said = run("diff", "cn-2022", "cn-zj-2022").output.splitlines()
    assert "term notice: 15 days became 5 working days" in said
    assert "term handling: article: 34 became zj-23" in said
    assert "move extend [34] (organ): days at most: 30 became 60" in said
    assert run("diff", "cn-2022", "cn-2022").output == "cn-2022 and cn-2022 say the same\n"


def test_a_difference_names_moves_contents_states_and_lists(tmp_path):
    file = library(tmp_path)
    text = file.read_text(encoding="utf-8")
    text = text.replace('contents = ["reasons"]', 'contents = ["reasons?", "note"]')
    text = text.replace('by = ["author", "registrar"]\ncontents', 'by = ["author"]\ncontents')
    other = tmp_path / "other" / "library-2026.toml"
    other.parent.mkdir()
    other.write_text(text.replace('zh = "已收到"\nen = "Received"', 'zh = "收到"\nen = "Here"'), "utf-8")
    said = run("diff", str(file), str(other)).output
    assert "move answer-suggestion [2]: what it must say: now also note" in said
    assert "move answer-suggestion [2]: what it may say: now also reasons" in said
    assert "move add-information [1]: roles: no longer registrar" in said
    assert "state lodged: “Received” became “Here”" in said
    assert run("diff", str(other), "cn-2005").output.count("added") > 20
