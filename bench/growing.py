"""One installation of `bench.growth`, asked from outside: `python -m bench.growing`.

Reads lines of JSON, `["inbox", 20]`, and answers each with a line: how long so many askings of it took,
in ms. What is asked is the whole of Django in this process, without a network. The process asks nothing by
itself, so that several installations can be asked turn and turn about.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

import django

OFFICER, SUPERVISOR = "handler", "supervisor"  # of the demonstration
BUREAU = "qinghe-zj"
DUE = 100  # terms that run out at once, however large the registry is
FOLLOWED = 60  # petitions that are followed in turn, of any age
INBOXES = {
    "inbox": "",
    "inbox, newest first": "sort=newest",
    "inbox, oldest first": "sort=oldest",
    "inbox, last step first": "sort=moved",
    "inbox, due today": "due=today",
    "inbox, late": "due=late",
    "inbox, due soon": "due=soon",
    "inbox, mine": "who=mine",
    "inbox, nobody's": "who=unassigned",
    "inbox, unread": "news=unread",
    "inbox, to be signed": "status=sign",
    "inbox, to be served": "status=serve",
    "inbox, closed": "status=closed",
    "inbox, elsewhere": "status=elsewhere",
    "inbox, one state": "state=opinion-served",
    "inbox, one class": "kind=suggestion",
}
Ask = Callable[[], object]


class Installation:
    """What is asked, by its name; each made ready at first."""

    def __init__(self) -> None:
        from django.test import Client

        from huiyin.registry import law
        from huiyin.registry.access import Acting
        from huiyin.registry.models import Officer

        self.now = datetime.now(UTC)
        self.day = law.at(self.now)[1]  # where the law is in force
        self.clients: dict[str, Any] = {}
        for login in (OFFICER, SUPERVISOR):
            officer = Officer.objects.get(login=login)
            client = self.clients[login] = Client(SERVER_NAME="127.0.0.1")
            client.force_login(officer)
        self.acting = Acting(Officer.objects.get(login=OFFICER), self.day)
        self.nobody = Client(SERVER_NAME="127.0.0.1")
        self.filed: list[str] = []
        self.paths: dict[str, Iterator[Ask]] = {
            "file": self._filings(),
            "move": self._moves(),
            **{name: cycle([self._page(OFFICER, f"/desk/?{query}")]) for name, query in INBOXES.items()},
            "follow": cycle(self._followed()),
            "supervise": cycle([self._page(SUPERVISOR, "/desk/supervise/")]),
            "search": cycle(self._searches()),
            "sweep, 100 due": cycle([self._sweep()]),
            "reminders, 100 due": self._reminders(),
            "log": cycle([self._page("", "/log/")]),
        }

    def ask(self, what: str, times: int) -> list[float]:
        """Milliseconds that each asking took."""
        took = []
        for ask in islice(self.paths[what], times):
            started = time.perf_counter()
            ask()
            took.append((time.perf_counter() - started) * 1000)
        return took

    def queries(self, what: str) -> list[dict[str, str]]:
        """What one asking asks of the database."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            next(self.paths[what])()
        return list(asked.captured_queries)

    def _page(self, login: str, address: str) -> Ask:
        client = self.clients[login] if login else self.nobody

        def ask() -> object:
            answer: Any = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            return b"".join(answer.streaming_content) if answer.streaming else answer.content

        return ask

    def _filings(self) -> Iterator[Ask]:
        from bench.reading.generated import Writer

        writer = Writer(int(time.time()))
        while True:
            subject, text = writer.one()
            said: dict[str, Any] = {"subject": subject, "text": text, "kind": "claim", "body": BUREAU}
            said["author"] = {"name": "林一", "phone": "13800000000"}
            yield lambda said=said: self._file(said)  # type: ignore[misc]

    def _file(self, said: dict[str, Any]) -> object:
        answer = self.nobody.post("/api/v1/petitions", said, content_type="application/json")
        assert answer.status_code == 201, answer.content
        self.filed.append(answer.json()["ref"])
        return answer

    def _moves(self) -> Iterator[Ask]:
        """What was just filed is registered."""
        from huiyin.core.case import Move
        from huiyin.core.refusal import Refusal
        from huiyin.registry.perform import perform

        def register(ref: str) -> object:
            made = perform(ref, Move("register"), self.acting, datetime.now(UTC))
            assert not isinstance(made, Refusal), made
            return made

        while True:
            if not self.filed:
                next(self.paths["file"])()
            ref = self.filed.pop()
            yield lambda ref=ref: register(ref)  # type: ignore[misc]

    def _followed(self) -> list[Ask]:
        """Pages of petitions of every age, each opened with a key that is made for it here."""
        from django.test import Client

        from huiyin.registry import keys
        from huiyin.registry.models import Petition

        last = Petition.objects.order_by("-pk").values_list("pk", flat=True)[0]
        asks = []
        for n in range(FOLLOWED):
            pk = 1 + (last - 1) * n // FOLLOWED
            ref = keys.new_ref()
            key = keys.new_key(ref)
            Petition.objects.filter(pk=pk).update(ref=ref, key_hash=keys.key_hash(ref, key))
            client = Client(SERVER_NAME="127.0.0.1")
            opened = client.post("/follow/", {"follow_ref": ref, "follow_key": key})
            assert opened.status_code == 302, opened.content.decode()[-2000:]
            asks.append(self._follow(client))
        return asks

    @staticmethod
    def _follow(client: Any) -> Ask:
        def ask() -> object:
            answer = client.get("/follow/petition/")
            assert answer.status_code == 200, answer.status_code
            return answer.content

        return ask

    def _searches(self) -> list[Ask]:
        from bench.reading.searched import CLASSES, query_of
        from huiyin.registry import searching

        asked = [query_of(each) for queries in zip(*CLASSES.values(), strict=False) for each in queries]
        return [lambda each=each: searching.search(self.acting, each) for each in asked]  # type: ignore[misc]

    def _sweep(self) -> Ask:
        """As many terms run out yesterday, in the largest registry as in the smallest."""
        from huiyin.clerk import batches, sweep
        from huiyin.registry.models import RUNS, Clock

        chosen = list(Clock.objects.filter(RUNS).order_by("due", "pk").values_list("pk", flat=True)[:DUE])
        Clock.objects.filter(pk__in=chosen).update(due=self.day - timedelta(days=1))

        def ask() -> object:
            found = [clock for batch in batches.by_day(sweep.over(self.day), "due") for clock in batch]
            assert len(found) == DUE, len(found)
            return found

        return ask

    def _reminders(self) -> Iterator[Ask]:
        """As many terms come near today; the reminders of the last time are taken back first."""
        from huiyin.clerk import reminders
        from huiyin.registry.models import RUNS, Clock, Outbox

        soon = Clock.objects.filter(RUNS, name="handling", due__gt=self.day).order_by("due", "pk")
        chosen = list(soon.values_list("pk", "petition")[:DUE])
        for petition in {petition for _, petition in chosen}:
            Clock.objects.filter(petition=petition).update(remind_on=None)
        reminders.remind(self.now)  # what the registry came with

        def ask() -> object:
            made = reminders.remind(self.now)
            assert made == len(chosen), made
            return made

        while True:
            Outbox.objects.filter(petition__in=[petition for _, petition in chosen]).delete()
            Clock.objects.filter(pk__in=[pk for pk, _ in chosen]).update(
                due=self.day + timedelta(days=1), remind_on=self.day
            )
            yield ask


def main() -> None:
    here = Installation()
    gc.freeze()  # as a web worker does once it has loaded (`site/front.py`)
    print(json.dumps(list(here.paths)), flush=True)
    for line in sys.stdin:
        what, times = json.loads(line)
        made = here.ask(what, times) if times else here.queries(what)
        print(json.dumps(made), flush=True)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    main()
