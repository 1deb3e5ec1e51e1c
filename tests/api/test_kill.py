"""What was acknowledged stands: the plug of the real web server is pulled while 200 people go on filing."""

import http.client
import json
import os
import random
import threading
import time
import uuid

import pytest

from huiyin.core import notes
from tests.api import server

pytestmark = pytest.mark.engine

PEOPLE = 200
KILLS = 3
PATIENCE = 120.0  # of a person, on a machine that is busy with something else


class Filing(threading.Thread):
    """One person who files until told to go home and, having got no answer, sends the very same again.

    They go on for as long as the plug is pulled, so that it always hits somebody in the middle.
    """

    def __init__(self, number: int, port: int, acknowledged: list[dict[str, str]]) -> None:
        super().__init__(daemon=True)
        author = {"name": f"第{number}人", "email": f"{number}@example.test"}
        self.body = json.dumps(
            {"subject": f"第{number}件", "text": "路灯坏了" * 50, "author": author}
        ).encode()
        self.port, self.acknowledged = port, acknowledged
        self.go_home = threading.Event()
        self.answers: list[int] = []

    def run(self) -> None:
        while not self.go_home.is_set():
            self._file()

    def _file(self) -> None:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                status, said = server.post(self.port, self.body, key)
            except (OSError, http.client.HTTPException):
                time.sleep(random.uniform(0.05, 0.2))
                continue
            self.answers.append(status)
            if status == 201:
                self.acknowledged.append(json.loads(said))
                return
        self.answers.append(0)  # never acknowledged


def check(looked, acknowledged):
    """Whoever got a 201 is on record, with the receipt that they hold; and nothing is half-written."""
    petitions = looked["petitions"]
    assert looked["whole"] == "ok"
    for said in acknowledged:
        kept = petitions[said["ref"]]
        receipt = notes.read_note(said["receipt"], looked["key"])
        assert f"\nentry {kept['digest']}\n" in receipt
    one = {"clocks": 1, "entries": 1, "outbox": 1, "holdings": 1, "identity": 1, "contact": 1}
    for kept in petitions.values():
        assert kept == one | {"digest": kept.get("digest")}
    assert looked["kept"] == len(petitions)


def wait_for(count, acknowledged):
    until = time.monotonic() + PATIENCE
    while len(acknowledged) < count and time.monotonic() < until:
        time.sleep(0.002)


@pytest.fixture
def database():
    with server.own_database(os.environ.get("HUIYIN_DATABASE_URL", ""), tables=True) as url:
        yield url


def test_kill_loses_no_acknowledged_petition(tmp_path, database):
    server.prepare(tmp_path, database)
    port = server.free_port()
    acknowledged: list[dict[str, str]] = []
    people = [Filing(n, port, acknowledged) for n in range(PEOPLE)]
    web = server.start(tmp_path, database, port=port)
    try:
        for person in people:
            person.start()
        for _ in range(KILLS):
            # Not before some more are through, then at a moment that nobody chose.
            wait_for(len(acknowledged) + PEOPLE // 4, acknowledged)
            time.sleep(random.uniform(0, 0.05))
            web.kill()
            check(server.ask(tmp_path, database, "look"), list(acknowledged))
            web = server.start(tmp_path, database, port=port)
        for person in people:
            person.go_home.set()
        for person in people:
            person.join(PATIENCE)
        assert not any(person.is_alive() for person in people)
        assert {person.answers[-1] for person in people} == {201}
        # Asking again gave back what was filed before the plug was pulled: nothing is there twice.
        looked = server.ask(tmp_path, database, "look")
        check(looked, acknowledged)
        assert len(acknowledged) >= KILLS * (PEOPLE // 4)
        assert {said["ref"] for said in acknowledged} == set(looked["petitions"])
        assert len({said["ref"] for said in acknowledged}) == len(acknowledged)
        for said in random.sample(acknowledged, 20):
            assert_opens(port, said)
    finally:
        for person in people:
            person.go_home.set()
        web.stop()


def assert_opens(port, said):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", f"/api/v1/petitions/{said['ref']}", headers={"Huiyin-Key": said["key"]})
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["ref"]) == (200, said["ref"])
    connection.close()
