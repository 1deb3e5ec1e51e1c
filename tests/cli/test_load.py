"""`huiyin load` takes lists of messages in, now or at their own times, and says what is wrong with a row."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import openpyxl
import pytest
from django.apps import apps
from django.utils import timezone

from huiyin.core.notes import read_note
from huiyin.core.refusal import Refusal
from huiyin.doors.cli import filing
from huiyin.reading.about_persons import is_about_persons
from huiyin.registry.access import author_of
from huiyin.registry.models import Accused, Attachment, Body, Clock, DataSet, Entry, Officer, Petition
from huiyin.registry.perform import perform_past
from huiyin.registry.receipt import receipt_key
from huiyin.vault.models import ContactSeal, IdentitySeal
from tests.cli.conftest import Run
from tests.cli.rows import ANSWERED, message

pytestmark = pytest.mark.usefixtures("untouched")

Sheet = Callable[..., Path]
KEYS = ["filed", "skipped", "rejected", "answered", "in_time", "late", "median_days"]


def replay(run: Run, path: Path, *words: object) -> dict[str, Any]:
    done = run("load", path, "--replay", "--json", *words)
    assert done.exit_code in {0, 1}, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


# ---- a replay


def test_a_replay_counts_what_it_did_and_marks_the_data_set(run: Run, sheet: Sheet, tmp_path: Path):
    told = replay(run, sheet(ANSWERED), "--rows", tmp_path / "rows.csv")
    assert list(told) == KEYS
    assert list(told.values()) == [3, 0, 0, 3, 2, 1, 65]
    assert DataSet.objects.get().kind == "import"
    assert (tmp_path / "rows.csv").read_text().splitlines() == [
        "id,due,served,in_time",
        "1,2019-06-24,2019-05-09,true",
        "2,2019-02-11,2019-02-11,true",
        "3,2019-02-11,2019-02-12,false",
    ]


def test_each_message_went_through_the_procedure_at_its_own_times(run: Run, sheet: Sheet):
    replay(run, sheet(ANSWERED[:1]))
    entries = list(Entry.objects.order_by("seq"))
    assert [entry.event for entry in entries] == [
        *("lodged", "registered", "transferred", "accepted", "opinion-imported", "served"),
    ]
    assert {entry.role for entry in entries} == {"importer"}
    assert [str(entry.claimed_at) for entry in entries[3:5]] == [
        "2019-04-24 08:03:40+00:00",
        "2019-05-09 01:49:10+00:00",
    ]
    assert all(entry.recorded_at.year >= 2026 for entry in entries)
    assert (Petition.objects.get().imported, Petition.objects.get().state) == (True, "opinion-served")


def next_workday(day: date, is_workday: Callable[[date], bool]) -> date:
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def test_due_dates_and_in_time_are_those_of_two_kept_calendars(run: Run, sheet: Sheet, tmp_path: Path):
    lodged = [date(2012, 7, 1) + timedelta(days=37 * n) for n in range(100)]
    answered = [day + timedelta(days=52 + n % 19) for n, day in enumerate(lodged)]
    pairs = list(zip(lodged, answered, strict=True))
    path = sheet([message(n, f"{a} 23:59:59", f"{b} 00:00:01") for n, (a, b) in enumerate(pairs)])
    told = replay(run, path, "--rows", tmp_path / "rows.csv")
    found = rows_of(tmp_path / "rows.csv")
    china = holidays.country_holidays("CN", years=range(2012, 2024))
    late = 0
    for number, (start, served) in enumerate(pairs):
        due = next_workday(start + timedelta(days=60), chinese_calendar.is_workday)
        assert due == next_workday(start + timedelta(days=60), china.is_working_day)
        late += served > due
        assert found[str(number)] == {
            "id": str(number),
            "due": str(due),
            "served": str(served),
            "in_time": "true" if served <= due else "false",
        }
    assert 10 < late < 90
    assert (told["late"], told["in_time"]) == (late, 100 - late)


def test_each_petition_is_under_the_law_of_its_day(run: Run, sheet: Sheet):
    days = ("2022-04-30 23:59", "2022-05-01 00:00")
    replay(run, sheet([message(n, day, "2022-06-01") for n, day in enumerate(days)]))
    handling = Clock.objects.filter(name="handling").order_by("petition__source_id")
    assert [clock.rulebook for clock in handling] == ["cn-2005", "cn-2022"]


def test_loading_twice_files_nothing_twice(run: Run, sheet: Sheet):
    path = sheet(ANSWERED)
    first = replay(run, path)
    again = replay(run, path)
    assert (again["filed"], again["skipped"], again["rejected"]) == (0, 3, 0)
    assert [again[key] for key in KEYS[3:]] == [first[key] for key in KEYS[3:]]
    assert Petition.objects.count() == 3
    other = run("load", path, "--replay", "--json", "--source", "another board")
    assert json.loads(other.stdout)["filed"] == 3


def test_rows_without_an_id_are_told_apart_by_what_they_say(run: Run, sheet: Sheet):
    rows = [{k: v for k, v in ANSWERED[n].items() if k != "id"} for n in (0, 0, 1)]
    assert replay(run, sheet(rows))["filed"] == 3  # two people may write the same words
    assert replay(run, sheet(rows))["skipped"] == 3


def test_an_id_that_stands_for_two_messages_is_said(run: Run, sheet: Sheet):
    done = run("load", sheet([ANSWERED[0], message(1, "2019-05-01", text="别的事情")]), "--replay", "--json")
    assert json.loads(done.stdout)["skipped"] == 1
    assert "line 4: id 1 is that of line 2 with other words" in done.stderr


def test_a_message_without_a_reply_stops_at_accepted_and_goes_on_later(run: Run, sheet: Sheet):
    told = replay(run, sheet([message(1, "2019/4/24 16:03:40")]))
    assert (told["filed"], told["answered"], told["median_days"]) == (1, 0, None)
    assert Petition.objects.get().state == "accepted"
    told = replay(run, sheet([message(1, "2019/4/24 16:03:40", "2019/5/9")]))
    assert (told["filed"], told["skipped"], told["answered"], told["in_time"]) == (0, 1, 1, 1)


def test_an_interrupted_replay_leaves_nothing_half_done_and_goes_on(
    run: Run, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
):
    real, calls = perform_past, 0

    def stumbling(*words: Any, **more: Any) -> Petition | Refusal:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return real(*words, **more)

    path = sheet(ANSWERED)
    monkeypatch.setattr(filing, "perform_past", stumbling)
    stopped = run("load", path, "--replay")
    assert stopped.exit_code == 130
    assert "1 filed, none half done; run the same command again" in stopped.stderr
    assert list(Petition.objects.values_list("state", flat=True)) == ["opinion-served"]
    monkeypatch.setattr(filing, "perform_past", real)
    told = replay(run, path)
    assert (told["filed"], told["skipped"], told["answered"]) == (2, 1, 3)


def test_a_live_registry_refuses_to_back_date(run: Run, sheet: Sheet):
    Officer.objects.create(login="ada")
    done = run("load", sheet(ANSWERED), "--replay", "--json")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "[live-registry]" in done.stderr
    assert not Petition.objects.exists()
    assert not DataSet.objects.exists()


def test_a_summary_for_people_ends_with_a_plot(run: Run, sheet: Sheet):
    done = run("load", sheet(ANSWERED), "--replay")
    assert "3 filed, 0 already here, 0 rows rejected" in done.stdout
    assert "median 65 days" in done.stdout
    bars = [line for line in done.stdout.splitlines() if "█" in line or "░" in line]
    assert bars[-1].strip() == "60–69 ████████████████████░░░░░░░░░░░░░░░░░░░░ 2"


# ---- rows that are not filed

BAD = {
    "there is no text": message(9, "2019-01-01", text=" "),
    "'24/4/2019' is no time that can be read": message(9, "24/4/2019"),
    "'2019-02-30' is no time that can be read": message(9, "2019-02-30"),
    "comes before it was lodged": message(9, "2019-03-02 10:00", "2019-03-02 09:59"),
    "no version of 'cn' is in force on 2005-04-30": message(9, "2005-04-30 23:59"),
    "it does not say when it was lodged": message(9, ""),
    "its reply has no time": message(9, "2019-01-01", reply="好的"),
    "it has the time of a reply, but no reply": message(9, "2019-01-01", "2019-01-05", reply=""),
    "is yet to come": message(9, "2999-01-01"),
    "text: this is too long": message(9, "2019-01-01", text="长" * 20_001),
    "subject: this is too long": message(9, "2019-01-01", subject="长" * 201),
    "reply: this is too long": message(9, "2019-01-01", "2019-01-05", reply="长" * 20_001),
    "its id is longer than": message(9, "2019-01-01", id="9" * 81),
}


@pytest.mark.parametrize("said", BAD)
def test_a_bad_row_is_named_by_line_and_the_others_go_in(said: str, run: Run, sheet: Sheet):
    done = run("load", sheet([ANSWERED[0], BAD[said], ANSWERED[1]]), "--replay", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["filed"], told["rejected"]) == (1, 2, 1)
    assert "line 4: " in done.stderr  # a text of two lines stands before it
    assert said in done.stderr
    assert Petition.objects.count() == 2


def test_a_reply_on_the_very_day_without_a_time_is_no_reply_before(run: Run, sheet: Sheet):
    told = replay(run, sheet([message(1, "2019-03-02 10:00", "2019-03-02")]))
    assert (told["rejected"], told["median_days"]) == (0, 0)


def test_replies_of_a_list_that_does_not_date_them_are_left_out(run: Run, sheet: Sheet):
    rows = [{k: v for k, v in row.items() if k != "replied_at"} for row in ANSWERED]
    done = run("load", sheet(rows), "--replay", "--json")
    told = json.loads(done.stdout)
    assert (told["filed"], told["answered"], told["rejected"]) == (3, 0, 0)
    assert "no column says when replies were given" in done.stderr


def test_a_row_with_too_many_cells_is_named(run: Run, tmp_path: Path):
    path = tmp_path / "torn.csv"
    path.write_text("id,text,lodged_at\n1,灯不亮,2019-01-01,多出\n2,灯不亮,2019-01-01\n", encoding="utf-8")
    done = run("load", path, "--replay", "--json")
    assert (done.exit_code, json.loads(done.stdout)["filed"]) == (1, 1)
    assert "line 2: has 4 cells, the heading 3" in done.stderr


# ---- kinds of files


def in_xlsx(path: Path) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    page = book.worksheets[0]
    page.append(["编号", "主题", "内容", "留言时间", "答复", "答复时间"])
    page.append(
        [1.0, "路灯", "灯不亮", datetime(2019, 4, 24, 16, 3, 40), "修好了", datetime(2019, 5, 9, 9, 49)]
    )
    book.save(path)


def in_json_lines(path: Path) -> None:
    row = {**ANSWERED[0], "id": 1}
    path.write_text(json.dumps(row) + "\n\nnot json\n[]\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "write", "rejected"), [("board.xlsx", in_xlsx, 0), ("board.jsonl", in_json_lines, 2)]
)
def test_workbooks_and_json_lines_are_read_too(
    name: str, write: Callable[[Path], None], rejected: int, run: Run, tmp_path: Path
):
    write(tmp_path / name)
    told = replay(run, tmp_path / name, "--rows", tmp_path / "rows.csv")
    assert (told["filed"], told["rejected"]) == (1, rejected)
    assert rows_of(tmp_path / "rows.csv")["1"]["served"] == "2019-05-09"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_may_be_written_as_spreadsheets_write_it(encoding: str, run: Run, sheet: Sheet):
    told = replay(run, sheet(ANSWERED, encoding=encoding))
    assert told["filed"] == 3
    assert Petition.objects.get(source_id="1").subject == "第1号路灯不亮"


def test_what_is_no_list_is_refused_with_what_to_do(run: Run, tmp_path: Path):
    (tmp_path / "noise.bin").write_bytes(bytes(range(128, 256)) * 3)
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04nothing")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "foreign.csv").write_text("who,what\na,b\n", encoding="utf-8")
    for name, said in {
        "noise.bin": "neither UTF-8 nor GB18030",
        "broken.xlsx": "is no XLSX workbook",
        "empty.csv": "names no columns",
        "foreign.csv": "no column holds text; name it as column=field. The file has: who, what",
        "missing.csv": "does not exist",
    }.items():
        done = run("load", tmp_path / name, "--replay")
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr


# ---- columns, and what is never taken in


def test_columns_about_the_author_count_only_by_name_and_are_sealed(run: Run, sheet: Sheet):
    rows = [message(1, "2019-01-01") | {"name": "甲乙", "手机": "000", "性别": "女", "电话": "000"}]
    run("load", sheet(rows), "--replay")
    assert not IdentitySeal.objects.exists()
    done = run("load", sheet(rows, "again.csv"), "--replay", "--map", "name=name", "--map", "手机=phone")
    assert "columns that are not taken in: 电话" in done.stderr
    assert "never taken in: 性别" in done.stderr
    assert (IdentitySeal.objects.count(), ContactSeal.objects.count()) == (1, 1)
    kept = Petition.objects.get(source="again.csv")
    assert "甲乙" not in repr(kept.__dict__)
    assert "甲乙" not in repr(list(Entry.objects.values()))
    assert not Accused.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--map", "text"), "write column=field"),
        (("--map", "text=gender"), "the field being one of id, subject"),
        (("--map", "nothing=text"), "the file has no column 'nothing'"),
        (("--map", "text=text", "--map", "subject=text"), "text is named twice"),
        (("--source", "s" * 61), "give a shorter --source"),
        (("--body", "nowhere"), "there is no such body"),
    ],
)
def test_wrong_words_are_wrong_usage(words: tuple[str, ...], said: str, run: Run, sheet: Sheet):
    done = run("load", sheet(ANSWERED), "--replay", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert not Petition.objects.exists()


def test_two_columns_for_one_field_are_asked_about(run: Run, sheet: Sheet):
    rows = [message(1, "2019-01-01") | {"标题": "别的"}]
    assert "both 'subject' and '标题' look like subject" in run("load", sheet(rows), "--replay").stderr
    assert run("load", sheet(rows), "--replay", "--map", "标题=subject").exit_code == 0
    assert Petition.objects.get().subject == "别的"


# ---- a live registry


def test_a_live_load_files_now(run: Run, sheet: Sheet, bodies: dict[str, Body]):
    rows = [ANSWERED[0] | {"channel": "来信", "subject": ""}]
    done = run("load", sheet(rows), "--json")
    assert json.loads(done.stdout) | {"filed": 1, "answered": 0} == json.loads(done.stdout)
    kept = Petition.objects.get()
    assert (kept.state, kept.holder.code, kept.channel, kept.lodged_at.year > 2025) == (
        *("lodged", "xf", "letter", True),
    )
    assert kept.subject == "第1号灯杆从上个月起不亮， 请派人来修。"
    assert Entry.objects.get().claimed_at is None
    assert json.loads(run("load", sheet(rows), "--json").stdout)["skipped"] == 1


def test_authors_can_be_handed_what_proves_that_they_lodged(
    run: Run, sheet: Sheet, bodies: dict[str, Body], tmp_path: Path
):
    kept = tmp_path / "receipts.csv"
    assert run("load", sheet(ANSWERED), "--receipts", kept).exit_code == 0
    assert kept.stat().st_mode & 0o777 == 0o600
    for row in rows_of(kept).values():
        assert not isinstance(author_of(row["ref"], row["key"]), Refusal)
        assert read_note(row["receipt"], receipt_key())
    again = run("load", sheet(ANSWERED, "more.csv"), "--receipts", kept)
    assert (again.exit_code, Petition.objects.count()) == (
        2,
        3,
    )  # what was handed out once is not written over
    assert "nobody was handed the keys" in run("load", sheet(ANSWERED, "more.csv")).stderr


def test_a_topic_leads_to_the_one_body_that_is_competent(run: Run, sheet: Sheet, bodies: dict[str, Body]):
    bodies["zj"].competences.create(subject="城建")
    run("load", sheet([ANSWERED[0] | {"topic": "城建"}, ANSWERED[1] | {"topic": "别的"}]))
    held = dict(Petition.objects.values_list("source_id", "holder__code"))
    assert held == {"1": "zj", "2": "xf"}


def test_without_a_receiving_body_nothing_is_filed(run: Run, sheet: Sheet):
    done = run("load", sheet(ANSWERED))
    assert done.exit_code == 3
    assert "[no-body]" in done.stderr


# ---- columns about persons, saved maps, and looking first

PLANTED = {
    "身份证号": "330102199001011234",
    "重点人员": "是-planted-A",
    "信访老户": "planted-B",
    "亲属": "王planted-C",
    "年龄": "planted-D",
    "风险等级": "planted-E",
    "relatives": "planted-F",
    "risk score": "planted-G",
    "情绪状态": "planted-H",
}


def planted(tmp_path: Path) -> Path:
    """A workbook as an older system hands it out."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "标题", "内容", *PLANTED])
    sheet.append(["1", "路灯不亮", "小区门口三盏路灯不亮。", *PLANTED.values()])
    path = tmp_path / "old.xlsx"
    book.save(path)
    return path


