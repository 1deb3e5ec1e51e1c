"""About earlier petitions on the same matter, found by reference and never by a person."""

from __future__ import annotations

from huiyin.core.guards.asked import Asked, Guard
from huiyin.core.refusal import Refusal, refuse


def served_rereview(asked: Asked) -> Refusal | None:
    """Art. 36.3: only a served re-review ends the way through the same facts and reasons."""
    if asked.said is None:
        return None
    served = asked.situation.prior is not None and asked.situation.prior.state == "closed-final"
    return None if served else refuse("no-served-rereview", asked.row.article)


def comparison_complete(asked: Asked) -> Refusal | None:
    """Request by request, facts and reasons are the same (art. 36.3); one that differs is taken up."""
    if asked.said is None:
        return None
    same = all(line["same_facts"] and line["same_reasons"] for line in asked.said["comparison"])
    return None if same else refuse("comparison-differs", asked.row.article)


def prior_still_in_time(asked: Asked) -> Refusal | None:
    """The ground (art. 19.3) is open only while the other body handles the matter and is not late."""
    if asked.said is None or asked.said["ground"] != "being-handled":
        return None
    grounds = (choice for content in asked.row.contents for choice in content.choices)
    article = next((ground.article for ground in grounds if ground.code == "being-handled"), "")
    if asked.situation.prior is None:
        return refuse("prior-needed", article)
    in_time_there = asked.situation.prior.handling_live and not asked.situation.prior.handling_missed
    return None if in_time_there else refuse("prior-not-in-time", article)


def prior_late(asked: Asked) -> Refusal | None:
    """Art. 19.3 stands while the other body is in time, and not a day longer."""
    prior = asked.situation.prior
    if prior is not None and prior.handling_live and not prior.handling_missed:
        return refuse("prior-in-time", asked.row.article)
    return None


def fits_simple(asked: Asked) -> Refusal | None:
    """What the case itself knows against the simple track; the officer confirms the rest."""
    if asked.case.lodged_before:
        return refuse("simple-again", asked.row.article)
    if asked.situation.signatures > 1:
        return refuse("simple-joint", asked.row.article)
    return refuse("simple-assigned", asked.row.article) if asked.case.latest("report") else None


GUARDS: dict[str, Guard] = {
    "served-rereview": served_rereview,
    "comparison-complete": comparison_complete,
    "prior-still-in-time": prior_still_in_time,
    "prior-late": prior_late,
    "fits-simple": fits_simple,
}
