"""GET /api/v1/petitions/{ref} and its moves: all of it for whoever holds the key, nothing for others."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.api.conftest import PETITIONS
from tests.cast import Walk, lodge, make_sector

WRONG = "00000-00000-00000-00000"


def told(answer):
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    return json.loads(answer.content)


def test_author_sees_the_whole_petition(get, walk):
    walk.to("accepted")
    said = told(get(walk.ref, walk.key))
    assert said["ref"] == walk.ref
    assert (said["kind"], said["subject"]) == ("claim", "路灯坏了")
    assert said["text"] == walk.petition.text
    assert said["state"]["code"] == "accepted"
    assert said["state"]["zh"]
    assert said["holder"] == {"code": "zj", "zh": "县住建局", "en": "County Housing Bureau"}
    assert said["lodged_at"] == "2026-03-02T02:00:00Z"
    assert [step["event"] for step in said["timeline"]] == ["lodged", "registered", "transferred", "accepted"]
    assert {clock["clock"]: clock["state"] for clock in said["clocks"]}["handling"] == "running"
    assert said["attachments"] == []
    [pressed] = [
        content
        for move in said["moves"]
        for content in move["contents"]
        if (move["move"], content["name"]) == ("request-withdrawal", "pressed")
    ]
    assert pressed["required"]


def test_reference_and_key_may_be_typed_loosely(get, lodged):
    loose = lodged.ref.lower().replace("-", ""), f" {lodged.key.lower().replace('-', ' ')} "
    assert told(get(*loose))["ref"] == lodged.ref


def everything(answer):
    return answer.status_code, sorted(answer.headers.items()), answer.content, dict(answer.cookies)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_key_unknown_and_malformed_references_answer_the_very_same_bytes(get, lodged, language):
    refs = ["HY-00000-00000", "HY-0", "x", "信访", "a/b", "HY-" + "0" * 500, "%00", lodged.ref]
    answers = [get(ref, WRONG, Accept_Language=language) for ref in refs]
    answers += [get(lodged.ref, key, Accept_Language=language) for key in (None, "", "x" * 4000, "钥匙")]
    assert len({repr(everything(answer)) for answer in answers}) == 1
    assert answers[0].status_code == 404
    assert json.loads(answers[0].content)["code"] == "not-found"


def test_moves_hide_the_petition_just_as_well(send, lodged):
    sent = {"move": "request-withdrawal"}
    answers = [
        send(sent, f"{PETITIONS}/{ref}/moves", Huiyin_Key=WRONG)
        for ref in (lodged.ref, "HY-00000-00000", "x")
    ]
    answers.append(send(b"{", f"{PETITIONS}/{lodged.ref}/moves", Huiyin_Key=WRONG))
    assert len({repr(everything(answer)) for answer in answers}) == 1
    assert answers[0].status_code == 404


def test_key_of_one_petition_opens_no_other(get, send, lodged, walk):
    other = json.loads(send({"subject": "a", "text": "b"}).content)
    assert get(other["ref"], lodged.key).status_code == 404


def test_unserved_opinion_is_not_told(get, walk):
    walk.to("opinion-issued")
    assert "应当修复" not in get(walk.ref, walk.key).content.decode()
    walk.to("opinion-served")
    assert "应当修复" in get(walk.ref, walk.key).content.decode()


def test_author_makes_a_move(send, walk):
    walk.to("opinion-served")
    answer = send(
        {"move": "rate", "contents": {"rating": "satisfied"}},
        f"{PETITIONS}/{walk.ref}/moves",
        Huiyin_Key=walk.key,
    )
    assert told(answer)["timeline"][-1]["event"] == "rated"


def test_refusals_are_the_same_as_everywhere(send, walk):
    path, key = f"{PETITIONS}/{walk.ref}/moves", {"Huiyin_Key": walk.key, "Accept_Language": "en"}
    for sent, status, code in (
        ({"move": "fly"}, 409, "unknown-move"),
        ({"move": "accept"}, 409, "wrong-state"),
        ({"move": "register"}, 409, "wrong-role"),
        ({"move": "request-withdrawal", "contents": {"why": 1}}, 422, "contents"),
        ({"move": "request-withdrawal", "contents": {"body": "\x00"}}, 422, "contents"),
        ({"move": "request-withdrawal", "contents": {"a": [{"\x00": 1}]}}, 422, "contents"),
        ({"verb": "request-withdrawal"}, 422, "contents"),
        (b"{", 400, "malformed"),
    ):
        answer = send(sent, path, **key)
        assert (answer.status_code, json.loads(answer.content)["code"]) == (status, code)
    assert walk.petition.version == 1


def test_refusal_names_its_article(send, walk):
    answer = send({"move": "register"}, f"{PETITIONS}/{walk.ref}/moves", Huiyin_Key=walk.key)
    assert json.loads(answer.content)["article"]


def test_telling_takes_a_constant_number_of_queries(get, walk, django_assert_max_num_queries):
    walk.to("accepted")
    with django_assert_max_num_queries(16):
        told(get(walk.ref, walk.key))
    walk.to("closed-final")
    with django_assert_max_num_queries(16):
        told(get(walk.ref, walk.key))


def test_whoever_asks_for_a_review_is_told_who_decides_and_may_name_either(send, get, cast):
    make_sector()
    walk = Walk(lodge(now=timezone.now() - timedelta(days=1)), timezone.now()).to("opinion-served")
    told = json.loads(get(walk.ref, walk.key).content)
    (ask,) = [move for move in told["moves"] if move["move"] == "request-review"]
    assert [body["code"] for body in ask["decides"]] == ["xian", "c-zj"]
    (named,) = [content for content in ask["contents"] if content["name"] == "body"]
    assert (named["choices"], named["required"]) == (["xian", "c-zj"], False)
    path, key = f"{PETITIONS}/{walk.ref}/moves", {"Huiyin_Key": walk.key}
    refused = send({"move": "request-review", "contents": {"body": "shi"}}, path, **key)
    assert (refused.status_code, json.loads(refused.content)["code"]) == (409, "not-next-higher")
    made = send({"move": "request-review", "contents": {"body": "c-zj"}}, path, **key)
    assert json.loads(made.content)["holder"]["code"] == "c-zj"
