"""POST /api/v1/petitions: what goes in, what the author leaves with, and every way to be told no."""

import json

import pytest

from huiyin.core import notes
from huiyin.registry.models import Idempotent, Petition
from huiyin.registry.receipt import receipt_key
from huiyin.site import json_read
from huiyin.vault.models import IdentitySeal
from huiyin.vault.unseal import open_identity
from tests.api.conftest import PETITION, PETITIONS


def problem(answer, status, code):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    said = json.loads(answer.content)
    assert said["code"] == code
    assert said["status"] == status
    assert said["type"] == f"urn:huiyin:problem:{code}"
    assert said["title"]
    assert said["detail"]
    return said


def test_author_leaves_with_reference_key_receipt_and_clock(send):
    answer = send(PETITION)
    assert answer.status_code == 201
    said = json.loads(answer.content)
    assert set(said) == {"ref", "key", "receipt", "clocks"}
    assert answer["Location"] == f"{PETITIONS}/{said['ref']}"
    assert answer["Cache-Control"] == "no-store"
    assert f"ref {said['ref']}\n" in notes.read_note(said["receipt"], receipt_key())
    [clock] = said["clocks"]
    assert (clock["clock"], clock["rulebook"], clock["state"]) == ("sort", "cn-2022", "running")
    petition = Petition.objects.get(ref=said["ref"])
    assert (petition.channel, petition.kind, petition.holder.code) == ("api", "claim", "xf")
    assert petition.clocks.get().due.isoformat() == clock["due"]


def test_key_is_kept_nowhere(send):
    said = json.loads(send(PETITION).content)
    letters = said["key"].replace("-", "")
    petition = Petition.objects.get(ref=said["ref"])
    kept = repr(
        [*vars(petition).values(), *petition.entries.values_list(), *Idempotent.objects.values_list()]
    )
    assert said["key"] not in kept
    assert letters not in kept


def test_author_goes_under_seal(send):
    author = {"name": "张三", "phone": "13800000000", "email": "z@example.test", "address": "一号院"}
    ref = json.loads(send({**PETITION, "author": author}).content)["ref"]
    sealed = bytes(IdentitySeal.objects.get(petition__ref=ref).sealed)
    assert "张三".encode() not in sealed
    kept = open_identity(Petition.objects.get(ref=ref).pk)
    assert {name: getattr(kept, name) for name in author} == author


def test_anonymous_author_leaves_nothing_sealed(send):
    send({**PETITION, "author": {"name": "  "}})
    assert not IdentitySeal.objects.exists()


def test_what_it_is_about_is_split_into_bodies_and_words(send):
    about = ["jt", "县住建局", "门卫老李", "物业", " ", "jt"]
    ref = json.loads(send({**PETITION, "against": about}).content)["ref"]
    petition = Petition.objects.get(ref=ref)
    assert set(petition.accused.values_list("body__code", flat=True)) == {"jt", "zj"}
    assert petition.accused_words == "门卫老李；物业"


@pytest.mark.parametrize("named", ["xf", "县信访局", "County Petition Office"])
def test_report_never_reaches_a_body_that_it_names(send, named):
    ref = json.loads(send({**PETITION, "kind": "report", "body": "xf", "against": [named]}).content)["ref"]
    assert Petition.objects.get(ref=ref).holder.code == "jw"


def test_language_is_what_the_body_says_or_else_the_header(send):
    said = [
        send(PETITION),
        send(PETITION, Accept_Language="en-GB, zh;q=0.5"),
        send({**PETITION, "language": "zh-hans"}, Accept_Language="en"),
        send({**PETITION, "language": "zh-hant"}),
        send(PETITION, Accept_Language="zh-HK, en;q=0.5"),
    ]
    refs = [json.loads(answer.content)["ref"] for answer in said]
    languages = [Petition.objects.get(ref=ref).language for ref in refs]
    assert languages == ["zh-hans", "en", "zh-hans", "zh-hant", "zh-hant"]


def test_a_refusal_is_said_in_traditional_letters_to_who_asks_for_them(send):
    answer = send({**PETITION, "subject": ""}, Accept_Language="zh-TW")
    assert answer["Content-Language"] == "zh-hant"
    assert json.loads(answer.content)["title"] == "有內容缺少或者不對"


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        (b" ", "truncated"),
        (b'{"subject": "a", }', "byte 17"),
        (b'{"subject": "a"} x', "byte 18"),
        (b'{"subject": "\xff"}', "UTF-8"),
        (b'{"subject": "\\ud800\\ud800"}', "surrogate"),
        (b'["a"]', "object"),
        (b'{"subject": "a", "text": ' + b"[" * 50_000, ""),
    ],
)
def test_malformed_json_is_refused_with_the_place(send, sent, where):
    assert where in problem(send(sent, Accept_Language="en"), 400, "malformed")["detail"]


