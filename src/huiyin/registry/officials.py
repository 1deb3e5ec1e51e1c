"""The two reports about officials that the law orders: counts by body, and nothing that could hold a name.

To the personnel department (art. 30.2) and, for a tour of inspection, to its body (art. 41.2). They are made
of closed fields alone: body, class, state, period. No text of a petition, no author, no accused in words; a
count below five is not said, for it could point at one petition.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.core.correspondence import Kind
from huiyin.core.counts import shown
from huiyin.core.refusal import Refusal, refuse
from huiyin.core.text import Text
from huiyin.registry import access, law
from huiyin.registry.access import Acting
from huiyin.registry.correspondence import BodyLetter
from huiyin.registry.models import Accused, Body, Petition

ANSWERS_TO = Text("不能发给下级单位或者被反映的单位", "it cannot go to a body that it speaks of")


def reports_on(day: date) -> dict[str, Kind]:
    """The reports that the law of that day orders."""
    return {code: kind for code, kind in law.in_force(day).correspondence.items() if kind.counted}


def figures(acting: Acting, receiver: Body, first: date, last: date) -> dict[str, Any]:
    """What the report says: for each body reported, how many, how many handed over; small counts left out.

    Bodies that the receiver is, or answers to, are left out: nobody reads about themselves (charter 6).
    """
    untold = {receiver.code, *receiver.answers_to}
    rows = Accused.objects.filter(petition__in=_reports(acting, first, last)).exclude(body__code__in=untold)
    counted: Counter[str] = Counter()
    handed: Counter[str] = Counter()
    for code, state in rows.values_list("body__code", "petition__state"):
        counted[code] += 1
        handed[code] += state in {"handing-over", "handed-over"}
    lines = [
        {"body": code, "reports": shown(n), "handed_over": shown(handed[code], of=n)}
        for code, n in sorted(counted.items())
    ]
    return {"first": first.isoformat(), "last": last.isoformat(), "lines": lines}


def send(
    kind: str, sender: Body, receiver: Body, *, first: date, last: date, acting: Acting, now: datetime
) -> BodyLetter | Refusal:
    """Send one of the two reports, with what was counted."""
    rule = reports_on(law.at(now)[1])[kind]
    if sender.code not in acting.codes({"supervisor"}) or sender.kind not in rule.by:
        return refuse("wrong-role", rule.article)
    if receiver == sender or sender.as_core().levels_above(receiver.as_core()) > 1:
        return Refusal("contents", ANSWERS_TO, rule.article, {"receiver": ANSWERS_TO})
    return BodyLetter.objects.create(
        sender=sender,
        receiver=receiver,
        kind=kind,
        figures=figures(acting, receiver, first, last),
        sent_at=now,
        sent_by=acting.officer,
    )


def _reports(acting: Acting, first: date, last: date) -> Any:
    zone = ZoneInfo(law.in_force(last).zone)
    start, end = (
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )
    seen = access.visible_to(acting).filter(kind="report", lodged_at__gte=start, lodged_at__lt=end)
    return Petition.objects.filter(pk__in=seen.values("pk"))
