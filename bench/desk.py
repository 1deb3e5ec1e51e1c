"""The officer's inbox, measured inside the installation: `python -m bench.desk COUNT ASKED`, prints JSON.

Fills the registry up to COUNT made-up petitions with their clocks, signs an officer in, and asks for the
inbox ASKED times through Django's whole stack.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from django.db.models import Model

    from huiyin.registry.models import Body, Officer, Petition

MODELS = 1_000
REF_LENGTH = 13  # of a model; a copy has its number behind it
LOGIN = "bench"
TEXT = "我们小区三号楼前的路灯坏了三个月，晚上看不见路，老人孩子进出都不安全。" * 5
# Where they lie: a bench of equal shares would flatter whoever sits at a small body.
SHARES = {"zj": 30, "jt": 30, "xf": 20, "xian": 15, "jw": 5}
OPEN = 0.2  # still waiting; the rest is closed
REPORTS = 0.05


def fill(count: int) -> None:
    """Insert made-up petitions until there are that many: a thousand by hand, the rest copied from them."""
    from django.db import connection, transaction

    from huiyin.registry.models import Accused, Body, Clock, Holding, Petition

    bodies = {body.code: body for body in Body.objects.all()}
    with transaction.atomic():
        if not Petition.objects.exists():
            draw, now = random.Random(1), datetime.now(UTC)  # the same registry every time
            made = [_petition(draw, number, bodies, now) for number in range(MODELS)]
            made = Petition.objects.bulk_create(made)
            Holding.objects.bulk_create([Holding(petition=p, body=p.holder, since=now) for p in made])
            Clock.objects.bulk_create([clock for p in made for clock in _clocks(p)])
            reports = [p for p in made if p.kind == "report"]
            Accused.objects.bulk_create([Accused(petition=p, body=bodies["jt"]) for p in reports])
        for copy in range(Petition.objects.count() // MODELS, count // MODELS):
            _copy(copy)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(number: int) -> None:
    """Copy the models once more, with new references, inside the database."""
    from django.db import connection

    from huiyin.registry.models import Accused, Clock, Holding, Petition

    given: list[str | int] = [f"-{number}", REF_LENGTH]
    with connection.cursor() as cursor:
        names = _columns(Petition, "ref")
        cursor.execute(
            f"INSERT INTO registry_petition (ref, {', '.join(names)}) SELECT ref || %s, {', '.join(names)} "
            "FROM registry_petition WHERE length(ref) = %s",
            given,
        )
        for model in (Holding, Clock, Accused):
            table, names = model._meta.db_table, _columns(model, "petition_id")
            cursor.execute(
                f"INSERT INTO {table} (petition_id, {', '.join(names)}) "
                f"SELECT new.id, {', '.join(f'its.{name}' for name in names)} FROM {table} its "
                "JOIN registry_petition old ON old.id = its.petition_id "
                "JOIN registry_petition new ON new.ref = old.ref || %s WHERE length(old.ref) = %s",
                given,
            )


def _columns(model: type[Model], but: str) -> list[str]:
    return [f'"{field.column}"' for field in model._meta.concrete_fields if field.column not in {"id", but}]


def _petition(draw: random.Random, number: int, bodies: dict[str, Body], now: datetime) -> Petition:
    from huiyin.registry.models import Petition

    is_open = draw.random() < OPEN
    is_report = draw.random() < REPORTS
    lodged = now - timedelta(days=draw.uniform(0, 60 if is_open else 900))
    code = "jw" if is_report else draw.choices([*SHARES], [*SHARES.values()])[0]
    return Petition(
        ref=f"HY-{number:010d}",
        jurisdiction="cn",
        kind="report" if is_report else "claim",
        subject=f"路灯坏了 {number}",
        text=TEXT,
        channel="web",
        key_hash=number.to_bytes(32, "big"),
        state="accepted" if is_open else "closed-final",
        is_open=is_open,
        holder=bodies[code],
        lodged_at=lodged,
        moved_at=lodged,
        next_due=lodged.date() + timedelta(days=60) if is_open else None,
    )


def _clocks(petition: Petition) -> Iterator[Any]:
    start = petition.lodged_at.date()
    yield _clock(petition, 1, "notice", start, days=15, article="23.3", state="met")
    state = "running" if petition.is_open else "met"
    yield _clock(petition, 2, "handling", start, days=60, article="34", state=state)


def _clock(
    petition: Petition, seq: int, name: str, start: date, *, days: int, article: str, state: str
) -> Any:
    from huiyin.registry.models import Clock

    due = start + timedelta(days=days)
    return Clock(
        petition=petition, seq=seq, name=name, rulebook="cn-2022", article=article, unit="day", days=days,
        roll="next-workday", on_due="breach", kind="law", start=start, end=due, due=due, provisional=False,
        state=state, ended=None if state == "running" else due,
    )  # fmt: skip


def officer() -> Officer:
    """A handler at the housing bureau, whose own password is already theirs."""
    from huiyin.registry.models import Body, Officer, Role

    found = Officer.objects.filter(login=LOGIN).first()
    if found is None:
        found = Officer.objects.create_officer(LOGIN, None, name="Bench")
        Role.objects.create(officer=found, body=Body.objects.get(code="zj"), role="handler")
    return found


def measure(asked: int) -> dict[str, Any]:
    """Ask for the inbox again and again."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from huiyin.registry.models import Petition

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(officer())
    for _ in range(5):
        answer = client.get("/desk/")
        assert answer.status_code == 200, (answer.status_code, answer.headers)
    assert "路灯坏了" in answer.content.decode(), "the inbox shows nothing"
    with CaptureQueriesContext(connection) as queries:
        client.get("/desk/")
    asked_for = list(queries.captured_queries)
    took = []
    for _ in range(asked):
        started = time.perf_counter()
        client.get("/desk/")
        took.append((time.perf_counter() - started) * 1000)
    slowest = max(asked_for, key=lambda query: float(query["time"]))
    mine = Petition.objects.filter(holder__code="zj", is_open=True).count()
    return {
        "queries": len(asked_for),
        "took": took,
        "mine": mine,
        "bytes": len(answer.content),
        "slowest": slowest,
    }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    fill(int(sys.argv[1]))
    json.dump(measure(int(sys.argv[2])), sys.stdout)
