"""Names go in and do not come out again, except by a move that the author sees."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from huiyin.core.refusal import Refusal
from huiyin.core.seal import SealBroken
from huiyin.registry.attachments import Upload
from huiyin.registry.file import Filed, file
from huiyin.registry.models import Petition
from huiyin.registry.story import story_of
from huiyin.vault import keys, unseal
from huiyin.vault.models import ContactSeal, IdentitySeal
from huiyin.vault.seal import Author as Person
from huiyin.vault.store.models import DataKey
from tests.cast import NOW, Walk, lodge, lodging, said

WHO = Person(name="欧阳金丝雀", phone="13912345678", email="canary@example.test", address="鸟笼巷七号")


@pytest.fixture
def public_zone(house_keys: None, settings: Any) -> Any:
    """The process that files: the private halves are not even there."""
    settings.ZONE = "public"
    folder = settings.DATA_DIR / "keys"
    hidden = [folder / f"{name}.key" for name in (keys.IDENTITY, keys.CONTACT)]
    for path in hidden:
        path.rename(path.with_suffix(".away"))
    yield settings
    for path in hidden:
        path.with_suffix(".away").rename(path)


def test_filing_needs_public_keys_only(cast: Any, public_zone: Any) -> None:
    lodge(author=WHO)
    assert IdentitySeal.objects.count() == 1
    assert ContactSeal.objects.count() == 1


def test_the_public_zone_refuses_a_private_key_even_where_it_lies_about(
    house_keys: None, settings: Any
) -> None:
    settings.ZONE = "public"
    for name in (keys.IDENTITY, keys.CONTACT):
        with pytest.raises(keys.KeyRefused):
            keys.private(name)


def test_nothing_opens_in_the_public_zone(cast: Any, settings: Any) -> None:
    filed = lodge(author=WHO)
    settings.ZONE = "public"
    for open_seal in (unseal.open_identity, unseal.open_contact):
        with pytest.raises(keys.KeyRefused):
            open_seal(filed.petition.pk)


def test_identity_and_contact_are_two_seals_under_two_keys(cast: Any) -> None:
    filed = lodge(author=WHO)
    identity, contact = IdentitySeal.objects.get(), ContactSeal.objects.get()
    pairs = dict(DataKey.objects.values_list("pk", "key_id"))
    assert pairs[identity.data_key] != pairs[contact.data_key]
    assert unseal.open_identity(filed.petition.pk) == WHO
    assert unseal.open_contact(filed.petition.pk) == Person(phone=WHO.phone, email=WHO.email)
    contact.sealed = bytes(identity.sealed)
    contact.save()
    with pytest.raises(SealBroken):
        unseal.open_contact(filed.petition.pk)


def test_a_changed_seal_opens_nothing(cast: Any) -> None:
    filed = lodge(author=WHO)
    row = IdentitySeal.objects.get()
    row.sealed = bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1])
    row.save()
    with pytest.raises(SealBroken) as caught:
        unseal.open_identity(filed.petition.pk)
    assert WHO.name not in str(caught.value)


def test_the_same_name_is_never_sealed_alike(cast: Any) -> None:
    """Else equal seals would gather what one person lodged (charter 1)."""
    lodge(author=WHO)
    lodge(author=WHO)
    assert len({bytes(row.sealed) for row in IdentitySeal.objects.all()}) == 2


def test_an_anonymous_author_leaves_no_seal_and_loses_no_clock(cast: Any) -> None:
    anonymous, named = lodge(author=Person()), lodge(author=WHO)
    assert list(IdentitySeal.objects.values_list("petition_id", flat=True)) == [named.petition.pk]
    assert list(ContactSeal.objects.values_list("petition_id", flat=True)) == [named.petition.pk]
    assert [(c.name, c.due) for c in anonymous.clocks] == [(c.name, c.due) for c in named.clocks]
    with pytest.raises(unseal.NothingSealed):
        unseal.open_identity(anonymous.petition.pk)


def test_a_name_without_a_contact_gives_the_courier_nothing(cast: Any) -> None:
    filed = lodge(author=Person(name="王五", address="某地"))
    assert IdentitySeal.objects.exists()
    with pytest.raises(unseal.NothingSealed):
        unseal.open_contact(filed.petition.pk)


def test_a_petition_that_is_refused_seals_nothing(cast: Any) -> None:
    assert isinstance(file(lodging(subject="", author=WHO), now=NOW), Refusal)
    assert not IdentitySeal.objects.exists()


def test_a_person_never_shows_in_a_repr() -> None:
    assert "金丝雀" not in f"{WHO} {WHO!r} {lodging(author=WHO)!r} {[WHO]}"


# ---- keys


def test_keys_are_for_their_owner_alone(house_keys: None) -> None:
    folder = settings.DATA_DIR / "keys"
    assert folder.stat().st_mode & 0o077 == 0
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_keys_are_made_once_and_a_start_that_died_is_finished(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    assert keys.make_missing() == ["identity", "courier", "relief", *keys.SIGNING]
    before = {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    assert keys.make_missing() == []
    (tmp_path / "keys" / "identity.pub").unlink()  # killed between the two halves
    assert keys.make_missing() == ["identity"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before


# ---- the canary


@pytest.mark.django_db(transaction=True)
def test_fifty_planted_names_are_found_nowhere(cast: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    planted = []
    for n in range(50):
        who = Person(f"金丝雀{n:03}号", f"139{n:08}", f"canary{n:03}@example.test", f"鸟笼巷{n:03}号")
        filed = lodge(author=who, uploads=[Upload(f"附件{n}.txt", b"light %d" % n)])
        planted.append(filed)
    stored = everything_stored()
    assert "路灯坏了".encode() in stored, "else this would look in the wrong place"
    for needle in ("金丝雀", "鸟笼巷", "canary0", "13900000"):
        for form in forms_of(needle):
            assert form not in stored, needle
        assert needle not in caplog.text
        assert not [p for p in Path(settings.DATA_DIR).rglob("*") if needle in p.name]
    assert _read_back(planted[7]) == Person(
        "金丝雀007号", "13900000007", "canary007@example.test", "鸟笼巷007号"
    )


def everything_stored() -> bytes:
    """Every byte of database and key store: SQLite's files with their logs, or all rows of PostgreSQL."""
    return b"".join(_stored(connections[alias]) for alias in ("default", "keys"))


