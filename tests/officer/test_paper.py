"""Many letters at once: each page in one place, each letter on record once, whatever breaks on the way."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.doors.officer import paper_work
from huiyin.papers.scanned import Leaf, pdf_of
from huiyin.reading import pages
from huiyin.registry import attachments, papers_in
from huiyin.registry.attachments import Upload
from huiyin.registry.models import Attachment, Change, PaperFile, PaperLetter, PaperPage, Petition
from huiyin.site import scanning, splitting
from huiyin.site.scanning import Scan, State
from huiyin.site.splitting import Drawn, Ended
from tests.officer.test_counter import SAID
from tests.registry import pictures

PAGE = "/desk/paper/"
real = pytest.mark.skipif(not pages.available(), reason="what reads letters is not installed: make letters")


def drawn(*kinds: str, total: int = 0, end: str = "") -> Callable[[str, bytes], Iterator[Drawn]]:
    """What the process would answer: pages of these kinds, then an end."""

    def each(_kind: str, _content: bytes) -> Iterator[Drawn]:
        for n, kind in enumerate(kinds):
            yield Drawn(pictures.jpeg(high=20 + n), 8, 20 + n, kind, total or len(kinds))
        if end:
            raise Ended(end)

    return each


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parted where it stands; nothing is read."""
    monkeypatch.setattr(paper_work, "start", paper_work.work)
    monkeypatch.setattr(pages, "available", lambda: True)
    monkeypatch.setattr(splitting, "drawn", drawn("", ""))

    def start(folder: Path, files: Any) -> Scan:
        assert [kind for kind, _ in files] == ["application/pdf"]
        folder.mkdir(parents=True, exist_ok=True)
        scan = Scan(folder, "3" * 32, b"k" * 32)
        scanning.say(scan, State(0, 0, done=True))
        return scan

    monkeypatch.setattr(scanning, "start", start)


def bring(browser: Client, *files: tuple[str, bytes], **said: str) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return browser.post(PAGE, {"attachments": sent, **said}, follow=True)


def letter_sizes(browser: Client) -> list[int]:
    return [each.held for each in browser.get(PAGE).context["page"]]


