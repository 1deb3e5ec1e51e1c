"""A courier that sends a short message and dies before it is on record.

    python -m tests.clerk.killing_texts lodge | die | deliver       the last prints what is left, as JSON

A process of its own, with the database of HUIYIN_DATA_DIR.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import timedelta
from typing import Any

import django

LATER = timedelta(minutes=11)


def main(word: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    from tests.cast import NOW

    if word == "lodge":
        _lodge(NOW)
        return
    from huiyin.clerk import courier
    from huiyin.registry.models import Entry, Outbox

    if word == "die":
        courier._put_on_record = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    done = courier.deliver(NOW if word == "die" else NOW + LATER)
    left: dict[str, Any] = {
        "done": done,
        "entries": Entry.objects.filter(event="notice-sent").count(),
        "waiting": Outbox.objects.filter(sent_at=None).count(),
    }
    sys.stdout.write(json.dumps(left))


def _lodge(now: Any) -> None:
    from django.core.management import call_command

    from huiyin.vault import certificate, keys
    from huiyin.vault.seal import Author
    from tests.cast import lodge, make_bodies, make_officers

    call_command("migrate", "keystore", database="keys", verbosity=0)
    call_command("migrate", verbosity=0)
    keys.make_missing()
    certificate.renew(now)
    make_officers(make_bodies())
    lodge(author=Author(name="张三", phone="13800138000", texts=True))


if __name__ == "__main__":
    main(sys.argv[1])
