"""Hands petitions over to other installations, and takes over what they hand over here.

Every step is one transaction: what came in is worked off, what it changes is put on record and the answer
lies ready to be sent, or nothing of it. Whoever dies in between begins the step again. Sending comes apart:
the other side knows each message by its number and takes it once.
"""

from __future__ import annotations

import http.client
import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from huiyin.clerk import adopting, hooks, offering
from huiyin.core import handover
from huiyin.core import seal as boxes
from huiyin.core.handover import BadMessage
from huiyin.registry import crossings, partners
from huiyin.registry.models import Crossing, PartnerMessage
from huiyin.vault import keys

log = logging.getLogger("huiyin.clerk")

SECONDS = 20.0  # of a round
PATIENCE = 20.0  # for each step of one connection: an offer can be large
A_ROUND = 100
PATH = "/partners/v1/messages"

Work = Callable[[Crossing, dict[str, object], datetime], str]


def look(now: datetime) -> Counter[str]:
    """Make offers, work off what came, tell what happened here, and send what is due."""
    if not partners.Partner.objects.exists():
        return Counter()
    done = Counter(offered=_each(offering.ready(), now, offering.offer))
    done += Counter(worked_off=take_in(now))
    done += Counter(said=_each(crossings.to_tell(), now, tell))
    done += send(now)
    return +done


def _each(rows: list[Crossing], now: datetime, step: Callable[[Crossing, datetime], bool]) -> int:
    """One step of each, so that one that cannot be done keeps no other waiting."""
    done = 0
    for row in rows:
        try:
            done += step(row, now)
        except Exception:
            log.exception("a hand-over does not go on: %s", row.number)
    return done


# ---- what came


def take_in(now: datetime) -> int:
    """Work off what came, each message in its order and each in one transaction."""
    done = 0
    while rows := crossings.due(now, outgoing=False, most=A_ROUND):
        before = done
        for row in rows:
            done += _take(row, now)
        if done == before:
            break
    return done


def _take(message: PartnerMessage, now: datetime) -> bool:
    try:
        with transaction.atomic():
            error = _work(message, now)
            crossings.done(message, now, error)
    except BadMessage as error:
        crossings.failed(message, str(error), now)
        return False
    except Exception as error:  # a message that cannot be worked off is shown, and tried again
        log.exception("a message of a hand-over is not worked off: %s", message.crossing.number)
        crossings.failed(message, type(error).__name__, now)
        return False
    return True


def _work(message: PartnerMessage, now: datetime) -> str:
    """Do what the message says; '' or, in one word, why nothing followed from it."""
    _note, sealed = handover.unpacked(bytes(message.sealed))
    content = boxes.open_seal(sealed, keys.private(keys.PARTNER))
    crossing = message.crossing
    if message.kind == handover.OFFER:
        return adopting.adopt(crossing, content, message.at, now)
    said = handover.read(content)
    works: dict[str, Work] = {
        handover.TAKE: offering.taken,
        handover.REFUSE: offering.refused,
        handover.SEALED: offering.sealed,
        handover.KEYS: offering.seals,
        handover.WORD: offering.word,
        handover.OBJECT: offering.objected,
        handover.SEALS: adopting.seals,
        handover.WITHDRAW: adopting.withdrawn,
        handover.DROP: adopting.dropped,
        handover.AGREE: adopting.agreed,
        handover.REJECT: adopting.rejected,
    }
    return works[message.kind](crossing, said, now)


def tell(crossing: Crossing, now: datetime) -> bool:
    """Tell the other side what happened to the petition here since it was told last."""
    with transaction.atomic():
        fresh = Crossing.objects.select_for_update(of=("self",)).select_related("partner", "petition")
        mine = fresh.get(pk=crossing.pk)
        (adopting.tell if mine.incoming else offering.tell)(mine, now)
    return True


# ---- what goes


def send(now: datetime) -> Counter[str]:
    """Send what is due. A partner that does not answer is left alone for this round."""
    done: Counter[str] = Counter()
    away: set[int] = set()
    until = time.monotonic() + SECONDS
    while rows := [
        row for row in crossings.due(now, outgoing=True, most=A_ROUND) if row.crossing.partner_id not in away
    ]:
        for row in rows:
            if time.monotonic() > until:
                return done
            if row.crossing.partner_id in away:
                continue
            if why := _send(row):
                away.add(row.crossing.partner_id)
                crossings.failed(row, why, now)
            else:
                crossings.done(row, now)
            done["unsent" if why else "sent"] += 1
    return done


def _send(message: PartnerMessage) -> str:
    """'' when the other side has it, else why not, in one word or a number."""
    if not crossings.leaves(message):
        return ""  # it was called back
    url = message.crossing.partner.url.rstrip("/") + PATH
    head = {"content-type": "application/octet-stream", "user-agent": "huiyin"}
    try:
        status = hooks.post(url, bytes(message.sealed), head, PATIENCE)
    except hooks.NotThere as error:
        crossings.has_not_left(message)
        return str(error)
    except ConnectionRefusedError:
        crossings.has_not_left(message)
        return "ConnectionRefusedError"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__
    return "" if status == http.client.ACCEPTED else str(status)
