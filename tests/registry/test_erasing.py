"""What the law no longer keeps is erased: content, files and keys go; a tombstone and the proofs stay."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from huiyin.clerk import publishing
from huiyin.clerk.retention import erase_due
from huiyin.core import ledger, notes
from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.doors.cli import house
from huiyin.doors.cli.words import Problem
from huiyin.registry import access, erasing, inclusion
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Attachment, Clock, Entry, Outbox, Petition, Tombstone
from huiyin.registry.perform import perform
from huiyin.registry.receipt import receipt_key
from huiyin.vault import certificate, unseal
from huiyin.vault.models import IdentitySeal, Spent
from huiyin.vault.store.models import DataKey, Erased
from tests.cast import NOW, Walk, lodge

LATER = NOW + timedelta(days=366 * 31)
TODAY = LATER.date()


def ended(**changes: Any) -> Walk:
    """A petition whose last step lies 31 years back at LATER."""
    walk = Walk(lodge(uploads=[Upload("灯.txt", "三盏灯".encode())], **changes))
    Petition.objects.filter(ref=walk.ref).update(is_open=False)
    Clock.objects.filter(petition__ref=walk.ref).update(state="met", ended=NOW.date())
    Outbox.objects.filter(petition__ref=walk.ref).update(sent_at=NOW)
    return walk


def the(walk: Walk, today: date = TODAY) -> erasing.Due:
    return next(each for each in erasing.due(today) if each.petition.ref == walk.ref)


@pytest.mark.parametrize("kind", ["claim", "report"])
def test_the_content_goes_and_a_tombstone_stays(cast: Any, kind: str) -> None:
    walk = ended(kind=kind, text="三盏灯不亮")
    key, path = IdentitySeal.objects.get().data_key, _stored()
    stone = erasing.erase(the(walk), LATER, batch="2057")
    assert (stone.erased_on, stone.complete_on) == (TODAY, TODAY + timedelta(days=30))
    assert (stone.ground, stone.batch) == ("house", "2057")
    left = Petition.objects.get(ref=walk.ref)
    assert (left.subject, left.text, left.erased_on) == ("", "", TODAY)
    assert not Attachment.objects.exists()
    assert not path.exists()
    assert not IdentitySeal.objects.exists()
    assert not DataKey.objects.filter(pk=key).exists()
    assert not Spent.objects.exists()
    with pytest.raises(unseal.NothingSealed):
        unseal.open_identity(left.pk)
    (entry,) = Entry.objects.filter(petition=left)
    assert (entry.contents, bytes(entry.salt), entry.officer) == ({}, b"", None)


def _stored() -> Path:
    from django.conf import settings

    from huiyin.registry.stores import Folder

    return Folder(settings.ATTACHMENTS_DIR).path_of(Attachment.objects.get().sha256)


def test_whatever_hangs_on_a_petition_goes_unless_it_is_named(cast: Any) -> None:
    walk = ended()
    erasing.erase(the(walk), LATER, batch="1")
    pk = walk.petition.pk
    hanging = list(erasing.hanging_on_a_petition())
    assert {"identityseal", "attachment", "draft"} <= {rel.related_model._meta.model_name for rel in hanging}
    for rel in hanging:
        assert not rel.related_model._default_manager.filter(**{rel.field.name: pk}).exists(), rel


def test_the_receipt_still_proves_what_it_proved(cast: Any) -> None:
    walk = ended()
    public = bytes(Entry.objects.get().public)
    erasing.erase(the(walk), LATER, batch="1")
    told = notes.read_note(walk.filed.receipt, receipt_key())
    assert bytes(Entry.objects.get().public) == public
    assert f"entry {ledger.digest(public)}" in told


def test_nothing_goes_before_its_time(cast: Any) -> None:
    ended(kind="claim")
    last = NOW.date().replace(year=NOW.year + 30)
    assert not list(erasing.due(last))
    assert [each.since for each in erasing.due(last + timedelta(days=1))] == [last]


def test_a_suggestion_is_kept_for_ten_years_and_a_claim_for_thirty(cast: Any) -> None:
    ended(kind="claim")
    ended(kind="suggestion")
    day = NOW.date().replace(year=NOW.year + 11)
    assert [each.petition.kind for each in erasing.due(day)] == ["suggestion"]


def test_pending_terms_notices_and_holds_keep_it(cast: Any) -> None:
    walk = ended()
    Clock.objects.update(state="running", ended=None)
    assert the(walk).kept_by == ("clock",)
    Clock.objects.update(state="met", ended=NOW.date())
    Outbox.objects.update(sent_at=None)
    assert the(walk).kept_by == ("notice",)
    Outbox.objects.update(sent_at=NOW)
    until = TODAY + timedelta(days=90)
    erasing.hold(walk.petition, ground="诉讼中", article="民诉法", until=until, by=cast["olga"], today=TODAY)
    assert the(walk).kept_by == ("hold",)
    assert erase_due(LATER) == 0
    erasing.lift(walk.petition, TODAY)
    assert erase_due(LATER) == 1
    assert erase_due(LATER) == 0


def test_a_hold_ends_with_its_last_day(cast: Any) -> None:
    walk = ended()
    erasing.hold(walk.petition, ground="诉讼中", article="x", until=TODAY, by=cast["olga"], today=TODAY)
    assert the(walk).kept_by == ("hold",)
    assert the(walk, TODAY + timedelta(days=1)).kept_by == ()


def test_its_author_is_told_by_key_and_no_one_else_sees_anything(cast: Any) -> None:
    walk = ended(text="三盏灯不亮")
    erasing.erase(the(walk), LATER, batch="1")
    browser = Client()
    browser.cookies["huiyin_language"] = "en"
    browser.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    for address in ("/follow/petition/", "/follow/petition/download/"):
        page = browser.get(address).content.decode()
        assert "This petition has been erased" in page
        assert walk.ref in page
        assert "2057" in page
    answer = Client().get(f"/api/v1/petitions/{walk.ref}", headers={"Huiyin-Key": walk.key})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "erased")
    made = perform(walk.ref, Move("rate", {"rating": "satisfied"}), access.Author(walk.ref), LATER)
    assert isinstance(made, Refusal)
    assert made.code == "erased"
    desk = Client()
    desk.force_login(cast["olga"])
    assert desk.get(f"/desk/p/{walk.ref}/").status_code == 404


def test_its_author_is_told_ahead_until_when_it_is_kept(cast: Any) -> None:
    walk = ended()
    browser = Client()
    browser.cookies["huiyin_language"] = "en"
    browser.post("/follow/", {"follow_ref": walk.ref, "follow_key": walk.key})
    assert "Its content is kept until" in browser.get("/follow/petition/").content.decode()


def test_a_database_from_before_an_erasure_is_not_served_until_it_is_erased_again(cast: Any) -> None:
    walk = ended(text="三盏灯不亮")
    before = Petition.objects.filter(ref=walk.ref).values().get()
    erasing.erase(the(walk), LATER, batch="1")
    assert erasing.behind() == []
    Tombstone.objects.all().delete()  # as an older copy of the database has it
    Petition.objects.filter(ref=walk.ref).update(**before)
    assert [each.ref for each in erasing.behind()] == [walk.ref]
    with pytest.raises(Problem):
        house.refuse_if_brought_back()
    assert erasing.again(LATER) == 1
    house.refuse_if_brought_back()
    assert Petition.objects.get(ref=walk.ref).text == ""
    assert Tombstone.objects.get().complete_on == Erased.objects.get().complete_on


def test_a_dry_run_erases_nothing(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner
    from django.utils import timezone

    from huiyin.doors.cli.erase import erase

    walk = ended()
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    said = CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(erase, ["--dry-run"])
    assert said.exit_code == 0, said.output
    assert walk.ref in said.output
    assert not Tombstone.objects.exists()
    assert CliRunner().invoke(erase, []).exit_code == 0
    assert Tombstone.objects.count() == 1


def test_what_was_saved_on_day_one_still_proves_it_when_content_and_server_are_gone(
    settings: Any, cast: Any, tmp_path: Path
) -> None:
    """Receipt, proof and the log's key are all that is left to whoever lodged."""
    settings.LOG_DIR = tmp_path / "log"
    walk = ended()
    publishing.publish(NOW)
    saved = str(inclusion.of_lodging(walk.petition, walk.filed.receipt.encode()))
    key = certificate.log_key()
    erase_due(LATER)
    assert Petition.objects.get(ref=walk.ref).text == ""
    publishing.publish(LATER)
    shutil.rmtree(settings.LOG_DIR)

    kept = tmp_path / "my.tlog-proof"
    kept.write_text(saved, encoding="utf-8")
    words = [sys.executable, "-m", "huiyin.doors.cli", "verify", str(kept), "--key", key]
    # In a process of its own, without a data folder, a database or a network.
    alone = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    done = subprocess.run(words, env=alone, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"acknowledged petition {walk.ref}" in done.stdout
    assert "stands in the public log as number 0" in done.stdout
