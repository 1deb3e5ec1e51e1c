"""What one installation exports, another takes over: the same terms, states and documents, as its claims."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.papers import open_formats
from huiyin.reading import tables
from huiyin.registry import law, takeovers, taking_over
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Petition
from huiyin.registry.takeover_columns import OPEN_CASES
from huiyin.registry.taking_over import REFUSED, TAKEN, Told
from tests.cast import OPINION, Walk, lodge

SOURCE = "回音·甲县"
LIST = "takeover.jsonl"


def live(petition: Petition) -> set[tuple[str, Any]]:
    """The terms that still run, or ran out without being met."""
    found = petition.clocks.filter(ended=None, carried_by=0)
    return {(each.name, each.due) for each in found}


def rows(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / LIST).read_text(encoding="utf-8").splitlines()]


def brought_into(path: Path, now: Any, *, dry: bool = False) -> list[Told]:
    """What another house makes of it: no petition of the first is there."""
    table = tables.read(path.name, lambda: path.open("rb"))
    columns = OPEN_CASES.choose(table.headings)
    begun = takeovers.begin(SOURCE, by=None, now=now)
    return list(taking_over.go_through(table.lines(), columns, begun, now, dry=dry))


@pytest.mark.parametrize(
    "state",
    ["lodged", "registered", "transferred", "accepted", "opinion-served", "review-requested"],
)
def test_a_case_comes_back_with_its_state_terms_and_documents(cast: Any, tmp_path: Path, state: str) -> None:
    walk = Walk(lodge(channel="letter", language="en")).to(state)
    there = walk.petition
    open_formats.write(tmp_path)
    terms, documents = live(there), (tmp_path / "documents.jsonl").read_text(encoding="utf-8")
    later = walk.now + timedelta(minutes=5)
    [told] = brought_into(tmp_path / LIST, later)
    assert told.outcome == TAKEN, told.why
    here = Petition.objects.get(ref=told.ref)
    assert here.ref != there.ref
    assert (here.state, here.holder.code) == (there.state, there.holder.code)
    today = law.at(later)[1]
    assert terms <= live(here)
    assert {each for each in live(here) if each[1] >= today} <= terms
    assert (here.source_id, here.channel, here.language) == (there.ref, "letter", "en")
    for entry in here.entries.exclude(event="brought-in"):
        assert entry.claimed_at is not None
        same = there.entries.filter(event=entry.event).last()
        if same is not None and entry.event != "served":
            assert abs(entry.claimed_at - same.recorded_at) < timedelta(seconds=1), entry.event
    last = here.entries.get(event="brought-in").contents
    served = [json.loads(line) for line in documents.splitlines()]
    kept = [each["document_digest"] for each in last.get("old_documents", [])]
    assert kept == [each["sha256"] for each in served]
    assert kept or state in {"lodged", "registered", "transferred"}
    if state in {"opinion-served", "review-requested"}:
        reply = here.entries.get(event="opinion-imported").contents["reply"]
        for answer in OPINION["answers"]:
            assert all(answer[name] in reply for name in ("facts", "view"))


def test_a_document_that_was_changed_on_the_way_is_refused_and_named(cast: Any, tmp_path: Path) -> None:
    walk = Walk(lodge()).to("opinion-served")
    open_formats.write(tmp_path)
    [row] = rows(tmp_path)
    documents = json.loads(row["documents"])
    documents[-1]["parts"] = [{"zh": "改过", "en": "altered"}]
    row["documents"] = json.dumps(documents, ensure_ascii=False)
    (tmp_path / LIST).write_text(json.dumps(row), encoding="utf-8")
    [told] = brought_into(tmp_path / LIST, walk.now)
    assert told.outcome == REFUSED
    assert told.why is not None
    assert "does not fit its digest" in told.why.en
    assert documents[-1]["title"]["zh"] in told.why.zh


@pytest.mark.parametrize("documents", ["[", "{}", "[1]", '[{"title": 1}]', '[{"title": {"zh": "a"}}]'])
def test_documents_that_are_none_are_refused(cast: Any, tmp_path: Path, documents: str) -> None:
    walk = Walk(lodge()).to("accepted")
    open_formats.write(tmp_path)
    [row] = rows(tmp_path)
    (tmp_path / LIST).write_text(json.dumps(row | {"documents": documents}), encoding="utf-8")
    [told] = brought_into(tmp_path / LIST, walk.now)
    assert told.why is not None
    assert "not as it was exported" in told.why.en


def test_terms_that_come_out_otherwise_are_refused_with_both_days(cast: Any, tmp_path: Path) -> None:
    walk = Walk(lodge()).to("accepted")
    open_formats.write(tmp_path)
    [row] = rows(tmp_path)
    moved = walk.petition.clocks.get(name="handling").due + timedelta(days=9)
    row["terms"] = f"handling={moved}"
    (tmp_path / LIST).write_text(json.dumps(row), encoding="utf-8")
    [told] = brought_into(tmp_path / LIST, walk.now)
    assert told.why is not None
    assert f"there handling={moved}" in told.why.en
    assert Petition.objects.count() == 1


def test_a_term_that_runs_only_here_is_refused_though_none_was_told(cast: Any, tmp_path: Path) -> None:
    walk = Walk(lodge()).to("accepted")
    open_formats.write(tmp_path)
    [row] = rows(tmp_path)
    del row["terms"]
    (tmp_path / LIST).write_text(json.dumps(row), encoding="utf-8")
    [told] = brought_into(tmp_path / LIST, walk.now)
    assert told.why is not None
    assert "there —, here handling=" in told.why.en


def test_what_went_through_steps_that_no_list_tells_is_named_by_row(cast: Any, tmp_path: Path) -> None:
    walk = Walk(lodge()).to("review-issued")
    closed = Walk(lodge()).to("closed-final")
    open_formats.write(tmp_path)
    told = {each.number: each for each in brought_into(tmp_path / LIST, max(walk.now, closed.now))}
    assert {each.outcome for each in told.values()} == {REFUSED}
    first, second = told[walk.ref].why, told[closed.ref].why
    assert first is not None
    assert "stands: there it is review-issued" in first.en
    assert second is not None
    assert "is closed: only open cases are taken over" in second.en


def test_files_stay_behind_and_that_is_said(cast: Any, tmp_path: Path) -> None:
    walk = Walk(lodge(uploads=[Upload("a.txt", b"a lamp")])).to("accepted")
    open_formats.write(tmp_path)
    [told] = brought_into(tmp_path / LIST, walk.now)
    assert told.outcome == TAKEN
    assert told.lacks is not None
    assert told.lacks.en == "does not come along: files: 1"


def test_other_steps_stay_behind_and_how_many_is_said(cast: Any, tmp_path: Path) -> None:
    walk = Walk(lodge()).to("transferred")
    walk("add-information", "author", information="又坏了一盏。")
    open_formats.write(tmp_path)
    [told] = brought_into(tmp_path / LIST, walk.now)
    assert told.outcome == TAKEN
    assert told.lacks is not None
    assert told.lacks.en == "does not come along: other steps: 1"


def test_names_stay_masked_and_no_report_is_in_it(cast: Any, tmp_path: Path) -> None:
    lodge(kind="report", against=("zj",), text="某某收钱")
    Walk(lodge(text="我叫王小明，电话13912345678。路灯坏了。")).to("opinion-served")
    open_formats.write(tmp_path)
    said = (tmp_path / LIST).read_text(encoding="utf-8")
    for secret in ("王小明", "13912345678", "收钱", "张三"):
        assert secret not in said
    assert len(rows(tmp_path)) == 1
