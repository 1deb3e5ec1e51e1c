"""`huiyin takeover`: begin, look first, take over what can be, say what cannot, and end."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from huiyin.registry.models import Body, Change, Entry, Indexed, Petition, Role, Takeover
from huiyin.vault.models import IdentitySeal
from tests.cast import ZONE
from tests.cli.conftest import Run

SOURCE = "旧信访系统"
Sheet = Callable[..., Path]
PLANTED = {
    "身份证号": "110101199001011234",
    "信访次数": "7",
    "重点人员": "是",
    "亲属": "王大明",
    "备注二": "另行处理",
}


def ago(days: int) -> str:
    return (timezone.now().astimezone(ZONE) - timedelta(days=days)).date().isoformat()


def row(number: str, **changes: str) -> dict[str, str]:
    made = {
        "编号": number,
        "内容": "小区门口的路灯从上个月起不亮。",
        "接收单位": "县信访局",
        "信访日期": ago(120),
        "登记时间": ago(119),
        "转送时间": ago(115),
        "转送单位": "县住建局",
        "受理时间": ago(110),
    }
    return made | changes


@pytest.fixture
def keeper(cast: Any) -> Any:
    """Ada keeps the whole house, and not only the county's part of it."""
    Role.objects.create(officer=cast["ada"], body=Body.objects.get(code="shi"), role="administrator")
    return cast["ada"]


@pytest.fixture
def begun(keeper: Any, run: Run) -> None:
    assert run("takeover", "begin", SOURCE, "--as", "ada").exit_code == 0


def test_only_who_keeps_the_house_begins_and_ends_it(keeper: Any, run: Run, sheet: Sheet):
    refused = run("takeover", "begin", SOURCE, "--as", "olga")
    assert refused.exit_code == 3
    assert "[wrong-role]" in refused.stderr
    early = run("takeover", "load", SOURCE, sheet([row("1")]))
    assert early.exit_code == 3
    assert "[no-takeover]" in early.stderr
    assert run("takeover", "begin", SOURCE, "--as", "ada").exit_code == 0
    assert run("takeover", "end", SOURCE, "--as", "ada").exit_code == 0
    late = run("takeover", "load", SOURCE, sheet([row("1")]))
    assert late.exit_code == 3
    assert not Petition.objects.exists()
    assert [change.what["did"] for change in Change.objects.order_by("id")] == [
        "takeover-begun",
        "takeover-ended",
    ]
    assert Takeover.objects.get().ended_at


@pytest.mark.usefixtures("begun")
def test_it_takes_over_what_it_can_and_reports_each_row(run: Run, sheet: Sheet, tmp_path: Path):
    rows = [
        row("1"),
        row("2", 受理时间=ago(117)),
        row("3", 登记时间=ago(2), 转送时间="", 转送单位="", 受理时间="", 信访日期=ago(3)),
    ]
    done = run("takeover", "load", SOURCE, sheet(rows), "--json", "--report", tmp_path / "report.csv")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {"taken": 2, "here": 0, "refused": 1, "late": 1}
    assert f"line 3: accepted_at: accepted on {ago(117)} lies before transferred on {ago(115)}" in done.stderr
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        told = list(csv.DictReader(file))
    assert [each["outcome"] for each in told] == ["taken", "refused", "taken"]
    assert told[0]["late"].startswith("handling:")
    assert told[0]["ref"].startswith("HY-")
    again = run("takeover", "load", SOURCE, sheet(rows), "--json")
    assert json.loads(again.stdout) == {"taken": 0, "here": 2, "refused": 1, "late": 0}
    assert Petition.objects.count() == 2


@pytest.mark.usefixtures("begun")
def test_looking_first_writes_nothing(run: Run, sheet: Sheet):
    done = run(
        "takeover", "load", SOURCE, sheet([row("1", 状态="在办"), row("2", 状态="已办结")]), "--dry-run"
    )
    assert "only looked: 1 would be taken over, 1 of them late already; 0 are here, 1 rows" in done.stdout
    assert not Petition.objects.exists()