def test_each_file_begins_a_letter_and_so_does_a_sheet(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk("olga")
    monkeypatch.setattr(splitting, "drawn", drawn("sheet", "", "blank", "", "sheet", ""))
    assert (
        "2 files are kept"
        in bring(browser, ("a.jpg", pictures.jpeg()), ("b.png", pictures.png())).content.decode()
    )
    assert letter_sizes(browser) == [3, 1, 3, 1]
    assert len(browser.get(PAGE).context["left_out"]) == 4


def test_a_blank_page_parts_where_that_is_wanted(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk("olga")
    monkeypatch.setattr(splitting, "drawn", drawn("", "", "blank", "blank", ""))
    bring(browser, ("a.jpg", pictures.jpeg()), blank="on")
    assert letter_sizes(browser) == [2, 1]


@pytest.mark.parametrize("problem", splitting.PROBLEMS)
def test_what_is_wrong_with_a_file_is_said_and_stops_no_other(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, problem: str
) -> None:
    browser = desk("olga")
    monkeypatch.setattr(splitting, "drawn", drawn("", total=9, end=problem))
    bring(browser, ("scan-7.jpg", pictures.jpeg()), ("b.png", pictures.png()))
    page = browser.get(PAGE)
    assert [(each.name, each.row.problem) for each in page.context["troubled"]] == [
        ("scan-7.jpg", problem),
        ("b.png", problem),
    ]
    assert "1 page of it is here." in page.content.decode()
    assert letter_sizes(browser) == [1, 1]
    for each in page.context["troubled"]:
        browser.post(f"/desk/paper/file/{each.row.pk}/")
    assert browser.get(PAGE).context["troubled"] == []
    assert letter_sizes(browser) == [1, 1]


def test_a_file_that_cannot_be_taken_is_named_and_the_others_are_kept(desk: Callable[..., Client]) -> None:
    said = bring(
        desk("olga"),
        ("huge.png", pictures.png(high=20_000, wide=20_000)),
        ("note.txt", b"a note"),
        ("fine.jpg", pictures.jpeg()),
    ).content.decode()
    assert "“huge.png” has more pixels than can be taken" in said
    assert "“note.txt” is neither a picture" in said
    assert "1 file is kept." in said
    assert PaperFile.objects.count() == 1


def test_the_same_file_is_not_taken_twice_even_after_it_is_on_record(desk: Callable[..., Client]) -> None:
    browser = desk("olga")
    bring(browser, ("a.jpg", pictures.jpeg()))
    assert "was brought before" in bring(browser, ("b.jpg", pictures.jpeg())).content.decode()
    register(browser)
    assert "was brought before" in bring(browser, ("c.jpg", pictures.jpeg())).content.decode()
    assert letter_sizes(browser) == []


def register(browser: Client, once: str = "t" * 40, copies: int = 1, **more: str) -> Any:
    first = PaperLetter.objects.order_by("pages__pk").first()
    assert first is not None
    assert browser.post(f"/desk/paper/{first.pk}/register/").headers["Location"] == "/desk/new/letter/"
    letter = browser.get("/desk/new/?letter=1").context["letter"]
    assert letter.paper == str(first.pk)
    tokens = [file.token for file in letter.files] * copies
    said = {**SAID, "channel": "letter", "letter": "1", "staged": tokens, "paper": letter.paper, "once": once}
    return browser.post("/desk/new/", {**said, **more})


def test_a_letter_is_put_on_record_once_and_its_pages_go_with_it(desk: Callable[..., Client]) -> None:
    browser = desk("olga")
    bring(browser, ("a.jpg", pictures.jpeg()))
    keys = set(PaperPage.objects.values_list("data_key", flat=True))
    pk = PaperLetter.objects.get().pk
    answer = register(browser, name="Petra Jones", address="1 Main St")
    assert answer.status_code == 200
    assert "Next letter that waits" in answer.content.decode()
    assert "Address for the envelope" in answer.content.decode()
    assert Petition.objects.get().channel == "letter"
    kept = Attachment.objects.get()
    assert (kept.name, kept.media_type) == ("letter-1.pdf", "application/pdf")
    assert attachments.read(kept).count(b"/DCTDecode") == 2
    assert not PaperPage.objects.exists()
    assert not PaperLetter.objects.filter(taken_at=None).exists()
    file = PaperFile.objects.get()
    assert (file.state, file.content, file.told, file.data_key) == ("done", None, None, None)
    assert len(keys) == 2
    # Another desk that had it open is told; the same form sent again gets the same receipt.
    said = {**SAID, "channel": "letter", "paper": str(pk)}
    assert browser.post("/desk/new/", {**said, "once": "u" * 40}).status_code == 409
    assert browser.post("/desk/new/", {**said, "once": "t" * 40}).status_code == 200
    assert Petition.objects.count() == 1


def test_a_form_that_is_refused_leaves_its_letter_where_it_was(desk: Callable[..., Client]) -> None:
    browser = desk("olga")
    bring(browser, ("a.jpg", pictures.jpeg()))
    assert register(browser, subject="").status_code == 400
    assert register(browser, copies=6).status_code == 409
    assert letter_sizes(browser) == [2]
    assert not Petition.objects.exists()


def test_pages_are_cut_joined_turned_and_left_out_by_hand(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk("olga")
    monkeypatch.setattr(splitting, "drawn", drawn("", "", "", ""))
    bring(browser, ("a.jpg", pictures.jpeg()))
    letter = PaperLetter.objects.get()
    numbers = list(PaperPage.objects.order_by("pk").values_list("pk", flat=True))

    def do(what: str, pk: Any = letter.pk) -> Any:
        return browser.post(f"/desk/paper/{pk}/sort/", {"do": what})

    do(f"cut-{numbers[1]}")
    assert letter_sizes(browser) == [1, 3]
    second = browser.get(PAGE).context["page"][1].pk
    do(f"turn-{numbers[1]}", second)
    assert 'transform="translate(21 0) rotate(90)"' in browser.get(f"/desk/paper/{second}/").content.decode()
    do("join", second)
    assert letter_sizes(browser) == [4]
    do("join")
    assert letter_sizes(browser) == [4]
    for number in numbers:
        do(f"out-{number}")
    assert letter_sizes(browser) == []
    assert PaperPage.objects.count() == 4
    browser.post("/desk/paper/left-out/", {"back": numbers[2]})
    assert letter_sizes(browser) == [1]
    browser.post("/desk/paper/left-out/", {"page": numbers})
    assert list(PaperPage.objects.values_list("pk", flat=True)) == [numbers[2]]
    assert Change.objects.get(what__did="paper-deleted").what["pages"] == 3


def test_nothing_readable_lies_in_the_database_and_no_other_body_sees_it(desk: Callable[..., Client]) -> None:
    bring(desk("olga"), ("王小明的信.jpg", pictures.jpeg()))
    file, page = PaperFile.objects.get(), PaperPage.objects.first()
    assert page is not None
    for kept in (file.told, file.content, page.content):
        assert pictures.jpeg()[:20] not in bytes(kept or b"")
        assert "王小明".encode() not in bytes(kept or b"")
    PaperFile.objects.update(body="zj")
    PaperLetter.objects.update(body="zj")
    browser = desk("olga")
    assert letter_sizes(browser) == []
    letter = PaperLetter.objects.get()
    assert browser.get(f"/desk/paper/{letter.pk}/").status_code == 404
    assert browser.get(f"/desk/paper/page/{page.pk}/").status_code == 404
    assert browser.post(f"/desk/paper/{letter.pk}/register/").status_code == 404
    browser.post(f"/desk/paper/{letter.pk}/sort/", {"do": f"out-{page.pk}"})
    browser.post("/desk/paper/left-out/", {"page": page.pk})
    assert PaperPage.objects.filter(letter=letter).count() == 2
    assert browser.post("/desk/new/", {**SAID, "paper": str(letter.pk), "once": "v" * 40}).status_code == 409


def test_who_is_killed_while_parting_leaves_no_page_twice_and_loses_none(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, olga = timezone.now(), desk("olga")
    monkeypatch.setattr(paper_work, "start", lambda: None)
    bring(olga, ("a.jpg", pictures.jpeg()))
    first = papers_in.claim(now)
    assert first is not None
    came = papers_in.Came(pictures.jpeg(), 8, 8)
    assert papers_in.page_came(first, 1, 2, came, now)
    assert letter_sizes(olga) == []  # half of it is no letter
    assert papers_in.claim(now) is None  # somebody is at it
    later = now + papers_in.SILENT + timedelta(seconds=1)
    second = papers_in.claim(later)
    assert second is not None
    assert not papers_in.page_came(first, 2, 2, came, later)  # who was thought dead
    papers_in.parted(first)
    assert [papers_in.page_came(second, n, 2, came, later) for n in (1, 2)] == [True, True]
    papers_in.parted(second)
    assert letter_sizes(olga) == [2]


def test_a_file_that_kills_who_parts_it_is_given_up(
    desk: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_work, "start", lambda: None)
    olga, now = desk("olga"), timezone.now()
    bring(olga, ("a.jpg", pictures.jpeg()))
    for n in range(papers_in.MOST_TRIES):
        assert papers_in.claim(now + n * 2 * papers_in.SILENT)
    assert papers_in.claim(now + papers_in.MOST_TRIES * 2 * papers_in.SILENT) is None
    assert [each.row.problem for each in olga.get(PAGE).context["troubled"]] == ["stopped"]


def test_the_list_asks_no_more_for_many_letters(
    desk: Callable[..., Client], django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = desk("olga")
    bring(browser, ("a.jpg", pictures.jpeg()))
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        browser.get(PAGE)
    monkeypatch.setattr(splitting, "drawn", drawn(*["", "sheet"] * 8))
    bring(browser, ("b.jpg", pictures.jpeg(high=9)))
    with CaptureQueriesContext(connection) as many:
        browser.get(PAGE)
    assert len(many) <= len(one)


# ---- the process that opens files


def jpeg_of(text: str = "", code: str = "") -> bytes:
    import segno
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (827, 1169), "white")
    if text:
        ImageDraw.Draw(sheet).text((60, 100), text * 3, fill=0, font_size=60)
    if code:
        out = io.BytesIO()
        segno.make(code, error="h", micro=False).save(out, kind="png", scale=12, border=4)
        sheet.paste(Image.open(out).convert("RGB"), (120, 200))
    made = io.BytesIO()
    sheet.save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()


@real
@pytest.mark.usefixtures("whole")
def test_sheets_and_blank_pages_of_a_scan_are_told_apart() -> None:
    leaves = [Leaf(jpeg_of(text), 827, 1169) for text in ("The lamp is dark", "")]
    leaves.insert(0, Leaf(jpeg_of(code=splitting.SEPARATOR), 827, 1169, 180))
    made = pdf_of(leaves)
    assert attachments.refusal([Upload("a.pdf", made)]) is None
    found = list(splitting.drawn("application/pdf", Upload("a.pdf", made).content))
    assert [(each.kind, each.total) for each in found] == [("sheet", 3), ("", 3), ("blank", 3)]
    assert all(each.picture[:2] == b"\xff\xd8" for each in found)


@real
@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize(
    ("kind", "content", "word"),
    [
        ("application/pdf", b"%PDF-1.4 nothing of the kind", "broken"),
        ("image/jpeg", b"\xff\xd8\xff broken", "broken"),
        ("image/png", pictures.png(high=20_000, wide=20_000), "large"),
    ],
)
def test_a_file_that_cannot_be_opened_says_why(kind: str, content: bytes, word: str) -> None:
    with pytest.raises(Ended, match=word):
        list(splitting.drawn(kind, content))


@real
@pytest.mark.usefixtures("whole")
def test_a_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    started = subprocess.Popen

    def killed(*words: Any, **more: Any) -> Any:
        child = started(*words, **more)
        child.send_signal(signal.SIGKILL)
        return child

    monkeypatch.setattr(subprocess, "Popen", killed)
    with pytest.raises(Ended, match="stopped"):
        list(splitting.drawn("image/jpeg", pictures.jpeg()))


def test_no_server_loads_what_opens_pictures() -> None:
    heavy = {"cv2", "PIL", "numpy", "pypdfium2"}
    told = f"import sys; import huiyin.site.splitting; print({heavy!r} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"
