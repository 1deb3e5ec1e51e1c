"""`huiyin due` answers without a database, in both languages, and says exactly what is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from huiyin.doors.cli.commands import huiyin

NOTICE = {
    "calendar": "cn",
    "years": [
        {
            "year": 2027,
            "off": {"2027-01-21": "春节"},
            "work": {},
            "source": "made up for this test",
            "issued_on": "2026-11-30",
        }
    ],
}


@pytest.fixture(autouse=True)
def in_english(monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("HUIYIN_DATA_DIR", str(tmp_path))


def due(*words: str) -> Result:
    return CliRunner().invoke(huiyin, ["due", *words])


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2026-02-11", "2026-02-25"), ("2025-01-24", "2025-02-07"), ("2026-04-29", "2026-05-09")],
)
def test_the_json_is_exactly_what_was_promised(start, expected):
    told = json.loads(due("cn-2022", "objection", start, "--json").stdout)
    assert list(told) == [
        *("rulebook", "clock", "article", "unit", "days", "start", "due", "provisional", "skipped"),
    ]
    assert (told["due"], told["article"], told["unit"], told["days"]) == (expected, "23.3", "workday", 5)
    assert all(set(skip) == {"date", "why"} for skip in told["skipped"])


def test_a_reckoning_can_be_read(monkeypatch):
    told = due("cn-2022", "objection", "2026-02-11").stdout
    assert "2026-02-11 Wed  start, not itself counted" in told
    assert "2026-02-15 Sun  to 2026-02-23 Mon, 9 days passed over: Spring Festival" in told
    assert "2026-02-25 Wed  due" in told
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = due("cn-2022", "objection", "2026-02-11").stdout
    assert "2026-02-15 周日  至 2026-02-23 周一，共 9 天，跳过：春节" in told
    assert "第 23.3 条" in told


def test_a_year_without_its_notice_is_provisional_until_the_notice_is_there(tmp_path):
    before = json.loads(due("cn-2022", "handling", "2026-11-22", "--json").stdout)
    assert (before["due"], before["provisional"]) == ("2027-01-21", True)
    assert "Provisional" in due("cn-2022", "handling", "2026-11-22").stdout
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "cn-2027.json").write_text(json.dumps(NOTICE), encoding="utf-8")
    after = json.loads(due("cn-2022", "handling", "2026-11-22", "--json").stdout)
    assert (after["due"], after["provisional"]) == ("2027-01-22", False)


def test_a_broken_notice_is_named_and_nothing_is_reckoned(tmp_path):
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "cn-2027.json").write_text("{", encoding="utf-8")
    answer = due("cn-2022", "handling", "2026-11-22")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "cn-2027.json" in answer.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("cn-2005", "objection", "2020-01-06"), 3, "came with art. 23.3 of the 2022 regulation"),
        (("cn-2022", "report", "2026-01-06"), 3, "the assigning office sets the date"),
        (("cn-1949", "handling", "2026-01-06"), 2, "there are: cn-2005, cn-2022"),
        (("cn-2022", "handlings", "2026-01-06"), 2, "it has: "),
        (("cn-2022", "handling", "2026-02-30"), 2, "'2026-02-30' is not a date"),
        (("cn-2022", "handling", "20260228"), 2, "write it like 2026-02-11"),
        (("cn-2022", "handling", "9999-12-01"), 2, "beyond the year 9999"),
        (("cn-2022", "handling"), 2, "START"),
    ],
)
def test_what_cannot_be_answered_says_why(words, code, said):
    answer = due(*words)
    assert (answer.exit_code, answer.stdout) == (code, "")
    assert said in answer.stderr


def test_a_rulebook_out_of_force_still_answers_with_a_warning():
    answer = due("cn-2022", "notice", "2021-01-04", "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["due"] == "2021-01-19"
    assert "was not in force on 2021-01-04" in answer.stderr


def test_the_command_itself_needs_no_django_and_no_data_folder(tmp_path):
    command = Path(sys.executable).parent / "huiyin"
    nowhere = tmp_path / "nowhere"
    spy = "import sys; from huiyin.doors.cli import main; sys.argv[1:] = {words!r}.split()\ntry:\n main()\n"
    spy += "finally:\n assert not any(m.startswith('django') for m in sys.modules)"
    words = "due cn-2022 objection 2026-02-11 --json"
    for asked in ([str(command), *words.split()], [sys.executable, "-c", spy.format(words=words)]):
        done = subprocess.run(
            asked, capture_output=True, text=True, check=True, env={"HUIYIN_DATA_DIR": str(nowhere)}
        )
        assert json.loads(done.stdout)["due"] == "2026-02-25"
    assert not nowhere.exists()


def test_the_list_of_commands_loads_none_of_them():
    listed = CliRunner().invoke(huiyin, ["--help"])
    assert listed.exit_code == 0
    assert "Reckon one deadline" in listed.stdout
