"""A post of scanned letters, killed at every step: each page in one place, each letter on record once."""

from __future__ import annotations

import hashlib
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from huiyin.doors.officer import paper_work
from huiyin.reading import pages
from huiyin.registry import law, papers_in
from huiyin.registry.access import Acting
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Body, PaperFile, PaperLetter, PaperPage, Petition, Role
from huiyin.site import splitting
from huiyin.site.splitting import Drawn, Ended
from tests.officer.test_counter import SAID
from tests.registry import pictures
from tests.seams import Killed, Place, Seams

real = pytest.mark.skipif(not pages.available(), reason="what reads letters is not installed: make letters")


WRITES: tuple[Place, ...] = (
    (QuerySet, "create"),
    (QuerySet, "bulk_create"),
    (QuerySet, "update"),
    (QuerySet, "delete"),
    (PaperFile, "save"),
    (Petition, "save"),
    (papers_in, "file_seal"),
)


def at_each_step(
    patch: pytest.MonkeyPatch,
    prepare: Callable[[int], Any],
    do: Callable[[Any], Any],
    check: Callable[[int, Any], None],
) -> int:
    """Kill `do` at each of its steps, each time with a letter of its own; answer how many there were."""
    for at in range(1, 400):
        given = prepare(at)
        with patch.context() as then:
            passed = Seams(WRITES, at).put(then.setattr).names
            try:
                do(given)
            except Killed:
                died = True
            else:
                died = False
        check(at, given)
        if not died:
            return len(passed)
    pytest.fail("it never came to its end")


