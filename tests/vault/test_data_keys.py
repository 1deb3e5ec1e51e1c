"""Each seal has a data key of its own, outside of the database: changed without touching what it locks, and
destroyed so that a copy of the database opens nothing either.
"""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.conf import settings
from django.db import connection, connections

from huiyin.clerk.purge import purge
from huiyin.core import seal as boxes
from huiyin.registry import joining
from huiyin.registry.access import author_of
from huiyin.vault import destroy, keys, rotate, supply, unseal
from huiyin.vault.models import ContactSeal, IdentitySeal, SignerContact, SignerSeal, Spent
from huiyin.vault.seal import Author as Person
from huiyin.vault.store.models import DataKey
from tests.cast import NOW, lodge

WHO = Person(name="欧阳金丝雀", phone="13912345678", email="canary@example.test", address="鸟笼巷七号")


@pytest.fixture
def own_keys(db: Any, tmp_path: Path, settings: Any) -> Path:
    """A data folder of its own, so that its keys may be changed and destroyed."""
    settings.DATA_DIR = tmp_path
    keys.make_missing()
    supply.forget()
    return tmp_path / "keys"


def test_every_seal_has_a_key_of_its_own_and_no_key_names_a_petition(cast: Any) -> None:
    filed = [lodge(author=WHO) for _ in range(3)]
    seals = [*IdentitySeal.objects.all(), *ContactSeal.objects.all()]
    assert len({seal.data_key for seal in seals}) == 6
    assert {f.name for f in DataKey._meta.concrete_fields} == {"id", "purpose", "key_id", "wrapped"}
    assert [unseal.open_identity(each.petition.pk) for each in filed] == [WHO] * 3


def test_keys_are_made_ahead_so_that_the_next_filings_ask_the_key_store_nothing(
    cast: Any, django_assert_num_queries: Any
) -> None:
    lodge(author=WHO)
    with django_assert_num_queries(0, using="keys"):
        for _ in range(5):
            lodge(author=WHO)
    assert IdentitySeal.objects.count() == 6


def test_no_key_is_handed_out_twice_and_none_after_a_fork(
    house_keys: None, db: Any, monkeypatch: Any
) -> None:
    first = [supply.take(keys.IDENTITY) for _ in range(supply.AHEAD + 3)]
    assert len({each.id for each in first}) == len({each.key for each in first}) == len(first)
    monkeypatch.setattr("os.getpid", lambda: -1)
    assert supply.take(keys.IDENTITY).id not in {each.id for each in first}
    assert DataKey.objects.count() == 3 * supply.AHEAD
    assert not [text for each in first for text in (repr(each), str(each)) if each.key.hex() in text]


def test_a_key_that_lay_too_long_in_memory_is_thrown_away(
    house_keys: None, db: Any, monkeypatch: Any
) -> None:
    supply.take(keys.IDENTITY)
    monkeypatch.setattr("time.monotonic", lambda: 1e12)
    supply.take(keys.IDENTITY)
    assert DataKey.objects.count() == 2 * supply.AHEAD


def test_a_destroyed_key_erases_the_name_from_a_copy_of_the_database_too(cast: Any) -> None:
    filed = lodge(author=WHO)
    copy = IdentitySeal.objects.get()  # the row as a backup holds it
    destroy.destroy([copy.data_key])
    with pytest.raises(unseal.NothingSealed):
        unseal.open_identity(filed.petition.pk)
    left = [bytes(row.wrapped) for row in DataKey.objects.filter(purpose=keys.IDENTITY)]
    opened = [boxes.open_seal(each, keys.private(keys.IDENTITY)) for each in left]
    assert opened
    for key in opened:  # no other key of the store opens it
        with pytest.raises(boxes.SealBroken):
            boxes.unlock(bytes(copy.sealed), key, keys.IDENTITY)


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_destroyed_key_is_left_in_the_files_of_the_store(cast: Any) -> None:
    if connections["keys"].vendor != "sqlite":
        pytest.skip("the pages of SQLite; PostgreSQL is vacuumed")
    lodge(author=WHO)
    key = IdentitySeal.objects.get().data_key
    wrapped = bytes(DataKey.objects.get(pk=key).wrapped)
    path = Path(connections["keys"].settings_dict["NAME"])

    def found() -> bool:
        return any(wrapped in each.read_bytes() for each in path.parent.glob(f"{path.name}*"))

    assert found(), "else this would look in the wrong place"
    destroy.destroy([key])
    assert not found()


def test_who_takes_their_signature_back_takes_the_key_of_it_along(cast: Any) -> None:
    joint = lodge(author=WHO, joint=True)
    joined = joining.join(joint.invitation, Person(name="王五"), NOW)
    assert isinstance(joined, joining.Joined)
    found = author_of(joined.ref, joined.key)
    assert isinstance(found, tuple)
    mine = UUID(found[0].signature)
    gone = {model.objects.get(signature_id=mine).data_key for model in (SignerSeal, SignerContact)}
    assert joining.leave(found[0]) is None
    assert set(Spent.objects.values_list("pk", flat=True)) == gone
    purge(NOW)
    assert not Spent.objects.exists()
    assert not DataKey.objects.filter(pk__in=gone).exists()
    assert DataKey.objects.filter(pk=SignerSeal.objects.get().data_key).exists()


