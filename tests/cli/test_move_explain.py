"""`huiyin move` makes any move through `perform`; `huiyin explain` tells every clock of a petition."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huiyin.registry.file import Filed
from huiyin.registry.models import DataSet, Entry, Officer
from tests import cast as people
from tests.cast import Walk
from tests.cli.conftest import Run


@pytest.fixture
def filed(cast: dict[str, Officer]) -> Filed:
    """A claim lodged just now, since the shell acts now."""
    return people.lodge(datetime.now(UTC))


def test_a_move_says_where_the_petition_stands(run: Run, filed: Filed):
    done = run("move", filed.ref, "register", "--as", "olga")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{filed.ref}  Registered (registered)\nnext due: ")
    assert run("move", filed.ref.lower(), "transfer", "body=zj", "--as", "olga").exit_code == 0
    said = Entry.objects.get(event="transferred").contents
    assert said.pop("document_number").endswith("号")
    assert said == {"body": "zj"}


def test_a_refusal_ends_with_3_its_code_its_article_and_each_field(run: Run, filed: Filed):
    done = run("move", filed.ref, "accept", "--as", "olga")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "(art. 23.1) [wrong-state]" in done.stderr
    run("move", filed.ref, "register", "--as", "olga")
    done = run("move", filed.ref, "assign", "body=zj", "term=soon", "--as", "olga")
    assert done.exit_code == 3
    assert "[contents]\n  term (Report back by): write a date such as 2026-03-02" in done.stderr


def test_a_petition_that_an_officer_may_not_see_is_not_there(run: Run, filed: Filed):
    hidden = run("move", filed.ref, "register", "--as", "tina")
    unknown = run("move", "HY-00000-00000", "register", "--as", "tina")
    assert (hidden.exit_code, hidden.stderr) == (unknown.exit_code, unknown.stderr)
    assert "[not-found]" in hidden.stderr


def test_texts_come_from_files_and_rows_as_json(run: Run, filed: Filed, tmp_path: Path):
    run("move", filed.ref, "register", "--as", "olga")
    (tmp_path / "why.txt").write_text("理由写在\n文件里", encoding="utf-8")
    words = ("route=court", f"reasons=@{tmp_path / 'why.txt'}", "redirect=法院")
    assert run("move", filed.ref, "divert", *words, "--as", "olga").exit_code == 0
    assert Entry.objects.get(event="diverted").contents["reasons"] == "理由写在\n文件里"
    rows = 'comparison=[{"request": "灯", "same_facts": true, "same_reasons": true, "comparison_why": "同"}]'
    refused = run("move", filed.ref, "no-longer-accept", rows, "prior=HY-1", "reasons=x", "--as", "olga")
    assert refused.exit_code == 3
    assert "comparison" not in refused.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("register", "--as", "nobody"), "no officer with sign-in name 'nobody'"),
        (("register", "note", "--as", "olga"), "write it as key=value"),
        (("register", "a=1", "a=2", "--as", "olga"), "a is given twice"),
        (("divert", "reasons=@nowhere.txt", "--as", "olga"), "reasons: cannot read nowhere.txt"),
        (("no-longer-accept", "comparison=same", "--as", "olga"), "comparison: rows are given as JSON"),
        (("register", "--as", "olga", "--at", "yesterday"), "'yesterday' is no time that can be read"),
        (("register",), "--as"),
    ],
)
def test_wrong_words_are_wrong_usage(words: tuple[str, ...], said: str, run: Run, filed: Filed):
    done = run("move", filed.ref, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_only_a_marked_data_set_is_moved_at_another_time(run: Run, filed: Filed):
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="seconds")
    words = ("move", filed.ref, "register", "--as", "olga", "--at", later)
    refused = run(*words)
    assert refused.exit_code == 3
    assert "[live-registry]" in refused.stderr
    DataSet.objects.create(kind="demonstration", marked_at=datetime.now(UTC))
    assert run(*words).exit_code == 0
    claimed = Entry.objects.get(event="registered").claimed_at
    assert claimed is not None
    assert claimed.isoformat(timespec="seconds") == later


def test_explain_tells_each_clock_as_due_does_and_where_it_stands(run: Run, walk: Walk):
    walk.to("opinion-served")
    told = json.loads(run("explain", walk.ref, "--json").stdout)
    assert [(clock["clock"], clock["state"]) for clock in told] == [
        *(("sort", "met"), ("notice", "met"), ("objection", "lapsed"), ("handling", "met")),
        ("review-request", "running"),
    ]
    for clock in told:
        same = json.loads(run("due", clock["rulebook"], clock["clock"], clock["start"], "--json").stdout)
        assert {name: clock[name] for name in same} == same


def test_explain_can_be_read(run: Run, walk: Walk, monkeypatch: pytest.MonkeyPatch):
    walk.to("accepted")
    told = run("explain", walk.ref).stdout
    assert "Handling (handling): 60 days, cn-2022 art. 34" in told
    assert "  met on 2026-03-02 Mon" in told
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "办理（handling）：60 日，cn-2022 第 34 条" in run("explain", walk.ref).stdout


def test_an_unknown_reference_has_no_clocks(run: Run, cast: dict[str, Officer]):
    done = run("explain", "HY-00000-00000")
    assert (done.exit_code, done.stdout) == (3, "")
