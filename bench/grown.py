"""Large installations on PostgreSQL, where the demonstration was built: `python -m bench.grown COUNT [KIND]`.

Its petitions were really filed and performed. The database copies those named in BANDS, each with its clocks,
entries, notices, tasks and holdings, until there are COUNT: the newest are at the law's first steps, most of
the oldest are closed. All days of a copy are moved by one number; no term that runs ends before tomorrow, so
nothing waits for the sweep. A text is put together of two halves, twenty thousand of each. `open`: only what
a sweep reads, one running term each, with a dash in place of the text. `board`: all petitions with their
terms, tasks and holdings, a dash in place of the text, and of the entries only those that a board asks for.

Left out, to save disk: the bytes of seals, the public bytes and salts of entries, and the key store. Not
moved: days within JSON (skipped days, the clocks that an entry names). Every rule of the database holds for
the rows; foreign keys alone are not looked at while they go in.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import django

from bench.reading.generated import Writer

SEED = 8
HALVES = 20_000
SLOTS = 1024
STEP = (
    16  # rows of one petition in one table, at most: a copy's number is its petition's, times this, and more
)


@dataclass(frozen=True, slots=True)
class Band:
    """Petitions of one age: from which share of all on, how many days old, and the parts of what they are
    copies of, by the name in demonstration.toml.
    """

    start: float
    oldest: int
    youngest: int
    parts: dict[str, int]


CLOSED = {
    "online-shop": 500,
    "demolition-again": 60,
    "work-injury": 120,
    "bus-hours": 80,
    "roof-sign": 150,
    "garden-wall": 50,
    "parking-refused": 20,
    "noise-barrier": 10,
    "courtyard-trees": 2,
    "shop-front": 6,
}
LATE = {"public-toilet": 10, "school-crossing": 8, "stopped-lift": 8}
AT_WORK = {
    "lift-stretcher": 300,
    "lift-seven": 180,
    "illegal-shed": 100,
    "lift-knee": 100,
    "kitchen-fumes": 100,
    "unlicensed-dentist": 100,
    "deposit": 60,
    "cycle-lane": 60,
    "tactile-paving": 14,
    "playground": 10,
}
NEW = {
    "lift-repairs": 150,
    "water-notice": 150,
    "lift-children": 150,
    "water-baby": 150,
    "water-pump": 100,
    "night-works": 124,
    "lift": 100,
    "village-road": 100,
}
BANDS = (
    Band(0.0, 1100, 52, CLOSED | LATE),
    Band(0.9, 50, 13, AT_WORK),
    Band(0.975, 12, 0, NEW),
)
RUNNING = (Band(0.0, 50, 0, {"lift-stretcher": 1}),)  # for the sweep: each with one running term

# Table -> what its rows are ordered by, where they have numbers of their own.
COPIED = {
    "registry_petition": "",
    "registry_clock": "seq",
    "registry_entry": "seq",
    "registry_outbox": "id",
    "registry_holding": "id",
    "registry_task": "seq",
    "vault_identityseal": "",
}
FOR_THE_SWEEP = ("registry_petition", "registry_clock", "registry_holding")
FOR_THE_BOARD = (*FOR_THE_SWEEP, "registry_entry", "registry_task")
TABLES = {"": tuple(COPIED), "open": FOR_THE_SWEEP, "board": FOR_THE_BOARD}


def fill(count: int, kind: str = "") -> dict[str, float]:
    """Put so many petitions in place of those that are there; seconds by what took them."""
    from django.db import connection, transaction

    took: dict[str, float] = {}
    tables = TABLES[kind]
    with connection.cursor() as cursor:
        _keep_models(cursor)
        with transaction.atomic():  # what is emptied and filled in one transaction needs no write-ahead log
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("SET LOCAL work_mem = '256MB'")
            cursor.execute("TRUNCATE registry_petition CASCADE")
            later = list(_drop_indexes(cursor, (*tables, "registry_indexed")))
            _draw(cursor, count, RUNNING if kind == "open" else BANDS)
            for table in tables:
                _timed(took, table, cursor, _copying(cursor, table, kind))
            if not kind:
                _timed(took, "registry_indexed", cursor, INDEXED)
                cursor.execute(OPENED)
            for statement in later:
                _timed(took, statement.split(" ON ")[0].rpartition(" ")[2], cursor, statement)
            _set_numbers(cursor, tables)
            cursor.execute("DROP TABLE bench_row")
        started = time.perf_counter()
        cursor.execute(
            f"VACUUM (ANALYZE, PARALLEL 0) {', '.join((*tables, 'registry_indexed', 'registry_opened'))}"
        )
        took["vacuum"] = time.perf_counter() - started
    return took


def _timed(took: dict[str, float], name: str, cursor: Any, statement: str) -> None:
    started = time.perf_counter()
    cursor.execute(statement)
    took[name] = time.perf_counter() - started
    print(f"{name}: {took[name]:.0f} s", file=sys.stderr, flush=True)


# ---- what is copied


def _keep_models(cursor: Any) -> None:
    """Set the demonstration's petitions and halves of texts aside; once."""
    cursor.execute("SELECT to_regclass('bench_half')")
    if cursor.fetchone()[0]:
        return
    _tell(cursor)
    for table, order in COPIED.items():
        nth = f"row_number() OVER (PARTITION BY petition_id ORDER BY {order}) - 1" if order else "0"
        cursor.execute(f"CREATE TABLE bench_{table} AS SELECT *, {nth} AS nth FROM {table}")
    cursor.execute(
        "ALTER TABLE bench_registry_petition ADD holders tsvector, ADD late boolean;"
        "UPDATE bench_registry_petition p SET late = coalesce(next_due < current_date, false), holders ="
        " (SELECT array_to_tsvector(array_agg('b' || body_id)) FROM registry_holding"
        " WHERE petition_id = p.id)"
    )
    cursor.execute(
        "ALTER TABLE bench_registry_outbox ADD entry_nth bigint;"
        "UPDATE bench_registry_outbox o SET entry_nth = e.nth"
        " FROM bench_registry_entry e WHERE e.id = o.entry_id"
    )
    cursor.execute("CREATE TABLE bench_half (k int, first boolean, subject text, text text, words tsvector)")
    with cursor.copy("COPY bench_half FROM STDIN") as copy:
        for row in _halves():
            copy.write_row(row)
    cursor.execute("CREATE UNIQUE INDEX ON bench_half (first, k)")


