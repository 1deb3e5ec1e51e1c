"""What the mail door set aside, at the desk: seen by the office that sorts, filed or closed with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.registry import by_mail
from huiyin.registry.models import Change, MailAside
from tests.cast import NOW

PAGE = "/desk/set-aside/"


@pytest.fixture
def aside(cast: Any) -> MailAside:
    known = by_mail.Known(b"a message")
    return by_mail.set_aside(
        known,
        NOW,
        mark=by_mail.mark_of(b"head"),
        why="spam",
        subject="买发票吗",
        text="我叫王小明，电话13800138000。",
        own=("王小明",),
        files=2,
        size=2_000,
    )


@pytest.fixture
def olga(client: Client, cast: Any) -> Client:
    client.force_login(cast["olga"])
    return client


def test_the_office_sees_what_waits_and_no_name(olga: Client, aside: MailAside) -> None:
    said = olga.get(PAGE).content.decode()
    assert "买发票吗" in said
    assert "王小明" not in said
    assert "13800138000" not in said


@pytest.mark.parametrize("login", ["otto", "tina", "ada", "hedda"])
def test_nobody_else_sees_it(client: Client, cast: Any, aside: MailAside, login: str) -> None:
    client.force_login(cast[login])
    answer = client.get(PAGE)
    assert answer.status_code == 404 or "买发票吗" not in answer.content.decode()
    client.post(PAGE, {"message": aside.pk, "go": "close", "closed_for": "advertising"})
    assert MailAside.objects.get().decision == ""


def test_it_is_filed_by_a_press(olga: Client, aside: MailAside) -> None:
    assert olga.post(PAGE, {"message": aside.pk, "go": "file"}).status_code == 302
    row = MailAside.objects.get()
    assert (row.decision, row.decided_by and row.decided_by.login) == ("file", "olga")
    assert Change.objects.get().what["did"] == "mail-filed"


def test_it_is_closed_only_with_a_reason(olga: Client, aside: MailAside) -> None:
    answer = olga.post(PAGE, {"message": aside.pk, "go": "close"})
    assert answer.status_code == 400
    assert MailAside.objects.get().decision == ""
    olga.post(PAGE, {"message": aside.pk, "go": "close", "closed_for": "advertising"})
    assert MailAside.objects.get().closed_for == "advertising"
    assert "买发票吗" in olga.get(f"{PAGE}?closed=1").content.decode()
    olga.post(f"{PAGE}?closed=1", {"message": aside.pk, "go": "file"})
    assert MailAside.objects.get().decision == "file"


def test_nothing_chosen_is_said(olga: Client, aside: MailAside) -> None:
    assert olga.post(PAGE, {"go": "file"}).status_code == 400


def test_what_holds_nothing_to_file_can_only_be_closed(olga: Client, aside: MailAside) -> None:
    MailAside.objects.update(why="large")
    olga.post(PAGE, {"message": aside.pk, "go": "file"})
    assert MailAside.objects.get().decision == ""


def test_the_list_costs_the_same_however_long(
    olga: Client, aside: MailAside, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        by_mail.set_aside(
            by_mail.Known(b"%d" % n), NOW + timedelta(minutes=n), mark=str(n), why="list", text="x"
        )
    with django_assert_max_num_queries(20):
        olga.get(PAGE)
