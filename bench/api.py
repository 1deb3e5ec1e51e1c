"""Every address for machines, asked far longer than a test run can: `python -m bench api --seconds 600`.

No figure to compare, but a search: each round asks with other values, public door and desk, as each role. A
fault ends it, with what was sent and the number of the round, which `--round N` asks again.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

EXAMPLES = 40  # of each operation in each way, a round
WHO = ("", "olga", "otto", "hedda", "sven", "audrey", "ada", "tina")


def main(words: Sequence[str]) -> int:
    """Ask every address for machines; what is found wrong ends it."""
    said = argparse.ArgumentParser(prog="python -m bench api", description=__doc__)
    said.add_argument("--seconds", type=float, default=600.0)
    said.add_argument("--round", type=int, default=0, help="one round, to be asked again")
    asked = said.parse_args(words)
    made = measure(seconds=asked.seconds, number=asked.round)
    print(f"{made['asked']} requests in {made['rounds']} rounds; answered: {made['statuses']}")
    return 0


def measure(*, seconds: float, number: int = 0) -> dict[str, Any]:
    """Ask for so long, in an installation of its own that is thrown away. Raises what schemathesis found.

    `number`: of one round, to ask that one again.
    """
    with tempfile.TemporaryDirectory() as folder:
        _open(Path(folder))
        return _ask(seconds, number)


def _open(folder: Path) -> None:
    """An installation with the tests' cast in this very process: what is asked is asked without a network."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "huiyin.site.settings", "HUIYIN_ZONE": "all"}
    os.environ |= {"HUIYIN_DATA_DIR": str(folder), "HUIYIN_DATABASE_URL": "", "HUIYIN_KEYS_URL": ""}
    os.environ |= {"HUIYIN_FILINGS_A_MINUTE": "1000000", "HUIYIN_BUSY_FROM": "1000000"}
    import django

    django.setup()
    from django.db import transaction

    from tests.api import house
    from tests.cast import make_officers, standing_bodies

    house.prepare()
    with transaction.atomic():
        make_officers(standing_bodies())


def _ask(seconds: float, number: int) -> dict[str, Any]:
    from django.core.wsgi import get_wsgi_application
    from django.utils import timezone

    from huiyin.doors.api import openapi as public
    from huiyin.doors.officer.api import openapi as desk
    from tests.api.probing import Probe
    from tests.cast import Walk, lodge
    from tests.officer.programs import Program

    app, until, seen = get_wsgi_application(), time.monotonic() + seconds, Counter[int]()
    rounds = number
    while time.monotonic() < until:
        now = timezone.now()
        walk = Walk(lodge(now=now), now).to("accepted")
        places = {"ref": walk.ref, "number": 1, "seq": 2, "code": "zj", "book": "cn-2022"}
        print(f"round {rounds}", flush=True)
        for login in WHO:
            headers = {"Authorization": f"Bearer {Program(login).token}"} if login else {}
            match = {"If-Match": "*"}
            probes = [Probe(desk.document(), app, headers, places, match, seen=seen)]
            if not login:
                key = {"Huiyin-Key": walk.key}
                probes += [Probe(public.document(), app, {}, places, key, seen=seen)]
            for probe in probes:
                probe.run(EXAMPLES, number=rounds, until=until)
        rounds += 1
        if number:
            break
    return {"rounds": rounds, "asked": seen.total(), "statuses": dict(sorted(seen.items()))}
