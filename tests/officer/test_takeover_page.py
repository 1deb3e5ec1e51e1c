"""Open cases at the desk: looked through before they are taken over, locked while they wait, then gone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.clerk.purge import purge
from huiyin.doors.officer import takeover_work
from huiyin.papers import open_formats
from huiyin.registry import cases_in, takeovers, taking_over
from huiyin.registry.cases_file import LOOKED, TAKEN, TAKING
from huiyin.registry.models import Body, CasesFile, Change, Entry, Officer, Petition, Role, Takeover
from huiyin.vault.models import IdentitySeal
from tests.cast import Walk, lodge
from tests.cli.test_takeover import PLANTED, ago, row

Desk = Callable[..., Client]
PAGE = "/desk/house/takeover/"
AUTHOR = {"联系人": "王小明", "住址": "东街 1 号"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gone through where it stands, and not beside the page."""
    monkeypatch.setattr(takeover_work, "start", takeover_work.work)


@pytest.fixture
def keeper(cast: dict[str, Officer], bodies: dict[str, Body], desk: Desk) -> Client:
    """Ada keeps the topmost body."""
    Role.objects.create(officer=cast["ada"], body=bodies["shi"], role="administrator")
    return desk("ada")


@pytest.fixture
def begun(keeper: Client) -> str:
    answer = keeper.post(PAGE, {"source": "旧信访系统"})
    return str(answer["Location"])


def as_csv(*rows: dict[str, str]) -> bytes:
    made = io.StringIO()
    lines = csv.DictWriter(made, list(rows[0]))
    lines.writeheader()
    lines.writerows(rows)
    return made.getvalue().encode()


def as_book(*rows: dict[str, str]) -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for each in rows:
        sheet.append(list(each.values()))
    book.save(made)
    return made.getvalue()


def as_json(*rows: dict[str, str]) -> bytes:
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in rows).encode()