def _tell(cursor: Any) -> None:
    """Write the notices of the demonstration's steps, which lie in the past, so that none was sent; and a
    reminder of each term that runs.
    """
    cursor.execute(
        "INSERT INTO registry_outbox"
        " (petition_id, entry_id, audience, notice, mark, created_at, sent_at, attempts, error)"
        " SELECT petition_id, id, 'author', notice, '', recorded_at, recorded_at, 1, '' FROM registry_entry"
        " WHERE notice <> '' UNION ALL SELECT petition_id, NULL, 'officer', 'reminder', seq || '/5/' || due,"
        " due - interval '5 days', due - interval '5 days', 1, '' FROM registry_clock WHERE state = 'running'"
    )


def _halves() -> Iterator[tuple[int, bool, str, str, str]]:
    """First halves, with their subject, and second ones: each with its tokens, as `file` would have them."""
    from huiyin.reading import tokens
    from huiyin.registry import indexing
    from huiyin.registry.indexed import vector

    for k, (subject, text) in enumerate(islice(Writer(SEED).many(2 * HALVES), 2 * HALVES)):
        first, rest = text.split("。", 1)
        if k % 2:
            half = "。".join(rest.rstrip("。").split("。")[-2:]) + "。"
            yield k // 2, False, "", half, vector(tokens.tokens(half))
        else:
            said = [*tokens.tokens(subject) * indexing.SUBJECT_WEIGHT, *tokens.tokens(first)]
            yield k // 2, True, subject, f"{first}。", vector(said)


# ---- where each copy stands


