"""Lists of open cases: brought, looked through, taken over, forgotten. Opens nothing.

Whoever is killed on the way leaves the list as it was: each case is there whole or not at all, and the number
that it had keeps it from coming in twice (`taking_over`), so that the next one begins at the first line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from huiyin.core.text import Text
from huiyin.registry import keeping
from huiyin.registry.cases_file import COLUMNS, LOOKED, LOOKING, PROBLEM, TAKEN, TAKING, CasesFile
from huiyin.registry.models import Officer
from huiyin.registry.takeovers import Takeover
from huiyin.registry.taking_over import Told
from huiyin.vault.seal import file_seal, spend

SILENT = timedelta(seconds=90)  # since a line was gone through; then whoever went through it has died
MOST_TRIES = 3
KEPT = timedelta(days=7)  # for which a list, or the report on it, waits for somebody
AFTER = {LOOKING: LOOKED, TAKING: TAKEN}
TAKEN_OVER = "cases-taken-over"


def bring(
    name: str, headings: Sequence[str], content: bytes, takeover: Takeover, *, by: Officer, now: datetime
) -> CasesFile:
    """Keep a list that can be read, until it is taken over or dropped."""
    told = {"name": name, "headings": json.dumps(list(headings), ensure_ascii=False)}
    with transaction.atomic():
        sealed = file_seal(told, content, reading_key=None)
        row = CasesFile(takeover=takeover, by=by, at=now)
        row.data_key, row.told, row.content = sealed.data_key, sealed.label, sealed.content
        row.save(force_insert=True)
    return row


def files() -> QuerySet[CasesFile]:
    """All that wait, without their bytes."""
    rows = CasesFile.objects.select_related("takeover", "by").defer("content", "report")
    return rows.order_by("-at", "id")


# ---- what is asked of it


def ask(file: CasesFile, step: str, now: datetime, columns: Mapping[str, str] | None = None) -> bool:
    """Have it looked through (LOOKING, by these columns) or taken over (TAKING); False if that is not next.

    It is taken over by the columns by which it was looked through, and never without having been.
    """
    before = (COLUMNS, LOOKED) if step == LOOKING else (LOOKED,)
    new = {"state": step, "at": now, "tries": 0, "claimed_at": None, "gone_through": 0, "outcomes": {}}
    if columns is not None:
        new["columns"] = dict(columns)
    with transaction.atomic():
        waiting = CasesFile.objects.filter(pk=file.pk, state__in=before).exclude(content=None)
        return bool(waiting.update(**new))


def drop(file: CasesFile) -> None:
    """Destroy it with its report; what was taken over stays."""
    with transaction.atomic():
        _destroy(CasesFile.objects.filter(pk=file.pk))


def forget(now: datetime) -> int:
    """Destroy what nobody has touched for a week."""
    with transaction.atomic():
        return _destroy(CasesFile.objects.filter(at__lt=now - KEPT))


def _destroy(files: QuerySet[CasesFile]) -> int:
    rows = list(files.values_list("pk", "data_key", "report_key"))
    spend(key for _, *keys in rows for key in keys if key)
    gone: int = CasesFile.objects.filter(pk__in=[pk for pk, *_ in rows]).delete()[0]
    return gone


# ---- going through it


def claim(now: datetime) -> CasesFile | None:
    """The next list to go through, for whoever calls alone; None while another is gone through."""
    with transaction.atomic():
        waiting = CasesFile.objects.select_for_update().filter(state__in=AFTER)
        if waiting.filter(claimed_at__gt=now - SILENT).exists():
            return None
        waiting.filter(tries__gte=MOST_TRIES).update(state=PROBLEM, problem="stopped")
        found: CasesFile | None = waiting.filter(tries__lt=MOST_TRIES).order_by("at", "id").first()
        if found is None:
            return None
        found.claimed_at, found.tries, found.gone_through = now, found.tries + 1, 0
        found.save(update_fields=["claimed_at", "tries", "gone_through"])
    return found


def _ours(file: CasesFile) -> QuerySet[CasesFile]:
    return CasesFile.objects.filter(pk=file.pk, state=file.state, claimed_at=file.claimed_at)


def gone_through(file: CasesFile, lines: int, done: Counter[str], now: datetime) -> bool:
    """Say how far it is; False: somebody else goes through it by now, or it was dropped."""
    far = sum(n for outcome, n in done.items() if outcome != "late")
    with transaction.atomic():
        ours = _ours(file).update(claimed_at=now, lines=lines, gone_through=far, outcomes=dict(done))
    file.claimed_at = now
    return bool(ours)


def finished(file: CasesFile, report: Sequence[Told], done: Counter[str], now: datetime) -> None:
    """The last line is gone through. Once it was taken over, the list itself is destroyed here."""
    rows = json.dumps([_kept(each) for each in report], ensure_ascii=False).encode()
    with transaction.atomic():
        row = _ours(file).select_for_update().first()
        if row is None:
            return
        spend(key for key in (row.report_key,) if key)
        sealed = file_seal({}, rows, reading_key=None)
        row.report_key, row.report_told, row.report = sealed.data_key, sealed.label, sealed.content
        row.state, row.at, row.outcomes, row.gone_through = AFTER[row.state], now, dict(done), len(report)
        if row.state == TAKEN:
            spend(key for key in (row.data_key,) if key)
            row.data_key = row.told = row.content = None
            figures = {name: done[name] for name in ("taken", "here", "refused")}
            keeping.write_down(TAKEN_OVER, row.by, now, stated=row.takeover.source, **figures)
        row.save()


def stopped(file: CasesFile, problem: str) -> None:
    """It cannot be gone through: its bytes stay until somebody drops it, or a week is over."""
    with transaction.atomic():
        _ours(file).update(state=PROBLEM, problem=problem)


def _kept(told: Told) -> dict[str, object]:
    late = [[name, due.isoformat()] for name, due in told.late]
    return {
        "line": told.line,
        "number": told.number,
        "outcome": told.outcome,
        "ref": told.ref,
        "state": told.state,
        "late": late,
        "why": _both(told.why),
        "lacks": _both(told.lacks),
    }


def _both(said: Text | None) -> dict[str, str] | None:
    return {"zh": said.zh, "en": said.en} if said else None


def said_of(row: Mapping[str, Any], name: str) -> Text | None:
    """What a line of a report says of `why`, or of what it `lacks`."""
    said = row.get(name)
    return Text(said["zh"], said["en"]) if said else None
