"""GeoReport v2 as it is written: services, requests, tokens, in JSON and XML; and nobody's petitions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.core import notes
from huiyin.doors.open311 import services
from huiyin.registry import law
from huiyin.registry.models import Body, Entry, FollowId, Petition, Problem
from huiyin.registry.receipt import receipt_key
from huiyin.site import environment
from huiyin.vault.models import IdentitySeal
from tests.cast import Walk

Ask = Callable[..., Any]
SECRET = "欧阳娜娜家的天花板漏水"
SENT = {
    "service_code": services.code_of("住房"),
    "description": f"{SECRET}\n已经三个月",
    "lat": "31.2304",
    "long": "121.4737",
    "address_string": "东门路口",
    "device_id": "tel-7781",
    "account_id": "acc-7782",
    "first_name": "娜娜",
    "last_name": "欧阳",
    "phone": "13911110009",
}


def posted(ask: Ask, **more: str) -> dict[str, Any]:
    (told,) = ask("requests.json", 201, post=SENT | more)
    assert isinstance(told, dict)
    return told


def test_a_service_is_a_subject_that_some_body_is_competent_for(ask: Ask) -> None:
    told = ask("services.json")
    assert [each["service_name"] for each in told] == ["交通运输", "住房", "Anything else"]
    assert all(each["metadata"] and each["type"] == "realtime" for each in told)
    assert told[1]["service_code"] == SENT["service_code"]
    defined = ask(f"services/{SENT['service_code']}.json")
    asked = {each["code"]: each for each in defined["attributes"]}
    assert [each["key"] for each in asked["body"]["values"]] == ["zj"]
    assert {each["key"] for each in asked["kind"]["values"]} == {"claim", "suggestion", "report"}
    assert [each["order"] for each in defined["attributes"]] == [1, 2, 3, 4]
    (error,) = ask("services/s0.json", 404)
    assert (error["code"], error["problem"]) == (404, "service-code")


def test_xml_says_the_same(ask: Ask) -> None:
    root = ET.fromstring(ask("services.xml"))
    assert root.tag == "services"
    assert [each.findtext("service_code") for each in root.findall("service")] == [
        each["service_code"] for each in ask("services.json")
    ]
    defined = ET.fromstring(ask(f"services/{SENT['service_code']}.xml"))
    assert [each.text for each in defined.findall("attributes/attribute/code")] == [
        *("subject", "kind", "body", "against"),
    ]
    assert defined.findtext("attributes/attribute[3]/values/value/key") == "zj"
    made = ET.fromstring(ask("requests.xml", 201, post=SENT | {"description": "漏水\x0b"}))
    named = made.findtext("request/service_request_id")
    one = ET.fromstring(ask(f"requests/{named}.xml"))
    assert one.findtext("request/status") == "open"
    assert one.find("request/extended_attributes/clocks/clock/due") is not None
    error = ET.fromstring(ask("requests/none.xml", 404))
    assert error.findtext("error/code") == "404"


def test_discovery_tells_where_and_what(ask: Ask) -> None:
    told = ask("discovery.json")
    assert told["endpoints"][0]["url"].endswith("/open311/v2")
    assert ET.fromstring(ask("discovery.xml")).findtext("endpoints/endpoint/formats/format")


# ---- posting


def test_a_request_is_filed_like_any_petition(ask: Ask) -> None:
    told = posted(ask)
    left = told["extended_attributes"]
    petition = Petition.objects.get(ref=left["ref"])
    assert (petition.holder.code, petition.kind, petition.channel) == ("zj", "claim", "api")
    assert petition.subject == SECRET
    assert "东门路口" in petition.text
    assert f"ref {left['ref']}\n" in notes.read_note(left["receipt"], receipt_key())
    assert IdentitySeal.objects.filter(petition=petition).exists()
    follow = Client().get(f"/api/v1/petitions/{left['ref']}", headers={"Huiyin-Key": left["key"]})
    assert follow.status_code == 200


def test_neither_coordinates_nor_device_nor_account_are_kept(ask: Ask) -> None:
    posted(ask)
    kept = repr([*Petition.objects.values_list(), *Entry.objects.values_list()])
    for never in ("31.2304", "121.4737", "tel-7781", "acc-7782"):
        assert never not in kept
    for sealed in ("13911110009", "欧阳娜娜\x00"):
        assert sealed not in kept


def test_what_is_sent_beside_it_is_used(ask: Ask) -> None:
    told = posted(
        ask,
        **{"attribute[kind]": "report", "attribute[against]": "县住建局", "attribute[subject]": "有人收钱"},
    )
    petition = Petition.objects.get(ref=told["extended_attributes"]["ref"])
    assert petition.kind == "report"
    assert petition.holder.code != "zj"
    assert [each.body.code for each in petition.accused.all()] == ["zj"]


def test_a_picture_comes_along(ask: Ask) -> None:
    media = SimpleUploadedFile("西墙.txt", "三指宽".encode())
    told = posted(ask, media=media)  # type: ignore[arg-type]
    assert Petition.objects.get(ref=told["extended_attributes"]["ref"]).attachments.count() == 1


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"description": ""}, 400, "contents"),
        ({"description": "x" * 20_001}, 400, "contents"),
        ({"phone": "1" * 41}, 400, "contents"),
        ({"description": "a\x00b"}, 400, "contents"),
        ({"service_code": "nothing"}, 404, "service-code"),
        ({"jurisdiction_id": "elsewhere"}, 404, "jurisdiction-id"),
        ({"attribute[kind]": "wish"}, 400, "contents"),
        ({"attribute[body]": "nobody"}, 400, "contents"),
    ],
)
def test_what_cannot_be_filed_is_refused(ask: Ask, said: dict[str, str], status: int, code: str) -> None:
    (error,) = ask("requests.json", status, post=SENT | said)
    assert (error["code"], error["problem"]) == (status, code)
    assert error["description"]
    assert not Petition.objects.exists()


def test_a_key_is_asked_for_where_the_operator_says_so(ask: Ask, settings: Any) -> None:
    settings.GEOREPORT_KEYS = frozenset({hashlib.sha256(b"a-key").hexdigest()})
    for wrong in ("", "another"):
        (error,) = ask("requests.json", 403, post=SENT | {"api_key": wrong})
        assert error["problem"] == "api-key"
    posted(ask, api_key="a-key")
    assert ask("services.json")
    assert ask("requests.json") == []


def test_a_file_of_keys_that_cannot_be_right_is_refused(monkeypatch: Any, tmp_path: Any) -> None:
    kept = tmp_path / "keys"
    monkeypatch.setenv("HUIYIN_GEOREPORT_KEYS", str(kept))
    good = hashlib.sha256(b"a-key").hexdigest()
    for words in (None, "", "# nobody\n", "a-key the bridge\n"):
        if words is not None:
            kept.write_text(words)
        with pytest.raises(ImproperlyConfigured):
            environment.key_hashes("HUIYIN_GEOREPORT_KEYS")
    kept.write_text(f"# whose\n{good.upper()} the county's telephone exchange\n")
    assert environment.key_hashes("HUIYIN_GEOREPORT_KEYS") == {good}


# ---- asking


def test_the_course_is_told_to_who_holds_its_name_and_no_word_of_it(ask: Ask) -> None:
    told = posted(ask)
    left, named = told["extended_attributes"], told["service_request_id"]
    assert left["ref"] not in named
    assert ask(f"tokens/{told['token']}.json") == [{"service_request_id": named, "token": named}]
    (one,) = ask(f"requests/{named}.json")
    assert (one["status"], one["agency_responsible"]) == ("open", "County Housing Bureau")
    assert one["service_code"] == SENT["service_code"]
    assert one["extended_attributes"]["clocks"][0]["article"]
    assert one == ask("requests.json", service_request_id=f"{named}, HF-none")[0]
    whole = Client().get(f"/open311/v2/requests/{named}.json").content.decode()
    for never in (SECRET, "东门路口", left["ref"], left["key"], "139"):
        assert never not in whole
    assert named not in repr(list(FollowId.objects.values_list()))


def test_transfers_and_reviews_are_told_beside_it(ask: Ask, walk: Walk) -> None:
    from huiyin.registry import following

    named = following.give(walk.petition)
    walk.to("closed-final")
    (one,) = ask(f"requests/{named}.json")
    assert one["status"] == "closed"
    more = one["extended_attributes"]
    assert [step["event"] for step in more["transfers"]] == ["transferred"]
    assert "review-opinion-issued" in {step["event"] for step in more["reviews"]}
    assert len(more["steps"]) > len(more["reviews"])


@pytest.mark.parametrize(
    "named", ["HF-00000-00000-00000-00000", "HF", "problem-1", "problem-x", "1", "opinion-1"]
)
def test_what_nobody_was_given_is_not_there(ask: Ask, walk: Walk, named: str) -> None:
    ask(f"requests/{named}.json", 404)
    ask(f"tokens/{named}.json", 404)
    ask(f"requests/{walk.ref}.json", 404)
    assert ask("requests.json", service_request_id=walk.ref) == []


def test_no_list_ever_holds_a_petition(ask: Ask, walk: Walk) -> None:
    told = posted(ask)
    walk.to("closed-final")
    for query in ({}, {"status": "open"}, {"status": "closed"}, {"service_code": SENT["service_code"]}):
        assert ask("requests.json", **query) == []
    assert told["service_request_id"]


def test_what_is_listed_is_what_bodies_published(ask: Ask, bureau: Body) -> None:
    today = law.at(timezone.now())[1]
    rows = {
        "since": today, "found_on": today, "refreshed_on": today, "petitions": 10, "place": "东门路",
        "broken": "路灯不亮", "plan": "换线", "body": bureau,
    }  # fmt: skip
    open_one = Problem.objects.create(**rows, state="adopted", title="路灯", decided_on=today)
    done = Problem.objects.create(
        **rows, state="done", title="电梯", decided_on=today - timedelta(days=3), done_on=today
    )
    Problem.objects.create(**rows, state="adopted", title="旧事", decided_on=today - timedelta(days=200))
    Problem.objects.create(**rows, state="candidate", title="未定", decided_on=None)

    def ids(**query: str) -> list[str]:
        return [each["service_request_id"] for each in ask("requests.json", **query)]

    both = [f"problem-{open_one.pk}", f"problem-{done.pk}"]
    assert ids() == both
    assert ids(status="open") == both[:1]
    assert ids(status="closed") == both[1:]
    assert ids(status="open,closed") == both
    assert ids(service_code=SENT["service_code"]) == both
    assert ids(service_code=services.code_of("交通运输")) == []
    assert ids(page_size="1") == both[:1]
    start = (today - timedelta(days=1)).isoformat()
    assert ids(start_date=f"{start}T00:00:00Z") == both[:1]
    far = (today - timedelta(days=210)).isoformat()
    assert len(ids(start_date=far, end_date=(today - timedelta(days=190)).isoformat())) == 1
    (one,) = ask(f"requests/{both[0]}.json")
    assert (one["status"], one["address"], one["service_name"]) == ("open", "东门路", "住房")
    assert ids(service_request_id=",".join(both)) == both
    for wrong in ({"start_date": "yesterday"}, {"start_date": far, "end_date": today.isoformat()}):
        assert ask("requests.json", 400, **wrong)[0]["problem"] == "contents"


def test_methods_that_are_not_offered_are_named(ask: Ask) -> None:
    answer = Client().delete("/open311/v2/requests.json")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
    assert Client().get("/open311/v2/nothing").status_code == 404
    assert Client().get("/open311/v2/services.csv").status_code == 404


def test_no_search_engine_keeps_what_may_be_taken_down(client: Client, bureau: Body) -> None:
    del bureau
    answer = client.get("/open311/v2/requests.json")
    assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex, noarchive")
