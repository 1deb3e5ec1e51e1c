"""openapi.json says what the door does: its addresses, its shapes, its answers."""

import json
import re

import pytest

from huiyin.doors.api import shapes, urls
from huiyin.registry.models import CHANNELS, KINDS, SERVICE
from huiyin.site import operations, typed
from huiyin.site.problem import TITLES, ProblemOut
from tests.api.conftest import PETITION, PETITIONS

AT_THE_DESK = {401, 403, 428}  # signed in there; this door has no sign-in


@pytest.fixture
def document(client, cast):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    return json.loads(answer.content)


def test_every_address_is_described(document):
    offered = {re.sub(r"<\w+:(\w+)>", r"{\1}", str(url.pattern)) for url in urls.urlpatterns if url.name}
    assert offered - {"openapi.json"} == {path.lstrip("/") for path in document["paths"]}


def test_every_reference_leads_somewhere(document):
    text = json.dumps(document)
    named = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert named == set(document["components"]["schemas"])


def test_nothing_that_is_not_described_can_be_sent_or_comes_back(document):
    objects = [s for s in document["components"]["schemas"].values() if s["type"] == "object"]
    assert all(schema["additionalProperties"] is False for schema in objects)


def test_choices_are_those_of_the_registry(document):
    sent = document["components"]["schemas"]["PetitionIn"]
    assert sent["required"] == ["subject", "text"]
    assert set(sent["properties"]["kind"]["enum"]) == set(dict(KINDS))
    assert set(sent["properties"]["service"]["enum"]) == set(dict(SERVICE))
    assert "api" in dict(CHANNELS)


def test_answers_have_the_described_shapes(send, get, walk):
    """Read strictly: a missing, wrong or undescribed field fails."""
    answer = send({**PETITION, "author": {"name": "a"}})
    made = typed.decode(answer.content, shapes.FiledOut)
    typed.decode(get(made.ref, made.key).content, shapes.PetitionOut)
    walk.to("closed-final")
    typed.decode(get(walk.ref, walk.key).content, shapes.PetitionOut)
    for no in (send(b"{"), send({}), get("x", "y")):
        typed.decode(no.content, ProblemOut)


def test_every_problem_that_is_answered_is_described(document, send, get, lodged):
    file = document["paths"]["/petitions"]["post"]["responses"]
    assert set(file) == {"201", "400", "409", "411", "413", "415", "422", "429", "503"}
    described = {int(s) for way in document["paths"].values() for op in way.values() for s in op["responses"]}
    assert described - {200, 201, 304} == set(TITLES) - {405} - AT_THE_DESK
    assert set(TITLES) - {405} == set(operations.MEANING) - {200, 201, 304}


def test_description_is_printed_once(client, cast):
    assert client.get("/api/v1/openapi.json").content == client.get("/api/v1/openapi.json").content
    assert client.head(PETITIONS).status_code == 405
