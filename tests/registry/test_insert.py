"""Rows that point to one another go in together, and know their numbers afterwards."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from huiyin.core.refusal import Refusal
from huiyin.registry import file as filing
from huiyin.registry.file import Filed, file
from huiyin.registry.insert import insert, new_row
from huiyin.registry.models import Body, Entry, Holding, Outbox, Petition
from tests.cast import NOW, lodge, lodging, make_bodies


def petition_at(body: Body, ref: str = "HY-00000-00001") -> Petition:
    return Petition(
        ref=ref, jurisdiction="cn", kind="claim", subject="%s 题", text="a'b\n😀", channel="web",
        key_hash=bytes(range(32)), state="lodged", holder=body, took_part=[["a", "b"]], lodged_at=NOW,
        moved_at=NOW,
    )  # fmt: skip


def entry_of(petition: Petition, seq: int = 1) -> Entry:
    return Entry(
        petition=petition, seq=seq, recorded_at=NOW, event="lodged", role="author", body="xf",
        rulebook="cn-2022", article="22.1", state="lodged", contents={"a": None}, salt=b"\x00s", public=b"p",
    )  # fmt: skip


def test_rows_come_back_as_they_went_in(bodies: dict[str, Body]) -> None:
    petition = petition_at(bodies["xf"])
    entry = entry_of(petition)
    holding = Holding(petition=petition, body=bodies["xf"], since=NOW)
    notice = Outbox(petition=petition, entry=entry, audience="author", notice="receipt", created_at=NOW)
    insert([petition, entry, holding, notice])
    kept = Petition.objects.get(pk=petition.pk)
    for field in Petition._meta.concrete_fields:
        read, written = getattr(kept, field.attname), getattr(petition, field.attname)
        assert (bytes(read) if isinstance(read, memoryview) else read) == written, field
    assert Entry.objects.get(pk=entry.pk).petition_id == petition.pk
    assert bytes(Entry.objects.get(pk=entry.pk).salt) == b"\x00s"
    assert (notice.petition_id, notice.entry_id) == (petition.pk, entry.pk)
    assert Holding.objects.get(pk=holding.pk).petition_id == petition.pk


def test_row_may_point_to_one_that_is_there_already(lodged: Filed) -> None:
    entry = entry_of(lodged.petition, 2)
    insert([entry])
    assert Entry.objects.get(pk=entry.pk).petition_id == lodged.petition.pk


def test_two_petitions_in_one_go_keep_their_own(bodies: dict[str, Body]) -> None:
    both = [petition_at(bodies["xf"], f"HY-00000-0000{n}") for n in (1, 2)]
    entries = [entry_of(petition) for petition in both]
    insert([*both, *entries])
    assert both[0].pk != both[1].pk
    assert [entry.petition_id for entry in entries] == [petition.pk for petition in both]
    assert dict(Entry.objects.values_list("pk", "petition__ref")) == {
        entry.pk: petition.ref for entry, petition in zip(entries, both, strict=True)
    }


def test_nothing_to_insert_is_nothing_asked(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        insert([])
    assert not queries.captured_queries


def test_broken_row_leaves_nothing_of_the_others(bodies: dict[str, Body]) -> None:
    petition = petition_at(bodies["xf"])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([petition, entry_of(petition), entry_of(petition)])
    assert not Petition.objects.exists()
    assert not Entry.objects.exists()


def test_filing_on_postgresql_writes_all_rows_in_one_statement(bodies: dict[str, Body]) -> None:
    lodge()
    with CaptureQueriesContext(connection) as queries:
        lodge()
    writing = [q["sql"] for q in queries.captured_queries if "INSERT INTO" in q["sql"]]
    assert sum(sql.count("INSERT INTO") for sql in writing) == 8
    assert len(writing) == (1 if connection.vendor == "postgresql" else 8)


@pytest.mark.django_db(transaction=True)
def test_filing_in_nobodys_transaction_is_all_or_nothing(house_keys: None) -> None:
    make_bodies()
    lodge(source="s", source_id="1")
    with CaptureQueriesContext(connection) as queries:
        refused = file(lodging(source="s", source_id="1"), now=NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "already-imported"
    assert Petition.objects.count() == Entry.objects.count() == Holding.objects.count() == 1
    began = [q["sql"] for q in queries.captured_queries if q["sql"].startswith("BEGIN")]
    assert len(began) == (0 if connection.vendor == "postgresql" else 1)


def test_new_row_is_what_its_model_makes_of_nothing() -> None:
    for model in apps.get_app_config("registry").get_models():
        made, plain = new_row(model), model()
        for field in model._meta.concrete_fields:
            written, usual = getattr(made, field.attname), getattr(plain, field.attname)
            assert written == usual or (callable(field.default) and type(written) is type(usual)), field
        assert made._state.adding
        assert made._state.db is None


def test_new_row_points_to_others_and_shares_no_list(bodies: dict[str, Body]) -> None:
    petition = petition_at(bodies["xf"])
    one, other = (
        new_row(Petition, holder=bodies["xf"], other=None),
        new_row(Petition, holder_id=bodies["jt"].pk),
    )
    assert (one.holder_id, one.holder, one.other_id) == (bodies["xf"].pk, bodies["xf"], None)
    assert other.holder == bodies["jt"]
    assert one.marks == {}
    assert one.marks is not other.marks
    assert new_row(Holding, petition=petition).petition is petition


def test_new_row_has_no_field_that_its_model_lacks() -> None:
    with pytest.raises(TypeError, match="no field colour"):
        new_row(Petition, ref="HY-00000-00001", colour="red")


@pytest.mark.parametrize("kind", ["claim", "suggestion", "report"])
def test_rows_of_a_filing_are_those_that_django_would_write(
    kind: str, bodies: dict[str, Body], house_keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted: list[Model] = []

    def kept(rows: list[Model]) -> None:
        drafted.extend(rows)
        insert(rows)

    monkeypatch.setattr(filing, "insert", kept)
    against = ("jt",) if kind == "report" else ()
    filed = file(lodging(kind=kind, against=against), now=NOW.astimezone(timezone(timedelta(hours=8))))
    assert isinstance(filed, Filed)
    assert len(drafted) == 8
    ours = [_cells(row) for row in drafted]
    for row in reversed(drafted):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE {_key(row)} = %s", [row.pk])
    for row in drafted:
        row.save(force_insert=True)
    assert [_cells(row) for row in drafted] == ours


def _cells(row: Model) -> dict[str, Any]:
    """What lies in the table, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {row._meta.db_table} WHERE {_key(row)} = %s", [row.pk])
        found = cursor.fetchone()
        names = [column[0] for column in cursor.description]
    return dict(zip(names, (bytes(v) if isinstance(v, memoryview) else v for v in found), strict=True))


def _key(row: Model) -> str:
    return str(row._meta.pk.column)
