"""End what has run out: a missed term is a breach, a remedy lapses, a withdrawal or a posting takes effect.

Each is a move like any other, made by the clerk in a transaction of its own. Two sweeps at once are
harmless: the second one is refused, since the clock no longer runs or the petition has moved on.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date, datetime

from django.db import DatabaseError
from django.db.models import QuerySet

from huiyin.clerk import batches
from huiyin.clerk.batches import Found
from huiyin.core.case import Move
from huiyin.core.conditions import POSTED, POSTING
from huiyin.core.refusal import Refusal
from huiyin.registry import law
from huiyin.registry.access import CLERK
from huiyin.registry.models import RUNS, Clock, Petition
from huiyin.registry.perform import perform

log = logging.getLogger("huiyin.clerk")

# What passing the last day means -> the move that puts it on record.
VERBS = {"breach": "breach", "lapse": "lapse"}
# What was waited for when nobody took it back, by the name of its clock.
EFFECTS = {
    "withdrawal": "withdraw",
    "settlement": "settle",
    "recusal": "pass-up-recusal",
    "sitting": "end-sitting",
    "test": "run-on",
    "opening-asked": "lapse-opening",
    "opening": "lapse-opening",
    "demand": "lapse-demand",
    "demand-granted": "lapse-demand",
    "demand-told": "tell-demand",
    "demand-kept": "tell-kept-demand",
    "new-key": "enforce-new-key",
    "first-key": "end-first-key",
    "publication": "publish-opinion",
}
SERVE = "deem-served"
LOST_THE_RACE = "moved-meanwhile"

# Clock -> the petition's version and the legal day on which no row of the law could end it. Until one of the
# two changes the answer stays the same, so the question is not asked again.
Stuck = dict[int, tuple[int, date]]


def sweep(now: datetime, stuck: Stuck | None = None) -> Counter[str]:
    """Put on record every term that was over before today, and answer how many of each verb.

    The last day itself is in time until it ends (民法典 art. 203), where the law is in force.
    """
    _, day = law.at(now)
    done: Counter[str] = Counter()
    met: Stuck = {}
    remembered = stuck if stuck is not None else {}
    for batch in batches.by_day(over(day), "due"):
        petitions = Petition.objects.filter(pk__in={clock.petition for clock in batch})
        known = {pk: (ref, version) for pk, ref, version in petitions.values_list("pk", "ref", "version")}
        for clock in batch:
            ref, version = known[clock.petition]
            mark = (version, day)
            outcome = "stuck" if remembered.get(clock.pk) == mark else _end(ref, clock, now)
            if outcome == "stuck":
                met[clock.pk] = mark
            else:
                done[outcome] += 1
    # Only what was met this time is remembered, so this never grows beyond what is really stuck.
    remembered.clear()
    remembered.update(met)
    return done


def over(day: date) -> QuerySet[Clock]:
    """The terms that ran out before that day."""
    return Clock.objects.filter(RUNS, due__lt=day)


def _move(clock: Found) -> Move:
    if clock.name == POSTING:
        # What was posted counts as served on the last day of its term, whenever the clerk comes round.
        return Move(SERVE, {"served_on": clock.due.isoformat(), "way": POSTED})
    verb = EFFECTS[clock.name] if clock.on_due == "effect" else VERBS[clock.on_due]
    return Move(verb, {"clock": batches.nth(clock)} if verb == "breach" else {})


def _end(ref: str, clock: Found, now: datetime) -> str:
    """Try to end one clock; answer the verb, 'later' for one that somebody else just moved, or 'stuck'."""
    move = _move(clock)
    try:
        made = perform(ref, move, CLERK, now)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - one broken petition must not hide the deadlines of all others
        log.error("clock %s cannot be ended: %s", clock.pk, type(error).__name__)  # noqa: TRY400 - no contents
        return "stuck"
    if not isinstance(made, Refusal):
        return move.verb
    return "later" if made.code == LOST_THE_RACE else "stuck"