def everything_kept() -> str:
    rows = [list(model._default_manager.values()) for model in apps.get_models()]
    return str(rows)


def test_what_a_workbook_says_of_persons_is_named_and_never_taken_in(run: Run, tmp_path: Path):
    filing.make_import(timezone.now())
    done = run("load", planted(tmp_path), "--body", filing.OFFICE)
    assert Petition.objects.get().text == "小区门口三盏路灯不亮。"
    for heading, value in PLANTED.items():
        assert heading in done.output
        assert value not in done.output
        assert value not in everything_kept()


@pytest.mark.parametrize("heading", PLANTED)
@pytest.mark.parametrize("field", ["text", "subject", "name", "topic", "id"])
def test_no_map_takes_them_in(run: Run, tmp_path: Path, heading: str, field: str):
    done = run("load", planted(tmp_path), "--map", f"{heading}={field}")
    assert done.exit_code not in {0, 1}
    assert heading in done.output
    assert PLANTED[heading] not in done.output


def test_a_saved_map_is_all_that_is_taken(run: Run, tmp_path: Path):
    filing.make_import(timezone.now())
    maps = tmp_path / "maps.json"
    first = tmp_path / "first.csv"
    first.write_text("登记号,来件摘要\n1,路灯坏了\n", encoding="utf-8")
    body = ("--body", filing.OFFICE)
    run("load", first, "--map", "登记号=id", "--map", "来件摘要=text", "--save-maps", maps, *body)
    assert json.loads(maps.read_text(encoding="utf-8"))["columns"] == {"登记号": "id", "来件摘要": "text"}
    second = tmp_path / "second.csv"
    second.write_text("登记号,来件摘要,标题\n2,电梯坏了,不该录入的标题\n", encoding="utf-8")
    run("load", second, "--maps-from", maps, *body)
    assert Petition.objects.get(source_id="2").subject == "电梯坏了"


