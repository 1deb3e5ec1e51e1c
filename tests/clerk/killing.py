"""Run the clerk and the courier, and kill them with SIGKILL at chance points, again and again.

    python -m tests.clerk.killing KILLS SEED       prints, as JSON, what is left when they may finish at last

A process of its own: it makes a database, and forks a worker that is killed while it works. A worker that
finishes in time does not count; then more petitions are lodged and another one starts.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.core.mail.backends.base import BaseEmailBackend

SORT_IS_OVER, SORT_IS_NEAR = timedelta(days=16), timedelta(days=10)
A_MONTH = timedelta(days=40)
FEW = 12


class Mailbox(BaseEmailBackend):
    """A post box that survives: one line for each message, written in one piece."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        box = os.open(_box(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for message in email_messages:
            os.write(box, f"{message.extra_headers['Message-ID']}\n".encode())
        os.close(box)
        return len(email_messages)


def _box() -> Path:
    return Path(os.environ["HUIYIN_DATA_DIR"], "box")


def work(round_number: int) -> None:
    """Every duty, once. The courier's time runs ahead, so that what a dead one had taken is taken again."""
    from huiyin.clerk import counting, courier, digests, publishing, reminders, sweep
    from huiyin.registry import board_round
    from tests.cast import NOW

    later = NOW + SORT_IS_OVER + timedelta(days=2 * round_number)

    def keep_house() -> None:
        reminders.remind(NOW + SORT_IS_NEAR)
        sweep.sweep(NOW + SORT_IS_OVER)
        digests.write(later)
        courier.deliver(later)

    def keep_log() -> None:
        counting.count(NOW + A_MONTH)
        publishing.publish(later)
        board_round.count(later)

    # Whatever comes second is seldom reached before the plug is pulled.
    for duty in (keep_house, keep_log) if round_number % 2 else (keep_log, keep_house):
        duty()


def kill_again_and_again(kills: int, chance: random.Random, seen: set[tuple[int, bytes]]) -> int:
    """Fork workers until so many of them were killed at work; answer how many started.

    `seen` takes every head that an outsider could have read in between.
    """
    from django.db import connections

    started = killed = 0
    took = 0.0  # a whole round, on this machine as busy as it is: the first one is left alone
    more(2 * FEW)
    while killed < kills:
        started += 1
        connections.close_all()  # a connection belongs to one process
        worker = os.fork()
        if worker == 0:
            try:
                work(started)
            finally:
                os._exit(0)
        if not took:
            began = time.monotonic()
            os.waitpid(worker, 0)
            took = time.monotonic() - began
            more(FEW)
            continue
        slept = chance.uniform(0.0, took)
        time.sleep(slept)
        os.kill(worker, signal.SIGKILL)
        _, status = os.waitpid(worker, 0)
        see(seen)
        if os.WIFSIGNALED(status):
            killed += 1
            more(1)
        else:
            took = max(slept, 0.05)  # it was through before: the machine has become quicker
            more(FEW)
    return started


def more(how_many: int) -> None:
    """More petitions, so that there is something to do."""
    from tests.cast import lodge

    for _ in range(how_many):
        lodge()


def see(seen: set[tuple[int, bytes]]) -> None:
    """Take down the head that is published now."""
    from huiyin.clerk import publishing

    head = publishing.published()
    if head is not None:
        seen.add((head.size, head.root))


def of_the_log(seen: set[tuple[int, bytes]]) -> dict[str, Any]:
    """Whether it is one log, in which each leaf has one number, and which holds every head ever seen."""
    from huiyin.clerk import checking, publishing
    from huiyin.core.tiles import Tree
    from huiyin.registry import logfiles
    from huiyin.registry.models import Count, Entry
    from tests.cast import NOW

    head = publishing.published()
    assert head is not None
    tree = Tree(head.size, head.root, logfiles.tile)
    numbers = [n for model in (Entry, Count) for n in model.objects.values_list("number", flat=True)]
    known = sorted(number for number in numbers if number is not None)
    return {
        "size": head.size,
        "counts": Count.objects.count(),
        "heads": len(seen),
        "forked": sorted(size for size, root in seen if tree.root_at(size) != root),
        "numbered": len(known) == len(numbers) and known == list(range(head.size)),
        "wrong": [text.en for text in checking.check(NOW + A_MONTH) if "later than promised" not in text.en],
    }


def of_digests(ids: Sequence[str]) -> dict[str, int]:
    """How many were written, how many of them twice, how many wait, and how many were lost."""
    from huiyin.clerk.digests import MOST_ATTEMPTS, message_id
    from huiyin.registry.models import Digest

    rows = list(Digest.objects.all())
    kinds = Counter((row.officer_id, row.kind, row.period) for row in rows)
    return {
        "written": len(rows),
        "twice": sum(times > 1 for times in kinds.values()),
        "unsent": sum(row.sent_at is None for row in rows),
        "lost": sum(message_id(row) not in ids for row in rows if row.attempts <= MOST_ATTEMPTS),
    }


def told() -> dict[str, Any]:
    """What stands in the database and what went out."""
    from huiyin.clerk.courier import MOST_ATTEMPTS
    from huiyin.registry.models import BoardFigure, Entry, Outbox, Petition

    petitions = list(Petition.objects.all())
    broken = [p.ref for p in petitions if [e.seq for e in p.entries.all()] != list(range(1, p.version + 1))]
    rows = Outbox.objects.values_list("petition_id", "notice", "mark")
    ids = _box().read_text().split()
    return {
        "petitions": len(petitions),
        "broken": broken,
        "breaches": Entry.objects.filter(event="clock-missed").count(),
        "still_running": sum(p.clocks.filter(state="running").count() for p in petitions),
        "authors": Outbox.objects.filter(audience="author").count(),
        "reminders": Outbox.objects.filter(notice="reminder").count(),
        "twice": [str(row) for row, times in Counter(rows).items() if times > 1],
        "unsent": Outbox.objects.filter(sent_at=None).count(),
        "dispatched": Entry.objects.filter(event="notice-sent").count(),
        "by_mail": Entry.objects.filter(event="notice-sent", contents__channel="e-mail").count(),
        "died_at": Outbox.objects.filter(audience="author", attempts__gt=MOST_ATTEMPTS).count(),
        "messages": len(set(ids)),
        "copies": len(ids) - len(set(ids)),
        "digests": of_digests(ids),
        "on_boards": sum(
            BoardFigure.objects.filter(figure__startswith="stands/").values_list("n", flat=True)
        ),
    }


def main(kills: int, seed: int) -> None:
    """Set up, kill, let them finish, tell."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from huiyin.clerk import publishing
    from huiyin.registry import board_round, digests
    from huiyin.vault import certificate, keys
    from tests.cast import NOW, make_bodies, make_officers

    settings.EMAIL_BACKEND = "tests.clerk.killing.Mailbox"
    call_command("migrate", "keystore", database="keys", verbosity=0)
    call_command("migrate", verbosity=0)
    keys.make_missing()
    certificate.renew(NOW)
    officers = make_officers(make_bodies())
    for login in ("sven", "hedda"):
        digests.keep(officers[login], ("weekly", "monthly"), "en", NOW.date())
    seen: set[tuple[int, bytes]] = set()
    started = kill_again_and_again(kills, random.Random(seed), seen)
    for last in (1, 2, 3):
        work(started + last)
        see(seen)
    publishing.publish(NOW + timedelta(days=400))  # what the courier put on record last
    board_round.count(NOW + timedelta(days=400))
    sys.stdout.write(json.dumps({**told(), "started": started, "log": of_the_log(seen)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