@pytest.mark.usefixtures("begun")
def test_a_planted_workbook_loses_what_it_says_about_persons(run: Run, tmp_path: Path):
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    rows = [row("1", 联系人="王小明", 住址="东街 1 号") | PLANTED]
    page.append(list(rows[0]))
    for each in rows:
        page.append(list(each.values()))
    path = tmp_path / "old.xlsx"
    book.save(path)
    done = run(
        "takeover",
        "load",
        SOURCE,
        path,
        "--map",
        "联系人=name",
        "--map",
        "住址=address",
        "--report",
        tmp_path / "r.csv",
    )
    assert done.exit_code == 0, done.output
    assert "身份证号, 信访次数, 重点人员, 亲属" in done.stderr
    kept = str([*Petition.objects.values(), *Entry.objects.values(), *Indexed.objects.values()]) + done.output
    kept += (tmp_path / "r.csv").read_text()
    for value in ("110101199001011234", "王大明", "另行处理", "王小明", "东街"):
        assert value not in kept
    assert IdentitySeal.objects.count() == 1
    for field in ("text", "subject", "opinion", "name"):
        refused = run("takeover", "load", SOURCE, path, "--map", f"重点人员={field}")
        assert refused.exit_code == 2
        assert "重点人员" in refused.stderr


@pytest.mark.usefixtures("begun")
def test_a_saved_map_is_an_allow_list_and_one_column_can_be_two_fields(
    run: Run, sheet: Sheet, tmp_path: Path
):
    rows = [{"号": "1", "事": "路灯不亮。", "单位": "zj", "日": ago(9), "内容": "不要这个"}]
    words = ("--map", "号=id", "--map", "事=text", "--map", "单位=body", "--map", "日=lodged_at")
    saved = tmp_path / "map.json"
    assert run("takeover", "load", SOURCE, sheet(rows), *words, "--save-maps", saved).exit_code == 0
    rows[0]["号"] = "2"
    assert run("takeover", "load", SOURCE, sheet(rows), "--maps-from", saved).exit_code == 0
    assert {each.text for each in Petition.objects.all()} == {"路灯不亮。"}
    rows[0]["号"] = "3"
    assert run("takeover", "load", SOURCE, sheet(rows), *words, "--map", "日=registered_at").exit_code == 0
    assert Petition.objects.get(source_id="3").state == "registered"
    unclear = run("takeover", "load", SOURCE, sheet([{"a": "b"}]))
    assert unclear.exit_code == 2
    assert "no column holds id, text, body, lodged_at" in unclear.stderr


# ---- killed in the middle


def shell(folder: Path, *words: object) -> list[str]:
    return [sys.executable, "-m", "huiyin.doors.cli", *map(str, words)]


@pytest.mark.engine
def test_killed_in_the_middle_and_run_again_it_has_each_case_once_and_whole(sheet: Sheet, tmp_path: Path):
    folder = tmp_path / "house"
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    env |= {"HUIYIN_DATA_DIR": str(folder), "LC_ALL": "en_GB.UTF-8"}

    def done(*words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(shell(folder, *words), env=env, capture_output=True, text=True, check=False)

    assert done("setup").returncode == 0
    begin = ("administrator", "ada", "--body", "zj", "--named", "县住建局", "--above", "县人民政府")
    assert done(*begin).returncode == 0, done(*begin).stderr
    assert done("takeover", "begin", SOURCE, "--as", "ada").returncode == 0
    rows = [row(str(n), 接收单位="zj", 转送时间="", 转送单位="") for n in range(60)]
    path, report = sheet(rows), tmp_path / "report.csv"
    for wanted in (5, 25):
        running = subprocess.Popen(
            shell(folder, "takeover", "load", SOURCE, path, "--report", report),
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until and (
            not report.exists() or report.read_text().count(",taken,") < wanted
        ):
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert report.read_text().count(",taken,") >= wanted, "it was under way"
    last = done("takeover", "load", SOURCE, path, "--json")
    told = json.loads(last.stdout)
    assert told["taken"] + told["here"] == 60
    assert told["here"] >= 30
    assert not told["refused"]
    with sqlite3.connect(folder / "huiyin.sqlite3") as house:
        ids = [one for (one,) in house.execute("SELECT source_id FROM registry_petition")]
        assert sorted(ids, key=int) == [str(n) for n in range(60)]
        steps = house.execute("SELECT count(*) FROM registry_entry GROUP BY petition_id").fetchall()
        assert set(steps) == {(4,)}, "each of them whole: lodged, registered, accepted, brought in"
