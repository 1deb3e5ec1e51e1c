"""About splitting a mixed petition (arts. 29-31) into parts that each get an answer."""

from __future__ import annotations

from huiyin.core import parts
from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def whole(asked: Asked) -> Refusal | None:
    """It is not a part itself: a chain of parts is one that nobody can follow. Nor was it imported."""
    if asked.case.is_part:
        return refuse("already-part", asked.row.article)
    return refuse("imported-whole", asked.row.article) if asked.case.imported else None


def report_kept(asked: Asked) -> Refusal | None:
    """Splitting does not turn a report into something that its accused could be sent (charter 6)."""
    if asked.said is None or asked.case.kind != "report":
        return None
    kept = any(part["part_kind"] == "report" for part in asked.said["parts"])
    return None if kept else refuse("report-lost", asked.row.article)


def requests_kept(asked: Asked) -> Refusal | None:
    """Every request that was listed goes with a part: what is asked for is never shortened (art. 31)."""
    if asked.said is None or not asked.case.requests:
        return None
    kept: set[str] = set()
    for part in asked.said["parts"]:
        named = parts.chosen(part["part_requests"] or "", asked.case.requests)
        if named is None:
            return refuse("contents", asked.row.article, fields={"parts": "request-number"})
        kept.update(named)
    left = [request for request in asked.case.requests if request not in kept]
    return refuse("request-lost", asked.row.article, request=left[0]) if left else None


def left_behind(asked: Asked) -> Refusal | None:
    """Its author has an answer to another part of the same letter, and nobody owes one here by any date."""
    owed = any(clock.on_due == "breach" and clock.ended is None for clock in asked.case.clocks)
    if asked.situation.part_answered and not owed:
        return None
    return refuse("not-left-behind", asked.row.article)


GUARDS: dict[str, Guard] = {
    "whole": whole,
    "report-kept": report_kept,
    "requests-kept": requests_kept,
    "left-behind": left_behind,
}