def _draw(cursor: Any, count: int, bands: Sequence[Band]) -> None:
    """For each petition to come: whose copy it is, by how many days it is moved, and its two halves."""
    from huiyin.registry import demonstration

    cursor.execute("SELECT subject, id FROM bench_registry_petition")
    known = dict(cursor.fetchall())
    numbers = {each["name"]: known.get(each["subject"]) for each in demonstration._data()["petitions"]}  # noqa: SLF001 - their names
    cursor.execute("CREATE TEMPORARY TABLE bench_slot (band int, slot int, model bigint) ON COMMIT DROP")
    for nth, each in enumerate(bands):
        models = [numbers[name] for name, parts in each.parts.items() for _ in range(parts)]
        rows = [(nth, slot, models[slot * len(models) // SLOTS]) for slot in range(SLOTS)]
        cursor.executemany("INSERT INTO bench_slot VALUES (%s, %s, %s)", rows)
    band = "CASE " + " ".join(
        f"WHEN n > {each.start} * {count} THEN {len(bands) - 1 - k}" for k, each in enumerate(reversed(bands))
    )
    ends = [*(each.start for each in bands[1:]), 1.0]
    age = "CASE band " + " ".join(
        f"WHEN {k} THEN {each.oldest} - ({each.oldest - each.youngest}) * (n - {each.start} * {count})"
        f" / ({(end - each.start) * count})"
        for k, (each, end) in enumerate(zip(bands, ends, strict=True))
    )
    cursor.execute(
        f"""CREATE TABLE bench_row AS
        SELECT n, s.model, m.late,
            (current_date - round({age} END)::int) - m.lodged_at::date AS moved,
            make_interval(secs => hashint8extended(n, 2) & 8191) AS later,
            current_date + 1 + (hashint8extended(n, 3) & 63)::int AS soon,
            ((hashint8extended(n, 4) & 1073741823) % {HALVES})::int AS one,
            ((hashint8extended(n, 5) & 1073741823) % {HALVES})::int AS other
        FROM (SELECT n, {band} END AS band FROM generate_series(1, {count}::bigint) n) drawn
        JOIN bench_slot s USING (band)
        JOIN bench_registry_petition m ON m.id = s.model
        WHERE s.slot = (hashint8extended(n, 1) & {SLOTS - 1}) ORDER BY n"""
    )
    cursor.execute("ANALYZE bench_row")


def _copying(cursor: Any, table: str, kind: str) -> str:
    """INSERT … SELECT of all copies of one table's rows."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s ORDER BY 1",
        [table],
    )
    columns = dict(cursor.fetchall())
    its = {name: _moved(name, of) for name, of in columns.items()}
    its |= OWN.get(table, {})
    if table != "registry_petition":
        its["petition_id"] = "r.n"
        if "id" in columns:
            its["id"] = f"r.n * {STEP} + t.nth"
    else:
        its["id"] = "r.n"
    joins = [f"JOIN bench_{table} t ON t.{'id' if table == 'registry_petition' else 'petition_id'} = r.model"]
    if kind:
        its |= {"subject": "'-'", "text": "'-'"} if table == "registry_petition" else {}
        joins += [LEFT_OUT[kind, table]] if (kind, table) in LEFT_OUT else []
    elif table == "registry_petition":
        joins += [
            "JOIN bench_half a ON a.first AND a.k = r.one",
            "JOIN bench_half b ON NOT b.first AND b.k = r.other",
        ]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(its[name] for name in columns)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM bench_row r {' '.join(joins)}"


def _moved(name: str, kind: str) -> str:
    if kind == "date":
        return f't."{name}" + r.moved'
    if kind.startswith("timestamp"):
        return f't."{name}" + make_interval(days => r.moved) + r.later'
    return f't."{name}"'


LEFT_OUT = {
    ("open", "registry_clock"): "WHERE t.state = 'running'",
    ("board", "registry_entry"): "WHERE t.event IN"
    " ('accepted', 'clock-missed', 'served', 'suggestion-answered', 'duty-answer-issued', 'registered',"
    " 'transferred', 'assigned', 'objected', 'returned', 'objection-rejected', 'opinion-issued',"
    " 'review-opinion-issued', 'rereview-opinion-issued', 'supervision-closed', 'rated')",
}
HANDLER = "(SELECT id FROM registry_officer WHERE login = 'handler')"
BUREAU = "(SELECT id FROM registry_body WHERE code = 'qinghe-zj')"
OWN: dict[str, dict[str, str]] = {
    "registry_petition": {
        "ref": "'HY-' || upper(substr(md5(r.n::text), 1, 14))",
        "subject": "a.subject",
        "text": "a.text || b.text",
        "key_hash": r"'\x00'::bytea",
        "next_due": "CASE WHEN t.late OR t.next_due IS NULL THEN t.next_due + r.moved"
        " ELSE greatest(t.next_due + r.moved, r.soon) END",
        "remedy": "CASE WHEN t.is_open THEN t.remedy WHEN t.remedy <> '' THEN 'confirmed' ELSE '' END",
        "officer_id": f"CASE WHEN t.is_open AND t.holder_id = {BUREAU} AND r.n % 4 = 0 THEN {HANDLER} END",
    },
    "registry_clock": {
        "due": "CASE WHEN t.state = 'running' THEN greatest(t.due + r.moved, r.soon)"
        " ELSE t.due + r.moved END",
        "remind_on": "CASE WHEN t.state = 'running' AND t.remind_on IS NOT NULL"
        " THEN greatest(t.due + r.moved - 5, r.soon - 1) END",
    },
    "registry_entry": {
        "number": f"r.n * {STEP} + t.nth",
        "public": r"'\x00'::bytea",
        "salt": r"'\x00'::bytea",
    },
    "registry_outbox": {"entry_id": f"r.n * {STEP} + t.entry_nth"},
    "vault_identityseal": {"sealed": r"'\x00'::bytea"},
}
INDEXED = """INSERT INTO registry_indexed (petition_id, words, mask_version)
    SELECT r.n, a.words || b.words || m.holders || array_to_tsvector(ARRAY['s' || (r.n >> 14)::text]),
        (SELECT max(mask_version) FROM registry_indexed)
    FROM bench_row r JOIN bench_registry_petition m ON m.id = r.model
    JOIN bench_half a ON a.first AND a.k = r.one JOIN bench_half b ON NOT b.first AND b.k = r.other"""
# Whoever has a petition on their desk has read most of what is new in it.
OPENED = f"""INSERT INTO registry_opened (petition_id, officer_id, version)
    SELECT id, officer_id, version FROM registry_petition
    WHERE officer_id = {HANDLER} AND is_open AND id % 8 <> 0"""


# ---- indexes


def _drop_indexes(cursor: Any, tables: Sequence[str]) -> Iterator[str]:
    """Drop what no constraint needs; yields what makes it anew."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE schemaname = 'public' AND tablename = ANY(%s) AND NOT EXISTS"
        " (SELECT FROM pg_constraint WHERE conname = indexname)",
        [list(tables)],
    )
    for name, made in cursor.fetchall():
        cursor.execute(f'DROP INDEX "{name}"')
        yield made


def _set_numbers(cursor: Any, tables: Sequence[str]) -> None:
    for table in tables:
        cursor.execute(
            "SELECT pg_get_serial_sequence(%s, 'id') WHERE EXISTS"
            " (SELECT FROM information_schema.columns WHERE table_name = %s AND column_name = 'id')",
            [table, table],
        )
        if found := cursor.fetchone():
            cursor.execute(f"SELECT setval('{found[0]}', (SELECT max(id) + 1 FROM {table}))")


def main(words: Sequence[str]) -> None:
    if words == ["demonstrate"]:
        from django.utils import timezone

        from huiyin.registry import demonstration

        demonstration.build(timezone.now())
        json.dump({}, sys.stdout)
        return
    json.dump(fill(int(words[0]), *words[1:]), sys.stdout)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    main(sys.argv[1:])
