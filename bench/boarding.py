"""One installation of `bench.board`, asked from outside: `python -m bench.boarding`.

Reads lines of JSON, `["board", 20]`, and answers each with a line: how long so many askings of it took, in
ms; with 0, what one asks of the database. A page is the whole of Django in this process, without a network.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

SUPERVISOR = "supervisor"  # of the demonstration
CHANGED = 200  # petitions of one pass, however large the registry is
PAGES = {
    "board": "/desk/supervise/",
    "week": "/desk/supervise/week/",
    "measures": "/desk/supervise/measures/",
}
LIVE = ", live"
COUNTED = "点开数字看到的信访件是现在的情况"  # what the page says of when its numbers are
Ask = Callable[[], object]


class Installation:
    """What is asked, by its name."""

    def __init__(self) -> None:
        from django.test import Client

        from huiyin.registry.models import Officer

        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.cookies["huiyin_language"] = "zh-hans"
        self.client.force_login(Officer.objects.get(login=SUPERVISOR))
        self.paths: dict[str, Ask] = {"count": self._count, f"pass, {CHANGED} changed": self._pass}
        for name, address in PAGES.items():
            self.paths[name] = lambda address=address: self._page(address)  # type: ignore[misc]
            self.paths[f"{name}{LIVE}"] = lambda address=address: self._live(address)  # type: ignore[misc]

    def ask(self, what: str, times: int) -> list[float]:
        """Milliseconds that each asking took."""
        took = []
        for _ in range(times):
            started = time.perf_counter()
            self.paths[what]()
            took.append((time.perf_counter() - started) * 1000)
        return took

    def queries(self, what: str) -> list[dict[str, str]]:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            self.paths[what]()
        return list(asked.captured_queries)

    def _page(self, address: str) -> object:
        answer: Any = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        assert COUNTED in answer.content.decode(), "the clerk has not counted"
        return answer

    def _live(self, address: str) -> object:
        """The same page, as it is while nothing is counted: every number asked of the petitions."""
        from huiyin.registry import board_counted

        counted = board_counted.counted
        board_counted.counted = lambda: None
        try:
            answer: Any = self.client.get(address)
        finally:
            board_counted.counted = counted
        assert answer.status_code == 200, (address, answer.status_code)
        assert COUNTED not in answer.content.decode()
        return answer

    def _count(self) -> object:
        """The first count of all there is; then the planner is told, as it would be by itself."""
        from django.db import connection

        from huiyin.registry import board_round

        done = board_round.count(datetime.now(UTC))
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE registry_boardfigure, registry_boardshare, registry_boardreach, registry_yearfigure"
            )
        return done

    def _pass(self) -> object:
        from huiyin.registry import board_round
        from huiyin.registry.models import Petition

        last = Petition.objects.order_by("-pk").values_list("pk", flat=True)[0]
        chosen = Petition.objects.filter(pk__gt=last - CHANGED)
        board_round.tell(chosen)
        done = board_round.count(datetime.now(UTC))
        assert done == CHANGED, done
        return done


def main() -> None:
    here = Installation()
    print(json.dumps(list(here.paths)), flush=True)
    for line in sys.stdin:
        what, times = json.loads(line)
        print(json.dumps(here.ask(what, times) if times else here.queries(what)), flush=True)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    main()
