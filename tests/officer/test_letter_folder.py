"""The folder that a scanner writes letters into: what is whole is kept once, whoever is killed on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from huiyin.clerk import letter_folder
from huiyin.clerk.loop import Clerk
from huiyin.registry import papers_in
from huiyin.registry.models import Body, PaperFile, Pulse
from tests.registry import pictures
from tests.seams import Killed, Place, Seams

SOON, LONG = timedelta(minutes=2), timedelta(minutes=20)


@pytest.fixture
def folder(cast: Any, tmp_path: Path, settings: Any) -> Path:
    settings.LETTERS_DIR = tmp_path / "letters"
    place: Path = settings.LETTERS_DIR / "xf"
    place.mkdir(parents=True)
    assert Body.objects.filter(code="xf", external=False).exists()
    return place


def look(after: timedelta = SOON) -> dict[str, int]:
    return dict(letter_folder.look(timezone.now() + after))


def wrongs(after: timedelta = SOON) -> list[str]:
    return [each.en for each in letter_folder.wrongs(timezone.now() + after)]


def kept() -> list[str]:
    return [row.state for row in PaperFile.objects.order_by("at")]


def test_a_whole_file_is_kept_for_its_body_and_leaves_the_folder(folder: Path) -> None:
    (folder / "one.jpg").write_bytes(pictures.jpeg())
    (folder / "two.pdf").write_bytes(b"%PDF-1.4 a letter\n%%EOF\n")
    assert look() == {"letters_taken": 2}
    assert list(folder.iterdir()) == []
    assert PaperFile.objects.filter(body="xf", state="waiting", by=None).count() == 2
    assert look() == {}
    assert kept() == ["waiting", "waiting"]


def test_what_still_grows_or_is_not_yet_renamed_stays(folder: Path) -> None:
    for name in (".hidden.jpg", "a.pdf.part", "b.tmp", "~c.jpg"):
        (folder / name).write_bytes(pictures.jpeg())
    (folder / "growing.jpg").write_bytes(pictures.jpeg())
    assert look(timedelta(seconds=30)) == {}
    half = folder / "half.pdf"
    half.write_bytes(b"%PDF-1.4 the first page")
    assert look() == {"letters_taken": 1}
    assert half.exists()
    half.write_bytes(b"%PDF-1.4 the first page and the last\n%%EOF\n")
    assert look() == {"letters_taken": 1}
    assert len(list(folder.iterdir())) == 4


def test_what_has_no_end_after_a_while_is_judged_as_it_is(folder: Path) -> None:
    (folder / "half.jpg").write_bytes(pictures.jpeg()[:-30])
    assert look() == {}
    assert look(LONG) == {"letters_aside": 1}
    assert (folder / "aside" / "half.jpg").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("note.txt", b"a note", "is neither a picture"),
        ("empty.pdf", b"", "is empty"),
        ("wrong.pdf", pictures.jpeg(), "is not of a kind"),
        ("large.jpg", b"\xff\xd8\xff" + bytes(11 * 1024 * 1024) + b"\xff\xd9", "is larger than 10 MB"),
    ],
)
def test_what_cannot_be_taken_is_set_aside_and_the_desk_says_why(
    folder: Path, desk: Callable[..., Any], name: str, content: bytes, said: str
) -> None:
    (folder / name).write_bytes(content)
    (folder / "fine.jpg").write_bytes(pictures.jpeg())
    assert look(LONG) == {"letters_taken": 1, "letters_aside": 1}
    assert [path.name for path in (folder / "aside").iterdir()] == [name]
    row = PaperFile.objects.get(state="problem")
    for words in (said.encode(), name.encode()):
        assert words not in bytes(row.told or b"")  # locked
    PaperFile.objects.exclude(pk=row.pk).delete()
    browser = desk("olga")
    page = browser.get("/desk/paper/").content.decode()
    assert f"“{name}” {said}" in page
    assert "It was put into the folder “aside”" in page
    assert "文件放进了文件夹 aside" in desk("olga", "zh-hans").get("/desk/paper/").content.decode()
    browser.post(f"/desk/paper/file/{row.pk}/")
    assert said not in browser.get("/desk/paper/").content.decode()
    # Another one of that name does not push the first one out.
    (folder / name).write_bytes(content + b" ")
    assert look(LONG) == {"letters_aside": 1}
    assert len(list((folder / "aside").iterdir())) == 2


def test_one_that_cannot_be_opened_stops_no_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.jpg").write_bytes(pictures.jpeg())
    (folder / "b.jpg").write_bytes(pictures.jpeg(high=9))
    real = papers_in.bring

    def bring(upload: Any, *words: Any, **more: Any) -> Any:
        if upload.name == "a.jpg":
            raise ZeroDivisionError
        return real(upload, *words, **more)

    monkeypatch.setattr(papers_in, "bring", bring)
    assert look() == {"letters_taken": 1, "letters_aside": 1}


def test_a_full_house_lets_files_wait_where_they_lie(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers_in, "MOST_WAITING", 0)
    (folder / "a.jpg").write_bytes(pictures.jpeg())
    assert look() == {"letters_wait": 1}
    assert [path.name for path in folder.iterdir()] == ["a.jpg"]
    monkeypatch.undo()
    assert look() == {"letters_taken": 1}


def test_another_file_under_the_same_name_is_not_deleted_unseen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = folder / "scan.jpg", papers_in.bring
    path.write_bytes(pictures.jpeg())

    def bring(*words: Any, **more: Any) -> Any:
        done = real(*words, **more)
        monkeypatch.undo()
        path.unlink()
        path.write_bytes(pictures.jpeg(high=9))
        return done

    monkeypatch.setattr(papers_in, "bring", bring)
    look()
    assert path.read_bytes() == pictures.jpeg(high=9)
    assert look() == {"letters_taken": 1}
    assert len(kept()) == 2


PLACES: tuple[Place, ...] = (
    (papers_in, "bring"),
    (papers_in, "file_seal"),
    (papers_in, "not_taken"),
    (PaperFile, "save"),
    (Path, "mkdir"),
    (Path, "rename"),
    (Path, "unlink"),
)


@pytest.mark.parametrize("at", range(1, 21))
def test_killed_at_any_step_nothing_is_lost_and_nothing_comes_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    (folder / "a.jpg").write_bytes(pictures.jpeg())
    (folder / "b.txt").write_bytes(b"a note")
    with monkeypatch.context() as then:
        passed = Seams(PLACES, at).put(then.setattr).names
        with pytest.raises(Killed):
            look()
        assert len(passed) == at
    look()
    look()
    assert sorted(kept()) == ["problem", "waiting"]
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()] == [
        "aside/b.txt"
    ]


def test_what_was_set_aside_is_told_while_something_else_is_parted(
    folder: Path, desk: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huiyin.doors.officer.paper_work.start", lambda: None)
    (folder / "a.jpg").write_bytes(pictures.jpeg())
    (folder / "b.txt").write_bytes(b"a note")
    look()
    page = desk("olga").get("/desk/paper/").content.decode()
    assert "1 file waits" in page
    assert "b.txt" in page
    assert "It was put into the folder “aside”" in page


def test_there_are_no_more_seams_than_are_tried(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.jpg").write_bytes(pictures.jpeg())
    (folder / "b.txt").write_bytes(b"a note")
    with monkeypatch.context() as then:
        passed = Seams(PLACES).put(then.setattr).names
        look()
    assert len(passed) == 20


def test_what_is_wrong_with_the_folder_is_said(folder: Path, settings: Any, desk: Callable[..., Any]) -> None:
    assert wrongs() == []
    look()
    assert not Pulse.objects.get(process="letters").failed
    (folder.parent / "nobody").mkdir()
    (folder.parent / "loose.pdf").write_bytes(b"")
    (folder / "old.tmp").write_bytes(b"")
    (folder / "old.jpg").write_bytes(pictures.jpeg())
    said = wrongs(timedelta(hours=7))
    assert [each.partition(" in the folder")[0] for each in said] == ["loose.pdf", "nobody", "1 files"]
    look()
    assert Pulse.objects.get(process="letters").failed
    assert "an administrator runs “huiyin check”" in desk("olga").get("/desk/paper/").content.decode()
    settings.LETTERS_DIR = folder.parent / "gone"
    assert "is not there" in wrongs()[0]
    assert look() == {}
    settings.LETTERS_DIR = folder
    assert any("no sub-folder named" in each for each in wrongs())


def test_the_clerk_looks_and_check_tells(folder: Path) -> None:
    from huiyin.clerk import checking

    (folder / "a.jpg").write_bytes(pictures.jpeg())
    (folder.parent / "nobody").mkdir()
    now: datetime = timezone.now() + SOON
    assert Clerk().look(now)["letters_taken"] == 1
    assert any("nobody" in each.en for each in checking.check(now))


def test_a_folder_that_nobody_may_read_is_said_and_stops_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(*_words: Any) -> bool:
        return False

    def refused(*_words: Any) -> Any:
        raise PermissionError

    monkeypatch.setattr("huiyin.clerk.letter_folder.os.access", shut)
    monkeypatch.setattr(Path, "iterdir", refused)
    assert wrongs() == [f"the folder of letters {folder.parent} cannot be read and written"]
    assert look() == {}
    assert Pulse.objects.get(process="letters").failed