def test_every_wrong_field_is_named(send):
    sent = {
        "subject": 5,
        "kind": "wish",
        "sender": "x",
        "author": {"name": "a", "phone": "1" * 41},
        "against": ["a", 7],
        "service": "pigeon",
    }
    said = problem(send(sent, Accept_Language="en"), 422, "contents")
    assert said["fields"] == {
        "sender": "there is no such field",
        "subject": "this is of the wrong type",
        "text": "this is required",
        "kind": "choose one of those listed",
        "author.phone": "this is too long",
        "against[1]": "this is of the wrong type",
        "service": "choose one of those listed",
    }
    assert not Petition.objects.exists()


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"subject": " "}, {"subject": "必须填写"}),
        ({"subject": ""}, {"subject": "必须填写"}),
        ({"text": "长" * 20_001}, {"text": "太长了"}),
        ({"text": "a\x00b"}, {"text": "这里要填写文字"}),
        ({"body": "nowhere"}, {"body": "没有这个单位"}),
        ({"author": {"nick": "z"}}, {"author.nick": "没有这一项"}),
        ({"against": [f"{i}{'很' * 110}" for i in range(6)]}, {"against": "太长了"}),
        (
            {"against": ["b", "a\x00"], "body": "\x00"},
            {"against[1]": "这里要填写文字", "body": "这里要填写文字"},
        ),
        ({"author": {"name": "\x00"}}, {"author.name": "这里要填写文字"}),
        ({"subject": "题" * 201}, {"subject": "太长了"}),
    ],
)
def test_wrong_contents_are_told_in_chinese_by_default(send, changed, fields):
    assert problem(send({**PETITION, **changed}), 422, "contents")["fields"] == fields


def test_longest_petition_fits_however_it_is_written(send):
    longest = {"subject": "😀" * 200, "text": "😀" * 20_000}
    assert send(json.dumps(longest, ensure_ascii=True).encode()).status_code == 201


def test_too_much_is_refused_before_it_is_read(send):
    problem(send(b" " * (json_read.MOST_BYTES + 1)), 413, "too-large")


def test_other_media_types_are_refused(send):
    problem(send(PETITION, kind="text/plain"), 415, "media-type")
    problem(send(PETITION, kind="application/x-www-form-urlencoded"), 415, "media-type")
    assert send(PETITION, kind="application/json; charset=utf-8").status_code == 201


def test_missing_length_is_refused(send, rf):
    from huiyin.doors.api.petitions import lodge
    from huiyin.site.problem import address

    request = rf.post(PETITIONS, b"{}", content_type="application/json")
    del request.META["CONTENT_LENGTH"]
    problem(address(POST=lodge)(request), 411, "length")


def test_other_methods_are_refused(client, cast):
    for method in ("get", "put", "delete", "patch", "options"):
        answer = getattr(client, method)(PETITIONS)
        assert answer["Allow"] == "POST"
        problem(answer, 405, "method")
    answer = client.post(f"{PETITIONS}/HY-00000-00000")
    assert answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["", "nothing", "petitions/", "petitions/a/moves/", "petitions//", "v2"])
def test_other_addresses_answer_in_json_too(client, cast, path):
    answer = client.get(f"/api/v1/{path}", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_body_of_a_report_that_nobody_may_receive_is_refused_by_the_rules(send):
    sent = {**PETITION, "kind": "report", "against": ["xian", "xf", "jw", "province"]}
    problem(send(sent), 409, "no-body")


def test_no_cookie_is_read_or_set(client, cast):
    client.cookies["huiyin_language"] = "en"
    answer = client.post(PETITIONS, b"{", content_type="application/json", headers={"Accept-Language": "zh"})
    assert not answer.cookies
    assert answer["Content-Language"] == "zh"
    assert "不是正确的 JSON" in json.loads(answer.content)["detail"]


def test_a_database_that_does_not_answer_is_told_politely(send, monkeypatch):
    from django.db import OperationalError

    from huiyin.doors.api import petitions

    def locked(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr(petitions, "file", locked)
    answer = send(PETITION)
    problem(answer, 503, "unavailable")
    assert answer["Retry-After"] == "5"


def test_filing_takes_few_statements(send, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        send({**PETITION, "author": {"name": "张三"}})