@pytest.fixture(autouse=True)
def three_pages(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Nothing is parted by itself, and every file has three pages."""
    if "whole" in request.fixturenames:
        return

    def drawn(_kind: str, _content: bytes) -> Iterator[Drawn]:
        for n in range(3):
            yield Drawn(pictures.jpeg(high=20 + n), 8, 20 + n, "", 3)

    monkeypatch.setattr(paper_work, "start", lambda: None)
    monkeypatch.setattr(splitting, "drawn", drawn)
    monkeypatch.setattr(pages, "available", lambda: True)


def upload(n: int) -> Upload:
    return Upload(f"{n}.jpg", pictures.jpeg(high=n))


def bring(n: int) -> papers_in.Brought:
    return papers_in.bring(upload(n), "xf", by=None, now=timezone.now())


def part() -> None:
    """As the next look at the page does, once whoever was at it is silent for long."""
    PaperFile.objects.filter(state="waiting").update(claimed_at=timezone.now() - timedelta(hours=1))
    paper_work.work()


def a_letter(n: int) -> PaperLetter:
    """A letter of three pages, and nothing beside it."""
    PaperPage.objects.all().delete()
    PaperLetter.objects.filter(taken_at=None).delete()
    bring(n)
    part()
    return PaperLetter.objects.get(taken_at=None)


def held() -> list[int]:
    """How many pages each letter has."""
    return sorted(
        PaperPage.objects.filter(letter=each).count() for each in PaperLetter.objects.filter(taken_at=None)
    )


def test_killed_while_it_is_brought(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(at: int, _: Any) -> None:
        again = bring(at)
        assert again.wrong is None or again.again
        assert PaperFile.objects.count() == at

    assert at_each_step(monkeypatch, lambda at: at, bring, check) >= 4


def test_killed_while_it_is_parted(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_at: int, _: Any) -> None:
        part()
        assert held() == [3]
        assert not PaperFile.objects.exclude(state__in=("split", "done")).exists()

    def prepare(at: int) -> None:
        PaperPage.objects.all().delete()
        PaperLetter.objects.all().delete()
        bring(at)

    assert at_each_step(monkeypatch, prepare, lambda _: paper_work.work(), check) > 15


def test_killed_while_it_is_cut_joined_and_sorted(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    acting = Acting(cast["olga"], law.at(timezone.now())[1])

    def do(letter: PaperLetter) -> None:
        second = PaperPage.objects.filter(letter=letter).order_by("number")[1]
        new = papers_in.cut(second)
        assert new is not None
        papers_in.join(new, acting)
        papers_in.leave_out(PaperPage.objects.filter(letter=letter).order_by("number")[2])
        papers_in.put_back(PaperPage.objects.get(letter=None))

    def check(_at: int, _letter: PaperLetter) -> None:
        left_out = PaperPage.objects.filter(letter=None).count()
        assert PaperPage.objects.count() == 3
        assert sum(held()) + left_out == 3
        assert 0 not in held()

    assert at_each_step(monkeypatch, a_letter, do, check) > 10


def filled_in(letter: PaperLetter, once: str) -> dict[str, Any]:
    return {**SAID, "channel": "letter", "paper": str(letter.pk), "once": once * 40}


def test_killed_while_it_is_put_on_record(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk("olga")

    def do(letter: PaperLetter) -> Any:
        return browser.post("/desk/new/", filled_in(letter, chr(0x4E00 + Petition.objects.count())))

    def check(at: int, letter: PaperLetter) -> None:
        there = Petition.objects.filter(source="").count()
        # Half of it is nowhere: the letter waits, or the petition stands and its pages are gone.
        assert held() == ([] if there == at else [3])
        if there < at:
            assert do(letter).status_code == 200
        assert Petition.objects.count() == at
        assert held() == []
        assert not PaperPage.objects.exists()

    assert at_each_step(monkeypatch, a_letter, do, check) > 10


@pytest.mark.django_db(transaction=True)
def test_two_desks_register_one_letter_at_once(desk: Callable[..., Client], cast: Any) -> None:
    Role.objects.create(officer=cast["otto"], body=Body.objects.get(code="xf"), role="registrar")
    letter = a_letter(30)
    start = threading.Barrier(2)
    answers: dict[str, Any] = {}

    def sends(login: str, browser: Client) -> None:
        try:
            start.wait()
            answers[login] = browser.post("/desk/new/", filled_in(letter, login[1]))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=sends, args=(login, desk(login)), daemon=True) for login in ("olga", "otto")
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    by_status = {answer.status_code: login for login, answer in answers.items()}
    assert sorted(by_status) == [200, 409]
    assert Petition.objects.count() == 1
    assert not PaperPage.objects.exists()
    first, late = by_status[200].title(), by_status[409]
    assert f"{first} put this letter on record on" in answers[late].content.decode()
    # Whoever comes later still is told the same, wherever they open it.
    for answer in (
        desk(late).get(f"/desk/paper/{letter.pk}/", follow=True),
        desk(late).post(f"/desk/paper/{letter.pk}/register/", follow=True),
        desk(late).post(f"/desk/paper/{letter.pk}/sort/", {"do": "join"}, follow=True),
    ):
        assert f"{first} put this letter on record on" in answer.content.decode()
    assert desk("tina").get(f"/desk/paper/{letter.pk}/").status_code == 404
    papers_in.forget(timezone.now() + timedelta(days=91))
    assert not PaperLetter.objects.exists()


# ---- a PDF that is locked (PDF 1.7, 7.6: the standard security handler, RC4 with 40 bits)

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def rc4(key: bytes, content: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in content:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()


def locked_pdf(password: bytes) -> bytes:
    """One page that opens with this password alone."""
    padded = (password + PADDING)[:32]
    owner = rc4(md5(padded)[:5], padded)
    key = md5(padded + owner + struct.pack("<i", -4) + b"i" * 16)[:5]
    drawn = rc4(md5(key + b"\x04\0\0" + b"\0\0")[:10], b"0 0 100 100 re f")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>"
        % (owner.hex().encode(), rc4(key, PADDING).hex().encode()),
    ]
    made, places = b"%PDF-1.4\n", []
    for n, each in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj%s\nendobj\n" % (n, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R/Encrypt 5 0 R/ID[<%s><%s>]>>" % (((b"i" * 16).hex().encode(),) * 2)
    return (
        made + b"xref\n0 6\n0000000000 65535 f \n" + table + end + b"\nstartxref\n%d\n%%%%EOF\n" % len(made)
    )


@pytest.fixture
def whole() -> None:
    """What really opens files."""


@real
@pytest.mark.usefixtures("whole")
def test_a_locked_pdf_is_kept_and_its_reason_is_told(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdfium2

    monkeypatch.setattr(paper_work, "start", lambda: None)
    content = locked_pdf(b"1949")
    assert len(pypdfium2.PdfDocument(content, password="1949")) == 1  # it is one, to who knows the password
    with pytest.raises(Ended, match="locked"):
        list(splitting.drawn("application/pdf", content))
    done = papers_in.bring(Upload("locked.pdf", content), "xf", by=None, now=timezone.now())
    assert done.wrong is None
    paper_work.work()
    said = desk("olga").get("/desk/paper/").content.decode()
    assert "locked.pdf" in said
    assert "It is locked with a password." in said
    assert held() == []
