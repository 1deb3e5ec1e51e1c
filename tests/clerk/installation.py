"""A whole installation as one process: its door, its clerk and its officers. For tests of two of them.

    python -m tests.clerk.installation PORT

The environment says whose it is. Reads words as lines of JSON and answers each with one; on HTTP it answers
meanwhile. Told to, it kills itself with SIGKILL at a seam of the hand-over.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def now() -> datetime:
    return datetime.now(UTC)


def prepare() -> str:
    """Keys, bodies and officers; answers the card."""
    from django.db import transaction

    from huiyin.registry import partners
    from huiyin.registry.models import Body
    from huiyin.vault import certificate, keys
    from tests.cast import make_bodies, make_officers

    keys.make_missing()
    certificate.renew(now())
    with transaction.atomic():
        if not Body.objects.exists():
            make_officers(make_bodies())
    return partners.our_card().text


def know(card: str) -> None:
    """Get to know the other one: `far` is its housing bureau, `near` its petition office."""
    from huiyin.core.handover import read_card
    from huiyin.core.text import Text
    from huiyin.registry import partners
    from huiyin.registry.models import Body

    made = partners.introduce(read_card(card), Text("邻县", "The next county"), by=None, now=now())
    office = Body.objects.get(code="xf")
    for code, name, kind, there in (
        ("far", "邻县住建局", "organ", "zj"),
        ("near", "邻县信访局", "office", "xf"),
    ):
        body = Body.objects.create(
            code=code, name_zh=name, kind=kind, level="county", external=True, recorded_by=office
        )
        partners.stands_for(body, made, there, by=None, now=now())


def send() -> dict[str, str]:
    """Lodge a claim at the petition office and transfer it over there."""
    from tests.cast import Walk, lodge

    walk = Walk(lodge(now()), now())
    walk("register", "olga")
    walk("transfer", "olga", body="far")
    return {"ref": walk.ref, "key": walk.key}


def move(ref: str, verb: str, login: str, said: dict[str, Any]) -> str:
    """'' when it was made, else the code of the refusal."""
    from huiyin.core.case import Move
    from huiyin.core.refusal import Refusal
    from huiyin.registry.perform import perform
    from tests.cast import acting_as, legal_day

    done = perform(ref, Move(verb, said), acting_as(login, legal_day(now())), now())
    return done.code if isinstance(done, Refusal) else ""


def round_() -> dict[str, int]:
    """What the clerk does: the head, then the hand-overs, as if all that waits were due. And what is left."""
    from huiyin.clerk import handing_over, publishing
    from huiyin.registry import crossings
    from huiyin.registry.models import PartnerMessage

    publishing.publish(now())
    PartnerMessage.objects.filter(done_at=None).update(next_at=now())
    done = handing_over.look(now())
    left = PartnerMessage.objects.filter(done_at=None).count() + len(crossings.to_tell())
    return dict(done) | ({"left": left} if left else {})


def look() -> list[dict[str, Any]]:
    """Every petition: where it stands, and what there is of it."""
    from huiyin.registry.models import Crossing, PartnerMessage, Petition
    from huiyin.vault.models import ContactSeal, IdentitySeal

    return [
        {
            "ref": each.ref,
            "state": each.state,
            "holder": each.holder.code,
            "open": each.is_open,
            "events": [entry.event for entry in each.entries.all()],
            "seals": sum(m.objects.filter(petition=each).count() for m in (IdentitySeal, ContactSeal)),
            "crossings": [c.state for c in Crossing.objects.filter(petition=each)],
            "undone": PartnerMessage.objects.filter(petition=each, done_at=None).count(),
        }
        for each in Petition.objects.select_related("holder").order_by("id")
    ]


def name_of(ref: str) -> str:
    """What the seal of a petition holds, opened as an officer would."""
    from huiyin.registry.models import Petition
    from huiyin.vault.unseal import open_identity

    return open_identity(Petition.objects.get(ref=ref).pk).name


def opens(ref: str, key: str) -> bool:
    """Whether that key opens that petition."""
    from huiyin.registry.access import author_of

    return isinstance(author_of(ref, key), tuple)


def wrong() -> list[str]:
    """What does not fit between database and log."""
    from huiyin.clerk import checking

    return [text.en for text in checking.check(now())]


def die_at(seam: int) -> None:
    """Pull the plug at that seam, counted from now."""
    from tests.clerk.seams import PLACES
    from tests.seams import Seams

    Seams(PLACES, seam, lambda: os.kill(os.getpid(), signal.SIGKILL)).put()


SAID = (prepare, know, send, move, look, name_of, opens, wrong, die_at)
WORDS: dict[str, Callable[..., Any]] = {each.__name__: each for each in SAID}
WORDS["round"] = round_


def main(port: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", port, get_wsgi_application(), Server, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for line in sys.stdin:
        said = json.loads(line)
        answer = WORDS[said.pop("do")](**said)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