# ---- changing the pair


def test_a_pair_is_changed_and_every_seal_still_opens(cast: Any, own_keys: Path) -> None:
    filed = lodge(author=WHO)
    before, locked = keys.key_id(keys.IDENTITY), bytes(IdentitySeal.objects.get().sealed)
    old = keys.private(keys.IDENTITY)
    assert rotate.rotate(keys.IDENTITY) == supply.AHEAD
    assert keys.key_id(keys.IDENTITY) != before
    assert bytes(IdentitySeal.objects.get().sealed) == locked, "no content is touched"
    assert unseal.open_identity(filed.petition.pk) == WHO
    assert rotate.destroy_old(keys.IDENTITY) == 1
    assert old not in [path.read_bytes() for path in own_keys.iterdir()]
    assert unseal.open_identity(filed.petition.pk) == WHO
    assert unseal.open_identity(lodge(author=WHO).petition.pk) == WHO
    for row in DataKey.objects.filter(purpose=keys.IDENTITY):
        with pytest.raises(boxes.SealBroken):
            boxes.open_seal(bytes(row.wrapped), old)


def test_a_change_that_was_killed_half_way_opens_everything_and_goes_on(cast: Any, own_keys: Path) -> None:
    filed = lodge(author=WHO)
    keys.replace(keys.IDENTITY)  # and killed here
    assert unseal.open_identity(filed.petition.pk) == WHO
    with pytest.raises(rotate.StillNeeded):
        rotate.destroy_old(keys.IDENTITY)
    assert rotate.rewrap(keys.IDENTITY) == supply.AHEAD
    assert rotate.destroy_old(keys.IDENTITY) == 1
    assert unseal.open_identity(filed.petition.pk) == WHO


def test_a_running_process_seals_for_the_new_pair_at_once(cast: Any, own_keys: Path) -> None:
    lodge(author=WHO)
    rotate.rotate(keys.IDENTITY)
    lodge(author=WHO)
    newest = IdentitySeal.objects.order_by("-petition_id")[0]
    assert DataKey.objects.get(pk=newest.data_key).key_id == keys.key_id(keys.IDENTITY)


def test_the_shell_changes_the_pairs_and_destroys_the_old_ones(cast: Any, own_keys: Path) -> None:
    from huiyin.doors.cli.keys import keys as command

    filed = lodge(author=WHO)
    said = CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(command, ["rotate"])
    assert (said.exit_code, f"identity: {supply.AHEAD} wrapped anew" in said.output) == (0, True), said.output
    assert len(list(own_keys.glob("*-*.key"))) == 3
    said = CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(command, ["destroy-old"])
    assert said.exit_code == 0, said.output
    assert list(own_keys.glob("*-*.key")) == []
    assert unseal.open_identity(filed.petition.pk) == WHO


def test_all_key_files_stay_for_their_owner_alone(cast: Any, own_keys: Path) -> None:
    rotate.rotate(keys.IDENTITY)
    assert not [path.name for path in own_keys.iterdir() if path.stat().st_mode & 0o077]


# ---- what was sealed before


def test_a_box_of_an_earlier_version_moves_into_the_key_store_and_opens(cast: Any, own_keys: Path) -> None:
    """The data migration, on a row as it was: a box closed for the pair itself."""
    filed = lodge(author=WHO)
    row = IdentitySeal.objects.get()
    box = boxes.close('{"name": "欧阳金丝雀"}'.encode(), keys.public(keys.IDENTITY))
    old = _Old(row, box)
    module = importlib.import_module("huiyin.vault.migrations.0006_data_keys")
    module.move_boxes(_Apps(old), _Editor())
    assert unseal.open_identity(filed.petition.pk) == Person(name="欧阳金丝雀")
    rotate.rotate(keys.IDENTITY)
    rotate.destroy_old(keys.IDENTITY)
    assert unseal.open_identity(filed.petition.pk) == Person(name="欧阳金丝雀")


class _Old:
    """The one row of an earlier version, as the migration meets it."""

    def __init__(self, row: IdentitySeal, box: bytes) -> None:
        row.sealed, row.key_id = box, keys.key_id(keys.IDENTITY)  # type: ignore[attr-defined]
        self.row = row

    def using(self, alias: str) -> Any:
        return self

    def iterator(self) -> Any:
        return iter([self.row])


class _Apps:
    def __init__(self, old: _Old) -> None:
        self.old = old

    def get_model(self, label: str, name: str) -> Any:
        if label == "keystore":
            return apps.get_model(label, name)
        return type(name, (), {"objects": self.old if name == "IdentitySeal" else _None()})


class _None:
    def using(self, alias: str) -> Any:
        return self

    def iterator(self) -> Any:
        return iter([])


class _Editor:
    connection = connection


def test_the_key_store_lies_apart_and_for_its_owner_alone(house_keys: None) -> None:
    from huiyin.site import environment

    made = environment.key_store(Path(settings.DATA_DIR))
    place = Path(made["NAME"]).parent
    assert place != Path(settings.DATA_DIR)
    assert place.stat().st_mode & 0o077 == 0
    shutil.rmtree(place, ignore_errors=True)
