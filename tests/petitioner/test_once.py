"""Impatient fingers and broken lines: one form never becomes two petitions."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from huiyin.core.refusal import Refusal, refuse
from huiyin.doors.petitioner import once
from huiyin.registry.file import file
from huiyin.registry.models import Idempotent, Petition
from tests.cast import NOW, lodging

THREADS = 6


def send(token: str, **changes: Any) -> once.Answer | once.Sent | Refusal:
    said = lodging(**changes)
    return once.once(token, {"subject": said.subject}, lambda: file(said, now=NOW), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_sent_many_times_at_once_it_is_one_petition_with_one_answer(cast: Any) -> None:
    token, start = once.new_token(), threading.Barrier(THREADS)
    answers: list[Any] = []

    def press() -> None:
        try:
            start.wait()
            answers.append(send(token))
        except BaseException as error:  # noqa: BLE001 - whatever a thread dies of is what this test is about
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Petition.objects.count() == 1
    assert len(answers) == THREADS
    assert {(a.ref, a.key) for a in answers} == {(answers[0].ref, answers[0].key)}


def test_the_answer_is_kept_sealed_and_tells_no_token(cast: Any) -> None:
    token = once.new_token()
    answer = send(token)
    assert isinstance(answer, once.Answer)
    kept = Idempotent.objects.get()
    everything = repr((kept.digest, kept.body_digest)).encode() + bytes(kept.answer)
    for secret in (token, answer.key, answer.ref):
        assert secret.encode() not in everything
    assert answer.key not in repr(answer)


def test_a_refusal_is_not_kept_and_the_form_may_be_mended(cast: Any) -> None:
    token = once.new_token()
    refused = once.once(token, {}, lambda: refuse("no-body"), now=NOW)
    assert isinstance(refused, Refusal)
    assert isinstance(send(token), once.Answer)


def test_other_words_under_the_same_token_are_not_sent(cast: Any) -> None:
    token = once.new_token()
    first = send(token)
    second = send(token, subject="别的事")
    assert isinstance(first, once.Answer)
    assert isinstance(second, once.Sent)
    assert second.answer == first
    assert Petition.objects.count() == 1


def test_when_the_answer_cannot_be_kept_nothing_is_filed(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("huiyin.registry.once._keep", broken)
    with pytest.raises(OSError, match="full"):
        send(once.new_token())
    assert not Petition.objects.exists()


@pytest.mark.parametrize("token", ["", "forged", "a:b:c"])
def test_a_token_that_this_site_did_not_make_is_no_token(token: str) -> None:
    assert not once.is_good(token)


def test_tokens_differ() -> None:
    assert len({once.new_token() for _ in range(50)}) == 50
