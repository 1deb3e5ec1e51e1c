"""Kinds of index on PostgreSQL, side by side: `python -m bench.reading.kinds ASKED`, prints JSON.

In an installation that `searched` has filled. Each finds the newest 201 petitions that hold the words,
without a look at who may see what: GIN with a token for each slice, which is ours; GIN that finds all and
sorts them; GIN on partitions, the newest first; and RUM, where it is installed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

from bench.reading.searched import CLASSES, query_of

PARTITION = 1 << 16
LISTED = 201
Ask = Callable[[Any, str], list[Any]]


def measure(asked: int) -> list[dict[str, Any]]:
    """Each class by each kind; what it took to build beside it, and its size in bytes."""
    from django.db import connection

    from huiyin.registry import searching

    made: list[dict[str, Any]] = []
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for kind, prepare, ask in _kinds(cursor):
            started = time.perf_counter()
            size = prepare(cursor)
            built = time.perf_counter() - started
            for name, queries in CLASSES.items():
                words = [searching.tsquery(query_of(each), ()) for each in queries]
                took = []
                for n in range(-len(words), asked):  # each once, to warm up
                    begun = time.perf_counter()
                    ask(cursor, words[n % len(words)])
                    took += [(time.perf_counter() - begun) * 1000] if n >= 0 else []
                made.append({"kind": kind, "class": name, "took": took, "built": built, "size": size})
    return made


def _kinds(cursor: Any) -> Iterator[tuple[str, Callable[[Any], int], Ask]]:
    yield "GIN, slices (ours)", lambda cursor: _size(cursor, "registry_indexed_words"), _by_slices
    yield "GIN, all sorted", lambda cursor: _size(cursor, "registry_indexed_words"), _all_sorted
    yield "GIN on partitions", _partitions, _newest_partition_first
    cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'rum'")
    if cursor.fetchone():
        yield "RUM", _rum, _by_rum


def _by_slices(cursor: Any, words: str) -> list[Any]:
    from huiyin.registry import searching

    asked, below = zip(*searching.newest_first(words), strict=True)
    cursor.execute(
        "SELECT found.petition_id FROM unnest(%s::text[]::tsquery[], %s::bigint[]) AS look(asked, below)"
        " CROSS JOIN LATERAL (SELECT petition_id FROM registry_indexed"
        " WHERE words @@ look.asked AND petition_id + 0 < look.below"
        " ORDER BY petition_id + 0 DESC) AS found LIMIT %s",
        [list(asked), list(below), LISTED],
    )
    return list(cursor.fetchall())


def _all_sorted(cursor: Any, words: str) -> list[Any]:
    cursor.execute(
        "WITH hits AS MATERIALIZED (SELECT petition_id FROM registry_indexed WHERE words @@ %s::tsquery)"
        " SELECT petition_id FROM hits ORDER BY petition_id DESC LIMIT %s",
        [words, LISTED],
    )
    return list(cursor.fetchall())


def _partitions(cursor: Any) -> int:
    if _is_there(cursor, "bench_parts"):
        return sum(_size(cursor, f"bench_parts_{n}_words") for n in _numbers(cursor))
    cursor.execute(
        "CREATE TABLE bench_parts (petition_id bigint, words tsvector) PARTITION BY RANGE (petition_id)"
    )
    for n in _numbers(cursor):
        low = n * PARTITION
        cursor.execute(
            f"CREATE TABLE bench_parts_{n} PARTITION OF bench_parts"
            f" FOR VALUES FROM ({low}) TO ({low + PARTITION})"
        )
        cursor.execute(
            f"INSERT INTO bench_parts_{n} SELECT petition_id, words FROM registry_indexed"
            f" WHERE petition_id >= {low} AND petition_id < {low + PARTITION}"
        )
        cursor.execute(f"CREATE INDEX bench_parts_{n}_words ON bench_parts_{n} USING gin (words)")
        cursor.execute(f"VACUUM ANALYZE bench_parts_{n}")
    return sum(_size(cursor, f"bench_parts_{n}_words") for n in _numbers(cursor))


def _numbers(cursor: Any) -> range:
    cursor.execute("SELECT max(petition_id) FROM registry_indexed")
    return range(cursor.fetchone()[0] // PARTITION, -1, -1)


def _newest_partition_first(cursor: Any, words: str) -> list[Any]:
    found: list[Any] = []
    for n in _numbers(cursor):
        cursor.execute(
            f"SELECT petition_id FROM bench_parts_{n} WHERE words @@ %s::tsquery"
            " ORDER BY petition_id + 0 DESC LIMIT %s",
            [words, LISTED - len(found)],
        )
        found += cursor.fetchall()
        if len(found) >= LISTED:
            break
    return found


def _rum(cursor: Any) -> int:
    cursor.execute("CREATE EXTENSION IF NOT EXISTS rum")
    if _is_there(cursor, "bench_rum_words"):
        return _size(cursor, "bench_rum_words")
    cursor.execute("CREATE TABLE bench_rum AS SELECT petition_id, words FROM registry_indexed")
    cursor.execute(
        "CREATE INDEX bench_rum_words ON bench_rum USING rum (words rum_tsvector_addon_ops, petition_id)"
        " WITH (attach = 'petition_id', to = 'words')"
    )
    cursor.execute("VACUUM ANALYZE bench_rum")
    return _size(cursor, "bench_rum_words")


def _by_rum(cursor: Any, words: str) -> list[Any]:
    cursor.execute(
        "SELECT petition_id FROM bench_rum WHERE words @@ %s::tsquery"
        " ORDER BY petition_id <=| 9223372036854775807 LIMIT %s",
        [words, LISTED],
    )
    return list(cursor.fetchall())


def _is_there(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
    return bool(cursor.fetchone()[0])


def _size(cursor: Any, name: str) -> int:
    cursor.execute("SELECT pg_relation_size(%s::regclass)", [name])
    return int(cursor.fetchone()[0])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    json.dump(measure(int(sys.argv[1])), sys.stdout)
