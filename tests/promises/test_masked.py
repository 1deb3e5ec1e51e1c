"""Promise 5: names in texts are masked for all but the petition's handlers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.registry import access
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Body, BodyLetter, Officer, Petition
from huiyin.vault.seal import Author as Person
from tests.cast import OPINION, Walk, acting_as, lodge

DESK = Path(__file__).parents[2] / "src/huiyin/doors/officer/templates/desk"
# The author types their own name without any mark; everything else has one.
OWN = Person(name="陆云起", phone="13912345678", email="luyunqi@example.test", address="青石巷小院")
SUBJECT = "陆云起家门前路灯坏了，请回电13912345678"
TEXT = (
    "昨天陆云起又摔了一跤。邻居叫欧阳娜娜，身份证号430102199001011234，住幸福路128号3栋2单元501室，"
    "微信号nana_88。肇事车湘A12345。补偿请打6222 0212 3456 7890 123。邮箱luyunqi@example.test，住青石巷小院。"
)
LATER = "补充：欧阳娜娜的电话是一三八一二三四五六七八，陆云起可以作证。"
PLANTED = (
    *("陆云起", "欧阳娜娜", "13912345678", "430102199001011234", "128号", "501室", "nana_88", "湘A12345"),
    *("6222 0212 3456 7890 123", "luyunqi", "青石巷小院", "一三八一二三四五六七八", "王小虎", "13711112222"),
)
# A body that had it before, one called in, one above, an auditor; each may see the petition or lists of it.
OTHERS = ("olga", "sven", "audrey")


@pytest.fixture
def planted(cast: dict[str, Officer]) -> Walk:
    """A petition full of names at the housing bureau, with an opinion that repeats some of them."""
    then = timezone.now() - timedelta(days=3)
    files = [Upload("欧阳娜娜13711112222.txt", b"a list")]
    walk = Walk(lodge(now=then, subject=SUBJECT, text=TEXT, author=OWN, uploads=files), then).to("accepted")
    walk("add-information", "author", information=LATER)
    facts = "经查，王小虎同志已与欧阳娜娜联系，陆云起家门前的路灯不亮。"
    said = {**OPINION["answers"][0], "facts": facts}
    walk("submit-opinion", "otto", answers=[said])
    walk("countersign", "hedda")
    walk("issue-opinion", "otto", answers=[said])
    walk("serve", "otto", served_on=walk.today.isoformat(), way="in-person")
    return walk


def pages_of(browser: Client, start: str) -> Iterator[tuple[str, bytes]]:
    """Every page of the desk that can be reached by links from there, PDFs and files with them."""
    seen: set[str] = set()
    todo = [
        start,
        "/desk/",
        "/desk/between/",
        "/desk/supervise/",
        "/desk/supervise/petitions/",
        "/desk/carry-out/",
        "/desk/inspections/",
    ]
    while todo and len(seen) < 150:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        yield address, content
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found = re.findall(r'href="(/desk/[^"#]*)"', content.decode())
            todo += [href.replace("&amp;", "&") for href in found if "sign-out" not in href]


@pytest.mark.parametrize("login", OTHERS)
def test_nobody_but_the_handlers_reads_a_planted_name_or_number_anywhere(
    cast: dict[str, Officer], planted: Walk, login: str
) -> None:
    browser = Client()
    browser.cookies["huiyin_language"] = "zh-hans"
    browser.force_login(cast[login])
    page = f"/desk/p/{planted.ref}/"
    addresses = []
    for address, content in pages_of(browser, page):
        addresses.append(address)
        assert not [word for word in PLANTED if word.encode() in content], address
    if login != "audrey":
        assert browser.get(page).status_code == 200
        assert f"{page}letter/" in " ".join(addresses)  # the letters were among what was hunted through


def test_its_handlers_read_it_as_it_was_written(cast: dict[str, Officer], planted: Walk) -> None:
    browser = Client()
    browser.force_login(cast["otto"])
    shown = browser.get(f"/desk/p/{planted.ref}/").content.decode()
    assert not [word for word in PLANTED[:13] if word not in shown]


def test_who_handles_is_the_body_that_has_it_now(cast: dict[str, Officer], planted: Walk) -> None:
    handlers = {login for login in cast if access.handles(acting_as(login), planted.petition)}
    assert handlers == {"otto", "hedda"}


def test_a_handler_no_more_once_it_has_gone_on(cast: dict[str, Officer], planted: Walk) -> None:
    planted("request-review", "author")
    assert not access.handles(acting_as("otto"), planted.petition)
    assert access.handles(acting_as("rita"), planted.petition)


def test_no_page_of_the_desk_says_a_subject_but_through_its_reader() -> None:
    for path in DESK.glob("*.html"):
        said = path.read_text(encoding="utf-8")
        raw = re.findall(r"\w+\.(?:subject|accused_words|requests)\b|\bpetition\.text\b", said)
        assert not [word for word in raw if word not in {"form.subject", "result.subject"}], (path.name, raw)


def test_the_words_of_a_report_are_for_its_handlers_alone(cast: dict[str, Officer]) -> None:
    then = timezone.now()
    walk = Walk(lodge(now=then, kind="report", text="Somebody took money in the hall.", body="xf"), then)
    walk("register", "olga")
    seen = access.visible_to(acting_as("sven")).filter(ref=walk.ref).exists()
    assert seen
    browser = Client()
    browser.force_login(cast["sven"])
    assert b"Somebody took money" not in browser.get(f"/desk/p/{walk.ref}/").content


def test_what_bodies_write_to_one_another_is_masked_for_every_reader(cast: dict[str, Officer]) -> None:
    sent = BodyLetter.objects.create(
        sender=Body.objects.get(code="xian"),
        receiver=Body.objects.get(code="zj"),
        kind="improve-work",
        text="我叫王小虎，电话13711112222，请改进工作。",
        sent_at=timezone.now(),
        sent_by=cast["sven"],
    )
    for login in ("sven", "hedda"):
        browser = Client()
        browser.force_login(cast[login])
        page = browser.get(f"/desk/letters/{sent.pk}/").content.decode()
        assert "请改进工作" in page
        assert not [word for word in PLANTED if word in page]


def test_no_mark_tells_which_signer_lodged_a_joint_petition(cast: dict[str, Officer]) -> None:
    filed = lodge(subject=SUBJECT, text="昨天陆云起来了。", author=OWN, joint=True)
    assert "text" not in filed.petition.masked


def test_the_mark_says_where_and_never_what(cast: dict[str, Officer]) -> None:
    kept = str(Petition.objects.get(pk=lodge(subject=SUBJECT, text=TEXT, author=OWN).petition.pk).masked)
    assert not [word for word in PLANTED if word in kept]