def _stored(connection: BaseDatabaseWrapper) -> bytes:
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        connection.close()
        return b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*"))
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows).encode()


def forms_of(needle: str) -> tuple[bytes, ...]:
    """A word as it could lie about: as UTF-8, as UTF-16, in hexadecimal, escaped in JSON."""
    escaped = json.dumps(needle)[1:-1].encode()
    return (needle.encode(), needle.encode("utf-16-le"), needle.encode().hex().encode(), escaped)


def _read_back(filed: Filed) -> Person:
    walk = Walk(filed).to("transferred")
    walk("unseal", "otto", **said("unseal", walk.today))
    return unseal.open_identity(filed.petition.pk)


# ---- opening is a move


def test_an_opening_stands_on_the_authors_timeline_with_purpose_and_words(walk: Walk) -> None:
    walk.to("transferred")
    walk("unseal", "otto", **said("unseal", walk.today))
    story = story_of(Petition.objects.get(), served_only=True)
    (opening,) = story.openings
    assert (opening.body.zh, opening.words.zh) == ("县住建局", "寄送处理意见书")
    assert opening.purpose.zh
    assert "seal-opened" in [told.event for told in story.timeline]


@pytest.mark.parametrize("login", ["hedda", "sven", "ada", "audrey", "tina", "clerk", "courier"])
def test_who_does_not_handle_the_petition_opens_nothing(walk: Walk, login: str) -> None:
    walk.to("transferred")
    assert isinstance(walk.ask("unseal", login, **said("unseal", walk.today)), Refusal)


@pytest.mark.parametrize("contents", [{}, {"purpose": "serve"}, {"purpose": "curiosity", "words": "x"}])
def test_an_opening_needs_a_purpose_of_the_closed_list_and_words(
    walk: Walk, contents: dict[str, str]
) -> None:
    walk.to("transferred")
    refused = walk.ask("unseal", "otto", **contents)
    assert isinstance(refused, Refusal)
    assert refused.code == "contents"