@pytest.mark.parametrize("said", ["not json", "[]", '{"columns": []}', '{"columns": {"a": 1}}'])
def test_a_map_that_is_none_is_refused(run: Run, tmp_path: Path, said: str):
    maps = tmp_path / "maps.json"
    maps.write_text(said)
    done = run("load", planted(tmp_path), "--maps-from", maps)
    assert done.exit_code not in {0, 1}
    assert "columns" in done.output


def test_a_dry_run_says_what_would_happen_and_writes_nothing(run: Run, tmp_path: Path):
    path = tmp_path / "list.csv"
    path.write_text("编号,内容\n1,路灯坏了\n2,\n3,电梯坏了\n", encoding="utf-8")
    done = run("load", path, "--dry-run", "--json")
    assert json.loads(done.stdout) == {"filed": 2, "skipped": 0, "rejected": 1}
    assert done.exit_code == 1
    assert not Petition.objects.exists()
    assert not DataSet.objects.exists()


@pytest.mark.parametrize(
    "heading",
    [
        "编号",
        "标题",
        "内容",
        "留言时间",
        "答复",
        "类别",
        "渠道",
        "姓名",
        "电话",
        "邮箱",
        "联系地址",
        "name",
        "email",
    ],
)
def test_what_a_list_needs_is_not_mistaken_for_it(heading: str):
    assert not is_about_persons(heading)
