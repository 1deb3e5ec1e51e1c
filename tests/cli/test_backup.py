"""`huiyin backup` and `huiyin restore`: nothing lost, nothing changed, nothing erased that comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api import server

pytestmark = pytest.mark.engine

MADE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Clock, Outbox, Petition
from tests.cast import lodge, NOW
from huiyin.vault.seal import Author
filed = lodge(author=Author(name="金丝雀"), uploads=[Upload("灯.txt", "三盏灯".encode())])
Petition.objects.update(is_open=False); Clock.objects.update(state="met", ended=NOW.date())
Outbox.objects.update(sent_at=NOW)
print(filed.ref)
"""
ERASED = """
import django; django.setup()
from datetime import timedelta
from huiyin.registry import erasing
from tests.cast import NOW
later = NOW + timedelta(days=366 * 31)
for found in erasing.due(later.date()): erasing.erase(found, later, batch="1")
"""
LOOK = """
import django, json, sys; django.setup()
from huiyin.registry import attachments
from huiyin.registry.models import Attachment, Petition
from huiyin.vault import unseal
told = {}
for petition in Petition.objects.all():
    try: name = unseal.open_identity(petition.pk).name
    except LookupError: name = ""
    files = [attachments.read(each).decode() for each in petition.attachments.all()]
    told[petition.ref] = [petition.text, name, files]
json.dump(told, sys.stdout)
"""


class House:
    """An installation, and what is asked of it in processes of its own."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database

    def python(self, script: str) -> str:
        done = self._run([sys.executable, "-c", script])
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip()

    def huiyin(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, "-m", "huiyin.doors.cli", *words])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        here = server.environment(self.folder, self.database, zone="all")
        here |= {"DJANGO_SETTINGS_MODULE": "huiyin.site.settings", "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            command, env=here, cwd=server.HOUSE, capture_output=True, text=True, check=False
        )


URL = os.environ.get("HUIYIN_DATABASE_URL", "")


def test_a_backup_comes_back_whole_and_what_was_erased_since_is_erased_again(tmp_path: Path) -> None:
    with server.own_database(URL, tables=True) as first, server.own_database(URL) as second:
        old = House(tmp_path / "old", first)
        server.prepare(old.folder, first)
        ref = old.python(MADE)
        place, keys = tmp_path / "backup", tmp_path / "safe"
        made = old.huiyin("backup", str(place), "--keys", str(keys))
        assert made.returncode == 0, made.stderr
        assert "1 petitions" in made.stdout
        assert not [path for path in place.rglob("*") if "key" in path.name], (
            "no key lies beside what it opens"
        )
        before = json.loads(old.python(LOOK))
        assert before[ref][1:] == ["金丝雀", ["三盏灯"]]

        new = House(tmp_path / "new", second)
        done = new.huiyin("restore", str(place), "--keys", str(keys))
        assert done.returncode == 0, done.stderr
        assert json.loads(new.python(LOOK)) == before

        # Erased since, in the living key store: the older copy of the database must not bring it back.
        old.python(ERASED)
        (old.folder / "huiyin.sqlite3").unlink(missing_ok=True)
        for log in old.folder.glob("huiyin.sqlite3-*"):
            log.unlink()
        with server.own_database(URL) as third:
            again = House(old.folder, third)
            done = again.huiyin("restore", str(place))
            assert done.returncode == 0, done.stderr
            assert "1 erased again" in done.stdout
            assert json.loads(again.python(LOOK)) == {ref: ["", "", []]}


@pytest.mark.skipif(bool(URL), reason="the checks are the same on both; files are easier to spoil on SQLite")
def test_what_is_missing_or_changed_is_refused(tmp_path: Path) -> None:
    old = House(tmp_path / "old", "")
    server.prepare(old.folder)
    old.python(MADE)
    place = tmp_path / "backup"
    assert old.huiyin("backup", str(place)).returncode == 0
    assert old.huiyin("backup", str(place)).returncode == 1, "never over another one"
    keys_within = old.huiyin("backup", str(tmp_path / "b2"), "--keys", str(tmp_path / "b2" / "keys"))
    assert (keys_within.returncode, "apart" in keys_within.stderr) == (1, True)
    (file,) = [path for path in (place / "attachments").rglob("*") if path.is_file()]
    kept = file.read_bytes()
    file.write_bytes(b"changed")
    new = House(tmp_path / "new", "")
    refused = new.huiyin("restore", str(place))
    assert (refused.returncode, "was changed" in refused.stderr) == (1, True)
    file.unlink()
    assert "is missing" in new.huiyin("restore", str(place)).stderr
    file.write_bytes(kept)
    assert new.huiyin("restore", str(place)).returncode == 0
    assert "already" in new.huiyin("restore", str(place)).stderr


def test_copies_of_the_key_store_are_thrown_away_after_their_days(tmp_path: Path) -> None:
    old = House(tmp_path / "old", "")
    server.prepare(old.folder)
    keys = tmp_path / "safe"
    assert old.huiyin("backup", str(tmp_path / "b1"), "--keys", str(keys)).returncode == 0
    ancient = keys / "keystore" / "20200101T000000Z.sqlite3"
    ancient.write_bytes(b"")
    assert old.huiyin("backup", str(tmp_path / "b2"), "--keys", str(keys)).returncode == 0
    assert not ancient.exists()
    assert list((keys / "keystore").iterdir())


def test_a_closed_backup_opens_with_its_key_alone(tmp_path: Path) -> None:
    with server.own_database(URL, tables=True) as first, server.own_database(URL) as second:
        old = House(tmp_path / "old", first)
        server.prepare(old.folder, first)
        ref = old.python(MADE)
        key, other = tmp_path / "key.txt", tmp_path / "other.txt"
        public = old.huiyin("backup-identity", str(key)).stdout.strip()
        old.huiyin("backup-identity", str(other))
        assert key.stat().st_mode & 0o077 == 0
        assert old.huiyin("backup-identity", str(key)).returncode == 1, "never over another one"

        place, keys = tmp_path / "backup", tmp_path / "safe"
        made = old.huiyin("backup", str(place), "--keys", str(keys), "--recipient", public)
        assert made.returncode == 0, made.stderr
        lying = [path for folder in (place, keys) for path in folder.rglob("*") if path.is_file()]
        assert {path.suffix for path in lying} == {".age", ".json"}
        assert not any(
            word.encode() in path.read_bytes() for path in lying for word in (ref, "路灯", "三盏灯")
        )
        assert not (old.folder / ".backup-in-the-works").exists()

        new = House(tmp_path / "new", second)
        restore = ("restore", str(place), "--keys", str(keys))
        assert "--identity" in new.huiyin(*restore).stderr
        refused = new.huiyin(*restore, "--identity", str(other))
        assert (refused.returncode, "not opened by this key" in refused.stderr) == (1, True)
        done = new.huiyin(*restore, "--identity", str(key))
        assert done.returncode == 0, done.stderr
        assert json.loads(new.python(LOOK)) == json.loads(old.python(LOOK))
        assert not (new.folder / ".backup-in-the-works").exists()


def test_a_recipient_that_is_none_is_refused_before_anything_is_copied(tmp_path: Path) -> None:
    old = House(tmp_path / "old", "")
    server.prepare(old.folder)
    refused = old.huiyin("backup", str(tmp_path / "b"), "--recipient", "age1nothing")
    assert (refused.returncode, "age recipient" in refused.stderr) == (1, True)
    assert not (tmp_path / "b").exists()