def bring(browser: Client, begun: str, content: bytes, name: str = "old.csv", **more: Any) -> str:
    answer = browser.post(begun, {"file": SimpleUploadedFile(name, content), **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def choose(browser: Client, place: str, **more: str) -> Any:
    """Send the columns as the page proposes them, with these besides; and follow to what it would do."""
    proposed = browser.get(place).context["form"].initial
    assert browser.post(place, {**proposed, **more}).status_code == 302
    browser.get(place)  # goes through it
    return browser.get(place)


def take(browser: Client, place: str) -> Any:
    asked = browser.post(place, {"do": "take"})
    assert not Petition.objects.filter(brought_in_at__gt=timezone.now()).exists()
    assert "cannot be undone" in asked.content.decode()
    assert browser.post(place, {"do": "take", "sure": "1"}).status_code == 302
    browser.get(place)
    return browser.get(place)


@pytest.mark.parametrize(("written", "name"), [(as_csv, "o.csv"), (as_book, "o.xlsx"), (as_json, "o.jsonl")])
def test_a_list_is_looked_through_and_then_taken_over(
    keeper: Client, begun: str, written: Callable[..., bytes], name: str
) -> None:
    bad = row("2", 受理时间=ago(117))
    place = bring(keeper, begun, written(row("1"), bad), name)
    looked = choose(keeper, place)
    said = looked.content.decode()
    assert (looked.context["taken"], looked.context["refused"], looked.context["late"]) == (1, 1, 1)
    assert f"Day of acceptance: accepted on {ago(117)} lies before transferred on {ago(115)}" in said
    assert not Petition.objects.exists()
    assert not IdentitySeal.objects.exists()
    done = take(keeper, place)
    petition = Petition.objects.get()
    assert (petition.source_id, petition.state) == ("1", "accepted")
    assert petition.entries.get(event="brought-in").contents["old_system"] == "旧信访系统"
    assert petition.ref in done.content.decode()
    [change] = Change.objects.filter(what__did=cases_in.TAKEN_OVER)
    assert (change.what["taken"], change.what["refused"]) == (1, 1)
    assert str(getattr(change.actor, "login", "")) == "ada"
    report = keeper.get(f"{place}report.csv").content.decode("utf-8-sig")
    outcomes = [each["outcome"] for each in csv.DictReader(io.StringIO(report))]
    assert sorted(outcomes) == ["refused", "taken"]


def test_the_mended_list_brings_only_what_was_missing(keeper: Client, begun: str) -> None:
    place = bring(keeper, begun, as_csv(row("1"), row("2", 受理时间=ago(117))))
    choose(keeper, place)
    take(keeper, place)
    again = bring(keeper, begun, as_csv(row("1"), row("2")))
    looked = choose(keeper, again)
    assert (looked.context["taken"], looked.context["here"], looked.context["refused"]) == (1, 1, 0)
    take(keeper, again)
    assert Petition.objects.count() == 2


def test_what_tells_about_persons_is_named_without_values_and_can_be_no_field(
    keeper: Client, begun: str
) -> None:
    place = bring(keeper, begun, as_csv(row("1") | AUTHOR | PLANTED))
    page = keeper.get(place).content.decode()
    for heading in ("身份证号", "信访次数", "重点人员", "亲属"):
        assert f'<span translate="no">{heading}</span>' in page
        assert f'<option value="{heading}"' not in page
    for value in (*PLANTED.values(), *AUTHOR.values()):
        assert value in {"是", "7"} or value not in page
    proposed = keeper.get(place).context["form"].initial
    forced = keeper.post(place, {**proposed, "subject": "重点人员"})
    assert forced.status_code == 400
    choose(keeper, place, name="联系人", address="住址")
    take(keeper, place)
    assert IdentitySeal.objects.count() == 1
    kept = str([*Petition.objects.values(), *Entry.objects.values(), *Change.objects.values()])
    kept += keeper.get(place).content.decode() + keeper.get(f"{place}report.csv").content.decode()
    for value in ("110101199001011234", "王大明", "另行处理", "王小明", "东街"):
        assert value not in kept


def test_while_it_waits_nothing_of_it_lies_open_and_afterwards_it_is_gone(keeper: Client, begun: str) -> None:
    place = bring(keeper, begun, as_csv(row("X-1", 状态="王小明案") | AUTHOR))
    choose(keeper, place, name="联系人")
    stored = CasesFile.objects.values_list("told", "content", "report_told", "report").get()
    for each in stored:
        for secret in ("王小明", "路灯", "old.csv", "X-1"):
            assert secret.encode() not in bytes(each or b"")
    assert "王小明案" in keeper.get(place).content.decode()  # to whoever has to mend it
    again = bring(keeper, begun, as_csv(row("X-1") | AUTHOR))
    choose(keeper, again, name="联系人")
    take(keeper, again)
    assert CasesFile.objects.get(state=TAKEN).content is None
    assert keeper.post(again, {"do": "drop"}).status_code == 302
    assert [each.state for each in CasesFile.objects.all()] == [LOOKED]
    purge(timezone.now() + timedelta(days=6))
    assert CasesFile.objects.exists()
    purge(timezone.now() + timedelta(days=8))
    assert not CasesFile.objects.exists()
    assert Petition.objects.count() == 1


def test_a_saved_map_is_an_allow_list_for_the_next_list(keeper: Client, begun: str) -> None:
    place = bring(keeper, begun, as_csv(row("1") | AUTHOR))
    choose(keeper, place, address="住址", channel="")
    saved = keeper.get(f"{place}columns.json").content
    assert json.loads(saved)["columns"]["住址"] == "address"
    more = row("2") | AUTHOR | {"渠道": "来信"}
    second = bring(keeper, begun, as_csv(more), maps=SimpleUploadedFile("columns.json", saved))
    keeper.get(second)
    looked = keeper.get(second)
    assert looked.context["taken"] == 1
    assert set(looked.context["others"]) == {"渠道", "联系人"}
    lacking = keeper.post(
        begun,
        {
            "file": SimpleUploadedFile("o.csv", as_csv({"编号": "3", "内容": "x"})),
            "maps": SimpleUploadedFile("columns.json", saved),
        },
    )
    assert lacking.status_code == 400
    assert "the file has no column" in lacking.content.decode()
    wrong = {"file": SimpleUploadedFile("o.csv", as_csv(row("3"))), "maps": SimpleUploadedFile("m", b"[]")}
    assert "is no map of columns" in keeper.post(begun, wrong).content.decode()


def test_what_cannot_be_read_is_said_at_the_field(keeper: Client, begun: str) -> None:
    answer = keeper.post(begun, {"file": SimpleUploadedFile("o.xlsx", b"PK\x03\x04nothing")})
    assert answer.status_code == 400
    assert 'href="#id_file"' in answer.content.decode()
    assert keeper.post(begun, {}).status_code == 400
    assert not CasesFile.objects.exists()


def test_needed_columns_are_asked_for(keeper: Client, begun: str) -> None:
    place = bring(keeper, begun, as_csv(row("1")))
    proposed = keeper.get(place).context["form"].initial
    answer = keeper.post(place, {**proposed, "body": ""})
    assert answer.status_code == 400
    assert "Say which column holds this." in answer.content.decode()


def test_killed_on_the_way_the_next_look_goes_on_and_nothing_comes_twice(
    keeper: Client, begun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = bring(keeper, begun, as_csv(row("1"), row("2"), row("3")))
    choose(keeper, place)
    real, seen = taking_over.take, []

    def dies(*args: Any, **more: Any) -> Any:
        seen.append(args)
        if len(seen) == 3:
            raise RuntimeError
        return real(*args, **more)

    keeper.post(place, {"do": "take", "sure": "1"})
    monkeypatch.setattr(taking_over, "take", dies)
    with pytest.raises(RuntimeError):
        takeover_work.work()
    monkeypatch.setattr(taking_over, "take", real)
    file = CasesFile.objects.get()
    assert (file.state, Petition.objects.count()) == (TAKING, 2)
    assert cases_in.claim(timezone.now()) is None  # somebody is at it, as far as can be told
    CasesFile.objects.update(claimed_at=timezone.now() - cases_in.SILENT * 2)
    keeper.get(place)
    done = keeper.get(place)
    assert (done.context["taken"], done.context["here"]) == (1, 2)
    assert Petition.objects.count() == 3


def test_what_stops_three_times_is_given_up_and_named(keeper: Client, begun: str) -> None:
    place = bring(keeper, begun, as_csv(row("1")))
    choose(keeper, place)
    keeper.post(place, {"do": "take", "sure": "1"})
    CasesFile.objects.update(tries=cases_in.MOST_TRIES)
    keeper.get(place)
    assert "It stopped three times on the way." in keeper.get(place).content.decode()
    assert not Petition.objects.exists()


def test_nothing_is_taken_over_that_was_not_looked_through_or_whose_takeover_ended(
    keeper: Client, begun: str
) -> None:
    place = bring(keeper, begun, as_csv(row("1")))
    keeper.post(place, {"do": "take", "sure": "1"})
    assert CasesFile.objects.get().state == "columns"
    choose(keeper, place)
    assert "End this takeover?" in keeper.post(begun, {"do": "end"}).content.decode()
    keeper.post(begun, {"do": "end", "sure": "1"})
    assert Takeover.objects.get().ended_at is not None
    keeper.post(place, {"do": "take", "sure": "1"})
    keeper.get(place)
    assert "The takeover had ended." in keeper.get(place).content.decode()
    assert not Petition.objects.exists()


def test_only_who_keeps_the_whole_house_sees_any_of_it(
    desk: Desk, cast: dict[str, Officer], bodies: dict[str, Body]
) -> None:
    begun = takeovers.begin("旧", by=None, now=timezone.now())
    list_of = f"{PAGE}list/{'0' * 8}-0000-0000-0000-{'0' * 12}/"
    for who in ("ada", "olga", "hedda"):  # Ada keeps the county's part alone
        for place in (PAGE, f"{PAGE}{begun.pk}/", list_of, f"{list_of}report.csv", f"{list_of}columns.json"):
            assert desk(who).get(place).status_code == 404
        assert desk(who).post(PAGE, {"source": "新"}).status_code == 404
        file = SimpleUploadedFile("o.csv", as_csv(row("1")))
        assert desk(who).post(f"{PAGE}{begun.pk}/", {"file": file}).status_code == 404
    assert Takeover.objects.count() == 1
    assert not CasesFile.objects.exists()


def test_what_another_installation_exports_is_looked_through_at_once(keeper: Client, tmp_path: Path) -> None:
    walk = Walk(lodge()).to("accepted")
    open_formats.write(tmp_path)
    begun = takeovers.begin("回音·甲县", by=None, now=walk.now)
    content = (tmp_path / "takeover.jsonl").read_bytes()
    place = bring(keeper, f"{PAGE}{begun.pk}/", content, "takeover.jsonl")
    keeper.get(place)
    looked = keeper.get(place)
    assert (looked.context["taken"], looked.context["refused"]) == (1, 0)
    take(keeper, place)
    here = Petition.objects.exclude(ref=walk.ref).get()
    assert here.source_id == walk.ref
    documents = here.entries.get(event="brought-in").contents["old_documents"]
    told = (tmp_path / "documents.jsonl").read_text(encoding="utf-8")
    assert documents
    assert all(each["document_digest"] in told for each in documents)
