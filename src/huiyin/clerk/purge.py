"""Throw away what was kept only for a while. A petition is never among it."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from huiyin.registry import arriving, cases_in, conferring, law, receiving, relieving, rostering, unfinished
from huiyin.registry.models import Idempotent
from huiyin.vault.destroy import destroy_spent

ANSWERS = timedelta(hours=24)  # for which a client may ask again with the same Idempotency-Key
STAGED = timedelta(days=1)  # for which files wait for a lodging that is not finished


def purge(now: datetime) -> Counter[str]:
    """Remove old answers, files of lodgings that were never sent, and sessions that have ended."""
    with transaction.atomic():
        answers, _ = Idempotent.objects.filter(created_at__lt=now - ANSWERS).delete()
        sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
        # Not even counted: who came, and that anybody came, is not kept beyond the day (charter 4).
        today = law.at(now)[1]
        receiving.forget(today)
        rostering.forget(today)
        conferring.forget(today)
        relieving.forget(today)
        unfinished.forget(now)
        arriving.forget(now)
        cases_in.forget(now)
    destroy_spent()  # uncounted as well: it would tell that somebody left, or came
    staged = _purge_staged(settings.DATA_DIR / "staged", now - STAGED)
    # Without the zeros: who reads the log looks for what happened.
    return +Counter(answers=answers, sessions=sessions, staged=staged)


def _purge_staged(folder: Path, before: datetime) -> int:
    gone = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        try:
            if path.stat().st_mtime >= before.timestamp():
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        except FileNotFoundError:
            continue  # sent, or purged by a second clerk, in this very moment
        gone += 1
    return gone
