"""A report against persons lies under seal: its handlers read it, which its author sees; the author reads it
with their key; nobody else does, and nothing of it lies readable anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.db import connections
from django.test import Client

from huiyin.clerk import backup
from huiyin.core import rulebook
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.doors.api.petitions import KEY_HEADER
from huiyin.doors.petitioner import visit
from huiyin.registry import access, attachments, losing, own, record, sealing
from huiyin.registry.attachments import Upload
from huiyin.registry.keys import reading_key
from huiyin.registry.models import Accused, Attachment, Body, Entry, Officer, Petition, Reading, Role
from huiyin.registry.perform import perform
from huiyin.vault import keys
from huiyin.vault.destroy import destroy
from huiyin.vault.models import EntrySeal, WordsSeal
from huiyin.vault.store.models import OwnKey
from tests.cast import Walk, acting_as, enrol, lodge, said
from tests.vault.test_sealing import everything_stored, forms_of

WORDS = "金丝雀局长收了三万元"
SUBJECT = "举报金丝雀局长"
ABOUT = "金丝雀局长及其司机"
FILE = Upload("金丝雀的账本.txt", "金丝雀的账本：三万元".encode())
CANARY = "金丝雀"


def report(**changes: Any) -> Walk:
    given = {"kind": "report", "subject": SUBJECT, "text": WORDS, "against": ("zj",), "against_words": ABOUT}
    return Walk(lodge(uploads=[FILE], **(given | changes)))


def desk(login: str) -> Client:
    browser = Client()
    browser.cookies["huiyin_language"] = "en"
    browser.force_login(Officer.objects.get(login=login))
    return browser


def follower(walk: Walk) -> Client:
    browser = Client()
    browser.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    return browser


LATER = Upload("后来的账本.txt", "金丝雀后来的账本".encode())
SAID_LATER = ("金丝雀的司机叫我闭嘴", "请写明金丝雀的办公室", "金丝雀在三楼办公", "金丝雀当面说明情况")
NOTE, WHY_OPEN = "金丝雀的材料齐全", "向举报金丝雀的人核实"


def spoken_on(cast: Any, bodies: Any) -> Walk:
    """A report on which its author, its handlers and its second person have said something in words."""
    cora = Officer.objects.create_officer("cora", None, name="Cora")
    Role.objects.create(officer=cora, body=bodies["xf"], role="custodian")
    enrol(cora)
    Role.objects.create(officer=cast["dora"], body=bodies["jw"], role="handler")
    walk = report()
    added = Move("add-information", {"information": SAID_LATER[0]})
    assert isinstance(perform(walk.ref, added, walk.actor("author"), walk.now, uploads=[LATER]), Petition)
    walk("write-author", "dora", message=SAID_LATER[1])
    walk("write-back", "author", message_back=SAID_LATER[2])
    met = {"met_on": walk.today.isoformat(), "present": "金丝雀的副手", "said": SAID_LATER[3]}
    walk("record-meeting", "dora", **met)
    walk("remark", "dora", remark_later=NOTE)
    walk("ask-opening", "dora", purpose="contact", words=WHY_OPEN)
    return walk


def page_of(browser: Client, walk: Walk) -> str:
    return str(browser.get(f"/desk/p/{walk.ref}/").content.decode())


# ---- nowhere in the clear


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_report_lies_readable_in_databases_files_or_logs(
    cast: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stored = Path(settings.ATTACHMENTS_DIR)
    before = set(stored.rglob("*"))  # what other tests left
    walk = report()
    page_of(desk("dora"), walk)
    page = follower(walk).get("/follow/petition/").content.decode()
    assert WORDS in page, "else nobody could read it at all"
    kept = everything_stored()
    files = b"".join(path.read_bytes() for path in set(stored.rglob("*")) - before if path.is_file())
    names = [path.name for path in Path(settings.DATA_DIR).rglob("*")]
    for form in forms_of(CANARY):
        assert form not in kept
        assert form not in files
    assert CANARY not in caplog.text
    assert not [name for name in names if CANARY in name]


@pytest.mark.django_db(transaction=True)
def test_nothing_that_is_said_on_it_later_lies_readable_either(
    cast: Any, bodies: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    stored = Path(settings.ATTACHMENTS_DIR)
    before = set(stored.rglob("*"))
    walk = spoken_on(cast, bodies)
    for login in ("dora", "cora", "sven", "audrey"):
        desk(login).get(f"/desk/p/{walk.ref}/")
    assert all(words in follower(walk).get("/follow/petition/").content.decode() for words in SAID_LATER)
    kept = everything_stored()
    files = b"".join(path.read_bytes() for path in set(stored.rglob("*")) - before if path.is_file())
    for form in forms_of(CANARY):
        assert form not in kept
        assert form not in files
    later = hashlib.sha256(LATER.content)
    assert later.hexdigest().encode() not in kept
    assert CANARY not in caplog.text
    if connections["default"].vendor == "sqlite":  # of PostgreSQL a dump holds the very rows looked at above
        backup.make(tmp_path / "copy", tmp_path / "keys", walk.now)
        others = {path.name for path in before}
        copies = [p for p in tmp_path.rglob("*") if p.is_file() and p.name not in others]
        copied = b"".join(path.read_bytes() for path in copies)
        assert len(copied) > len(kept) // 2
        assert not [form for form in forms_of(CANARY) if form in copied]


def test_what_is_said_on_it_is_read_by_its_handlers_and_its_author(cast: Any, bodies: Any) -> None:
    walk = spoken_on(cast, bodies)
    desk_page = page_of(desk("dora"), walk)
    authors = follower(walk).get("/follow/petition/").content.decode()
    answer = Client().get(f"/api/v1/petitions/{walk.ref}", headers={KEY_HEADER: walk.key}).content.decode()
    for words in SAID_LATER:
        assert words in desk_page
        assert words in authors
        assert words in answer
    assert NOTE in desk_page
    assert NOTE not in authors, "of a report the author reads notes once it has ended"
    assert WHY_OPEN in authors
    for login in ("sven", "audrey", "otto", "olga"):
        assert CANARY not in page_of(desk(login), walk).replace(NOTE, "")


def test_the_second_person_and_the_auditor_read_what_an_opening_is_for(cast: Any, bodies: Any) -> None:
    walk = spoken_on(cast, bodies)
    assert WHY_OPEN in desk("cora").get(f"/desk/custody/{walk.ref}/").content.decode()
    masked = "向举报〔姓名〕的人核实"  # what the auditor reads has no names (decision 0030)
    assert masked in desk("audrey").get("/desk/audit/").content.decode()
    for words in (*SAID_LATER, NOTE):
        assert words not in desk("cora").get(f"/desk/custody/{walk.ref}/").content.decode()


def test_its_case_file_proves_what_was_said_later(cast: Any, bodies: Any, tmp_path: Path) -> None:
    from huiyin.core import notes
    from huiyin.core.policy import Policy
    from huiyin.doors.cli import bundles
    from huiyin.registry.receipt import receipt_key

    walk = spoken_on(cast, bodies)
    packed = tmp_path / "case.zip"
    packed.write_bytes(b"".join(follower(walk).get("/follow/petition/download/")))
    assert not bundles.check(packed, [notes.parse_key(receipt_key())], Policy()).findings
    with zipfile.ZipFile(packed) as archive:
        case = json.loads(archive.read("case.json"))
        assert [name for name in archive.namelist() if LATER.name in name]
    assert len(case["proofs"]) == walk.petition.entries.count()
    assert SAID_LATER[0] in json.dumps(case["proofs"], ensure_ascii=False)


@pytest.mark.parametrize("book", rulebook.all_rulebooks(), ids=lambda book: book.id)
def test_no_law_lets_a_move_say_something_that_stays_open(cast: Any, book: Any) -> None:
    petition = report().petition
    for row in book.rows:
        said = {content.name: _planted(content) for content in row.contents}
        entry = Entry(rulebook=book.id, contents={**said, "attachments": ["f" * 64]})
        seal = sealing.close_entry(petition, entry)
        assert seal is not None
        assert CANARY not in json.dumps(entry.contents, ensure_ascii=False), row.verb
        assert "f" * 64 not in json.dumps(entry.contents), row.verb
        assert entry.contents.keys() == said.keys() | {"attachments"}


def _planted(content: Any) -> Any:
    if content.type == "rows":
        return [{column.name: _planted(column) for column in content.columns}]
    return CANARY if content.type == "text" else f"a {content.type}"


def test_a_claim_stays_readable_for_those_who_look_for_it(cast: Any) -> None:
    """Else the test before would look in the wrong place."""
    claim = Walk(lodge(uploads=[FILE], text=WORDS)).petition
    assert claim.text == WORDS
    assert not WordsSeal.objects.exists()


# ---- the handlers


def test_its_handler_reads_it_and_its_author_and_the_auditor_see_that(cast: Any) -> None:
    walk = report()
    assert SUBJECT in (shown := page_of(desk("dora"), walk))
    assert all(words in shown for words in (WORDS, ABOUT, FILE.name))
    (row,) = Reading.objects.all()
    assert (row.petition, row.officer, row.body.code) == (walk.petition, cast["dora"], "jw")  # type: ignore[union-attr]
    told = follower(walk).get("/follow/petition/").content.decode()
    assert "县纪委监委" in told.split("谁看过我的检举控告")[1].split("<h2>")[0]
    page = desk("audrey").get("/desk/audit/readings/").content.decode()
    assert walk.ref in page
    assert "Dora" in page
    assert CANARY not in page


def test_every_opening_is_written_down(cast: Any) -> None:
    walk, browser = report(), desk("dora")
    for n in range(3):
        page_of(browser, walk)
        assert Reading.objects.count() == n + 1
    number = Attachment.objects.get().pk
    answer = browser.get(f"/desk/p/{walk.ref}/file/{number}/")
    assert answer.content == FILE.content
    assert Reading.objects.count() == 4


def test_who_only_watches_the_clocks_opens_nothing(cast: Any) -> None:
    walk = report()
    assert CANARY not in page_of(desk("sven"), walk)
    assert CANARY not in desk("dora").get("/desk/").content.decode(), "no list opens a seal"
    assert not Reading.objects.exists()


def test_of_a_report_about_them_an_auditor_is_told_nothing(cast: Any) -> None:
    walk = report()
    Accused.objects.create(petition=walk.petition, body=Body.objects.get(code="xian"))
    Reading.objects.create(
        petition=walk.petition, officer=cast["dora"], body=walk.petition.holder, at=walk.now
    )
    assert not access.readings_for(acting_as("audrey")).exists()


def test_where_the_private_key_is_not_nobody_reads_it(cast: Any, tmp_path: Path, settings: Any) -> None:
    walk, browser = report(), desk("dora")
    settings.DATA_DIR = tmp_path
    assert CANARY not in (shown := page_of(browser, walk))
    assert "The seal cannot be opened here" in shown


# ---- the author


def test_its_author_reads_it_back_by_key_where_no_private_key_lies(cast: Any, monkeypatch: Any) -> None:
    walk = report()

    def refused(*_: Any) -> bytes:
        raise keys.KeyRefused("not here")

    monkeypatch.setattr(keys, "private", refused)
    browser = follower(walk)
    page = browser.get("/follow/petition/").content.decode()
    assert all(words in page for words in (SUBJECT, WORDS, ABOUT, FILE.name))
    got = browser.get(f"/follow/petition/file/{Attachment.objects.get().pk}/")
    assert b"".join(got) == FILE.content
    answer = Client().get(f"/api/v1/petitions/{walk.ref}", headers={KEY_HEADER: walk.key}).json()
    assert (answer["subject"], answer["text"]) == (SUBJECT, WORDS)
    assert answer["attachments"][0]["name"] == FILE.name
    assert not Reading.objects.exists(), "the author's own visits are never written down"


def test_the_case_file_of_the_author_holds_all_and_proves_it(cast: Any, tmp_path: Path) -> None:
    from huiyin.core import notes
    from huiyin.core.policy import Policy
    from huiyin.doors.cli import bundles
    from huiyin.registry.receipt import receipt_key

    walk = report()
    packed = tmp_path / "case.zip"
    packed.write_bytes(b"".join(follower(walk).get("/follow/petition/download/")))
    assert not bundles.check(packed, [notes.parse_key(receipt_key())], Policy()).findings
    with zipfile.ZipFile(packed) as archive:
        case = json.loads(archive.read("case.json"))
        (name,) = [name for name in archive.namelist() if name.startswith("attachments/")]
        assert archive.read(name) == FILE.content
    assert case["lodged"]["text"] == WORDS


def test_another_petitions_key_opens_nothing_of_it(cast: Any) -> None:
    one, other = report(), report(text="别的事")
    found = access.author_of(other.ref, other.key)
    assert isinstance(found, tuple)
    petition = one.petition
    own.show(petition, own.reading_of(found[1], other.key))
    assert petition.text == ""


def test_the_cookie_of_a_visit_gives_neither_key_nor_what_opens(cast: Any) -> None:
    walk = report()
    carried = follower(walk).cookies[visit.COOKIE].value
    told = str(signing.loads(carried, salt=visit.SALT))
    assert walk.key not in told
    assert base64.urlsafe_b64encode(reading_key(walk.ref, walk.key)).decode()[:20] not in told


def test_a_destroyed_key_takes_it_from_handlers_and_author_alike(cast: Any) -> None:
    walk = report()
    destroy([WordsSeal.objects.get().data_key])
    assert CANARY not in page_of(desk("dora"), walk).replace(FILE.name, "")
    assert WORDS not in follower(walk).get("/follow/petition/").content.decode()


def test_a_new_key_opens_it_once_a_handler_has_read_it_and_the_lost_one_never_again(
    cast: Any, bodies: Any
) -> None:
    walk = spoken_on(cast, bodies)
    new = losing.draw(walk.petition)
    assert OwnKey.objects.exclude(reader="").count() == OwnKey.objects.count() > 0
    record.change_key(walk.petition)
    page = with_key(walk, new)
    assert CANARY not in page
    assert "为您遗失的查询码封存" in page
    walk("write-author", "dora", message="金丝雀之后的话")
    assert "金丝雀之后的话" in with_key(walk, new), "what comes after it is closed for it"
    page_of(desk("dora"), walk)
    page = with_key(walk, new)
    assert all(words in page for words in (WORDS, SUBJECT, FILE.name, LATER.name, *SAID_LATER))
    assert "为您遗失的查询码封存" not in page
    lost, shown = reading_key(walk.ref, walk.key), walk.petition
    own.show(shown, lost)
    assert (shown.text, shown.opened) == ("", {})


def with_key(walk: Walk, key: str) -> str:
    browser = Client()
    browser.post("/follow/", {"follow_ref": walk.ref, "follow_key": key})
    return str(browser.get("/follow/petition/").content.decode())


# ---- what becomes a report


@pytest.mark.django_db(transaction=True)
def test_what_becomes_a_report_is_sealed_from_then_on(cast: Any) -> None:
    walk = Walk(lodge(uploads=[FILE], subject=SUBJECT, text=WORDS)).to("registered")
    plain = Attachment.objects.get().sha256
    walk("treat-as-report", "olga", **said("treat-as-report", walk.today))
    petition = Petition.objects.get()
    assert (petition.subject, petition.text) == (sealing.COVER.zh, "")
    assert Attachment.objects.get().sha256 != plain
    _vacuum()
    kept = everything_stored()
    for form in forms_of(WORDS):
        assert form not in kept
    assert WORDS in page_of(desk("dora"), walk)
    assert WORDS in follower(walk).get("/follow/petition/").content.decode()


def test_a_mixed_petition_is_sealed_with_the_report_that_is_split_off(cast: Any) -> None:
    walk = Walk(lodge(uploads=[FILE])).to("registered")
    parts = [
        {"part_kind": "claim", "part_subject": "路灯坏了", "part_text": "请修好路灯。"},
        {"part_kind": "report", "part_subject": SUBJECT, "part_text": WORDS, "part_files": "1"},
    ]
    walk("split", "olga", parts=parts, reasons="理由如下")
    report_part = Petition.objects.get(kind="report")
    assert report_part.text == Petition.objects.get(ref=walk.ref).text == ""
    assert Petition.objects.get(part_of__isnull=False, kind="claim").text == "请修好路灯。"
    for entry in walk.petition.entries.all():
        assert CANARY not in json.dumps(entry.contents, ensure_ascii=False)
    assert all(row.data_key for row in report_part.attachments.all())
    found = access.author_of(report_part.ref, walk.key)
    assert isinstance(found, tuple)
    own.show(found[1], own.reading_of(found[1], walk.key))
    assert (found[1].subject, found[1].text) == (SUBJECT, WORDS)


def test_a_file_that_comes_later_is_sealed_as_well(cast: Any) -> None:
    walk = report()
    later = Upload("又一份.txt", "金丝雀又来了".encode())
    added = Move("add-information", {"information": "见附件"})
    made = perform(walk.ref, added, access.Author(walk.ref), walk.now, uploads=[later])
    assert not isinstance(made, Refusal), made
    assert Attachment.objects.count() == 2
    for row in Attachment.objects.all():
        assert row.data_key
        assert CANARY.encode() not in attachments.read(row)


def test_reports_of_an_older_database_are_sealed_when_it_is_set_up(cast: Any) -> None:
    from huiyin.doors.cli.house import close_open_reports

    walk = Walk(lodge(uploads=[FILE], subject=SUBJECT, text=WORDS))
    walk("write-back", "author", message_back=SAID_LATER[0])
    Petition.objects.update(kind="report")
    close_open_reports()
    assert walk.petition.text == ""
    assert EntrySeal.objects.count() == 1
    assert SAID_LATER[0] in with_key(walk, walk.key)
    close_open_reports()
    assert EntrySeal.objects.count() == 1
    assert own.reading_of(walk.petition, walk.key)
    shown = walk.petition
    own.show(shown, own.reading_of(shown, walk.key))
    assert shown.text == WORDS


def _vacuum() -> None:
    """Overwrite freed pages, as the database does in time: what was open until now lay there."""
    with connections["default"].cursor() as cursor:
        cursor.execute("VACUUM")
        if connections["default"].vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
