"""The search, measured inside an installation: `python -m bench.reading.searched COUNT ASKED`, prints JSON.

Fills the registry with COUNT made-up petitions and their index rows, unless it is filled, and asks our own
search, as two officers, the queries of each class until ASKED answers were timed. Beside it, in the same run,
a LIKE scan.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

import django

from bench.reading.generated import Writer
from huiyin.reading.query import Query

SEED = 55
A_BATCH = 10_000
YEARS = 3
# Where they lie: an officer who may see much, and one who may see little.
SHARES = {"zj": 30, "jt": 39, "xian": 30, "jw": 1}
SEEN = {"a third of all": "zj", "one in a hundred": "jw"}
CLASSES: dict[str, tuple[str, ...]] = {
    "two characters, common": ("居民", "反映", "我们", "电梯", "老人", "物业", "部门", "尽快"),
    "two characters, rarer": ("疫苗", "光缆", "粉尘", "驾校", "押金", "夜市", "锈蚀", "庄稼"),
    "phrase": (
        *("维修资金", "消防通道", "长期无人管理", "拆迁安置房"),
        *('"停供 半年"', "业主委员会", "高压线", "冬天没有办法取暖"),
    ),
    "two terms": (
        *("电梯 物业", "居民 反映", "路灯 老人", "疫苗 合同"),
        *("工资 工友", "噪音 学生", "井盖 堵塞", "污水 庄稼"),
    ),
    "one and not another": ("电梯 -物业", "居民 -反映", "路灯 -老人", "工资 -公司"),
    "rare": ("鹤汀", "寨洼青", "渡墩阁", "墩阁云", "榆洼", "垸垄青", "坡杏渡", "湾荷石"),
    "absent": ("鲸鱼座", "量子纠缠", "珊瑚礁", "北极光", "居民 鲸鱼座", "电梯 珊瑚礁"),
}  # fmt: skip


def fill(count: int) -> dict[str, float]:
    """Insert petitions, who holds them, and their index rows, in batches; seconds by what took them."""
    from django.db import connection

    took = {"written": 0.0, "indexed": 0.0}
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgres:
            # No trigger asks after each row: what they would do is done in one go below.
            cursor.execute("SET maintenance_work_mem = '1GB'; SET session_replication_role = replica")
            cursor.execute("DROP INDEX registry_indexed_words")
        else:
            cursor.execute("PRAGMA synchronous = OFF")
        _load(count, took)
        started = time.perf_counter()
        if postgres:
            cursor.execute(
                "CREATE INDEX registry_indexed_words ON registry_indexed USING gin (words)"
                " WITH (gin_pending_list_limit = 512)"
            )
            cursor.execute("VACUUM ANALYZE registry_indexed")
            cursor.execute("VACUUM ANALYZE registry_petition")
        else:
            cursor.execute("INSERT INTO registry_indexed_fts(registry_indexed_fts) VALUES ('optimize')")
        cursor.execute("ANALYZE")
        took["indexed"] += time.perf_counter() - started
    return took


def _load(count: int, took: dict[str, float]) -> None:
    from django.db import connection, transaction

    from huiyin.reading import tokens
    from huiyin.registry import indexing
    from huiyin.registry.indexed import vector
    from huiyin.registry.models import Body

    bodies = dict(Body.objects.values_list("code", "pk"))
    draw, written = random.Random(SEED), Writer(SEED).many(count)
    now, number = datetime.now(UTC), 0
    postgres = connection.vendor == "postgresql"
    model = _model()
    while batch := list(islice(written, A_BATCH)):
        rows: list[tuple[Any, ...]] = []
        for subject, text in batch:
            number += 1
            body = bodies[draw.choices([*SHARES], [*SHARES.values()])[0]]
            cut = tokens.tokens(subject)
            # The texts name nobody, so nothing has to be cut out; everything else is as `file` has it.
            said = (indexing.holder_token(body), *cut * indexing.SUBJECT_WEIGHT, *tokens.tokens(text))
            lodged = now - timedelta(days=365 * YEARS * (1 - number / count))
            words = vector(said) if postgres else " ".join(said)
            rows.append((f"HY-{number:010d}", subject, text, body, lodged.isoformat(), words))
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            _insert(cursor, rows, model, postgres=postgres)
        took["written"] += time.perf_counter() - started


def _model() -> int:
    """One petition that all others take what is the same in all of them from."""
    from huiyin.registry.models import Body, Petition

    now = datetime.now(UTC)
    made = Petition.objects.create(
        ref="HY-MODEL", jurisdiction="cn", kind="claim", subject="x", text="x", channel="web",
        state="accepted", key_hash=b"0" * 32, holder=Body.objects.get(code="xf"), lodged_at=now, moved_at=now,
    )  # fmt: skip
    return int(made.pk)


def _insert(cursor: Any, rows: list[tuple[Any, ...]], model: int, *, postgres: bool) -> None:
    from huiyin.registry.models import Petition

    own = {"id", "ref", "subject", "text", "holder_id", "lodged_at"}
    rest = ", ".join(f'"{f.column}"' for f in Petition._meta.concrete_fields if f.column not in own)
    its = ", ".join(f'm."{f.column}"' for f in Petition._meta.concrete_fields if f.column not in own)
    cursor.execute("DROP TABLE IF EXISTS bench_new")
    cursor.execute(
        "CREATE TEMPORARY TABLE bench_new"
        " (ref text, subject text, text text, holder bigint, lodged text, words text)"
    )
    if postgres:
        with cursor.copy("COPY bench_new FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.executemany("INSERT INTO bench_new VALUES (%s, %s, %s, %s, %s, %s)", rows)
    lodged = "n.lodged::timestamptz" if postgres else "replace(substr(n.lodged, 1, 26), 'T', ' ')"
    sliced = "n.words::tsvector || array_to_tsvector(ARRAY['s' || (p.id >> 14)::text])"
    words = sliced if postgres else "n.words"
    cursor.execute(
        f"INSERT INTO registry_petition (ref, subject, text, holder_id, lodged_at, {rest})"
        f" SELECT n.ref, n.subject, n.text, n.holder, {lodged}, {its}"
        " FROM bench_new n JOIN registry_petition m ON m.id = %s ORDER BY n.ref",
        [model],
    )
    cursor.execute(
        "INSERT INTO registry_holding (petition_id, body_id, since) SELECT p.id, p.holder_id, p.lodged_at"
        " FROM bench_new n JOIN registry_petition p ON p.ref = n.ref"
    )
    cursor.execute(
        f"INSERT INTO registry_indexed (petition_id, words) SELECT p.id, {words}"
        " FROM bench_new n JOIN registry_petition p ON p.ref = n.ref ORDER BY p.id"
    )


# ---- asking


def measure(asked: int) -> list[dict[str, Any]]:
    """Ask each class, as each officer."""
    from huiyin.registry import searching

    made = []
    for seen, code in SEEN.items():
        acting = _officer(code)
        for name, queries in CLASSES.items():
            read = [query_of(each) for each in queries]
            took, found = _timed(asked, read, partial(searching.search, acting))
            made.append({"class": name, "seen": seen, "took": took, "found": found})
    return made


def query_of(said: str) -> Query:
    from huiyin.registry import searching

    read = searching.asked(said)
    assert isinstance(read, Query), (said, read)
    return read


def _timed(asked: int, queries: list[Any], ask: Callable[[Any], Any]) -> tuple[list[float], list[int]]:
    took, found = [], [len(ask(each).pks) for each in queries]
    for n in range(asked):
        started = time.perf_counter()
        ask(queries[n % len(queries)])
        took.append((time.perf_counter() - started) * 1000)
    return took, found


def _officer(code: str) -> Any:
    from huiyin.registry.access import Acting
    from huiyin.registry.models import Body, Officer, Role

    login = f"bench-{code}"
    officer = Officer.objects.filter(login=login).first()
    if officer is None:
        officer = Officer.objects.create_officer(login, None, name="Bench")
        Role.objects.create(officer=officer, body=Body.objects.get(code=code), role="handler")
    return Acting(officer, datetime.now(UTC).date())


def scans(rounds: int) -> list[float]:
    """What looking at each text costs: LIKE, the newest twenty, of a word that is in none."""
    from django.db import connection

    took = []
    with connection.cursor() as cursor:
        for word in islice(_words(), rounds):
            started = time.perf_counter()
            cursor.execute(
                "SELECT id FROM registry_petition WHERE subject LIKE %s OR text LIKE %s"
                " ORDER BY id DESC LIMIT 20",
                [f"%{word}%"] * 2,
            )
            cursor.fetchall()
            took.append((time.perf_counter() - started) * 1000)
    return took


def _words() -> Iterator[str]:
    while True:
        yield from ("鲸鱼座", "量子纠缠", "珊瑚礁", "北极光")


def sizes() -> dict[str, int]:
    """Bytes of the index, of its rows, and of the petitions."""
    from django.db import connection

    tables = ("registry_indexed_words", "registry_indexed", "registry_petition")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname, pg_relation_size(oid) + CASE WHEN reltoastrelid = 0 THEN 0"
                " ELSE pg_relation_size(reltoastrelid) END FROM pg_class WHERE relname = ANY(%s)",
                [list(tables)],
            )
            return dict(cursor.fetchall())
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_size")
        return {"file": pages * cursor.fetchone()[0]}


def main(count: int, asked: int) -> None:
    from huiyin.registry.indexed import Indexed

    took = fill(count) if not Indexed.objects.exists() else {}
    slow = scans(3)
    made = measure(asked)
    slow += scans(3)
    json.dump({"fill": took, "scan": slow, "classes": made, "sizes": sizes()}, sys.stdout)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
