"""One petition, one file: what is in it, for whom, and that a change to it is found."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from huiyin.core.case import Move
from huiyin.core.refusal import Refusal
from huiyin.doors.cli.commands import huiyin
from huiyin.papers import case_file, case_sheet
from huiyin.papers.case_file import CaseFile
from huiyin.registry.access import Author
from huiyin.registry.attachments import Upload
from huiyin.registry.perform import perform
from huiyin.registry.receipt import receipt_key
from tests.cast import Walk
from tests.papers.drawn import characters, inflated

DOT = bytes.fromhex(  # the smallest picture that is one
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def served(walk: Walk) -> Walk:
    """A petition with an opinion served, and two files that its author added."""
    walk.to("opinion-served")
    files = (Upload("照片.png", DOT), Upload("说明.txt", "另一盏也坏了".encode()))
    made = perform(
        walk.ref, Move("add-information", {"information": "补充"}), Author(walk.ref), walk.now, uploads=files
    )
    assert not isinstance(made, Refusal)
    return walk


def case_of(walk: Walk, *, for_author: bool = True) -> CaseFile:
    return case_file.case_file(walk.petition, walk.now, for_author=for_author)


def packed(walk: Walk, path: Path, *, for_author: bool = True) -> Path:
    with case_file.bundle(case_of(walk, for_author=for_author), {}) as made:
        path.write_bytes(made.read())
    return path


def verify(path: Path) -> tuple[int, str]:
    done = CliRunner().invoke(huiyin, ["verify", str(path), "--key", receipt_key()])
    return done.exit_code, done.output


def changed(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same archive, after somebody was at it."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_case_file_holds_everything_and_proves_it(served: Walk, tmp_path: Path) -> None:
    path = packed(served, tmp_path / "case.zip")
    code, said = verify(path)
    assert code == 0, said
    assert served.ref in said
    with zipfile.ZipFile(path) as archive:
        told = json.loads(archive.read("case.json"))
        names = {file["path"] for file in told["attachments"]}
        assert names == {name for name in archive.namelist() if name.startswith("attachments/")}
    assert [step["document"]["name"] for step in told["steps"] if step["document"]] == [
        "transferred",
        "accepted",
        "opinion-issued",
    ]
    assert {clock["clock"] for clock in told["clocks"]} >= {"sort", "notice", "handling", "review-request"}
    assert all("contents" in proof for proof in told["proofs"])


@pytest.mark.parametrize(
    ("what", "change"),
    [
        (
            "was changed",
            lambda files: files.update({"case.json": files["case.json"].replace(b"2026", b"2025", 1)}),
        ),
        ("is missing", lambda files: files.pop(next(n for n in files if n.endswith(".txt") and "/" in n))),
        ("is not on the list", lambda files: files.update({"more.txt": b"?"})),
        (
            "does not hold",
            lambda files: files.update({"MANIFEST.txt": files["MANIFEST.txt"].replace(b"HY", b"HX")}),
        ),
        ("no case file", lambda files: files.pop("MANIFEST.txt")),
    ],
)
def test_a_change_to_it_is_found(served: Walk, tmp_path: Path, what: str, change: Any) -> None:
    code, said = verify(changed(packed(served, tmp_path / "case.zip"), change))
    assert code == 1
    assert what in said


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("entry 3 does not fit", lambda case: case["proofs"][2]["contents"].update(body="jt")),
        ("entry 2 does not fit", lambda case: case["proofs"][1]["opening"].update(state="declined")),
        ("the words are not those", lambda case: case["lodged"].update(text="没有这回事")),
        ("lacks something", lambda case: case.pop("proofs")),
    ],
)
def test_whoever_holds_the_signing_key_cannot_change_what_an_entry_committed_to(
    served: Walk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, change: Any
) -> None:
    honest = case_file.as_json

    def dishonest(case: CaseFile) -> dict[str, Any]:
        told = json.loads(json.dumps(honest(case)))
        change(told)
        return dict(told)

    monkeypatch.setattr(case_file, "as_json", dishonest)
    code, said = verify(packed(served, tmp_path / "case.zip"))
    assert code == 1
    assert what in said


def test_the_author_gets_no_draft_and_no_number_of_one(walk: Walk, tmp_path: Path) -> None:
    walk.to("opinion-issued")
    for for_author, told in ((True, False), (False, True)):
        path = packed(walk, tmp_path / f"{for_author}.zip", for_author=for_author)
        with zipfile.ZipFile(path) as archive:
            everything = archive.read("case.json").decode()
        assert ("三盏路灯不亮" in everything) is told
        assert ("信答〔2026〕1号" in everything) is told
        assert verify(path)[0] == 0


def test_the_form_of_case_json_is_the_one_that_is_told(served: Walk) -> None:
    """Names and kinds only: whoever reads the schema must find in the file what it says, and nothing else."""
    schema = json.loads(Path("docs/case.schema.json").read_text(encoding="utf-8"))
    kinds: dict[str, type] = {"string": str, "integer": int, "object": dict, "array": list, "boolean": bool}

    def hold(value: Any, said: dict[str, Any], where: str) -> None:
        said = schema["$defs"][said["$ref"].rpartition("/")[2]] if "$ref" in said else said
        allowed = said["type"] if isinstance(said["type"], list) else [said["type"]]
        assert (value is None and "null" in allowed) or any(
            isinstance(value, kinds[kind]) for kind in allowed if kind != "null"
        ), where
        if isinstance(value, dict) and "properties" in said:
            assert set(said["required"]) <= set(value) <= set(said["properties"]), where
            for name, each in value.items():
                hold(each, said["properties"][name], f"{where}.{name}")
        if isinstance(value, list) and "items" in said:
            for each in value:
                hold(each, said["items"], f"{where}[]")

    hold(json.loads(json.dumps(case_file.as_json(case_of(served)))), schema, "case")


def test_what_is_sealed_is_in_no_case_file(served: Walk, tmp_path: Path) -> None:
    for for_author in (True, False):
        case = case_of(served, for_author=for_author)
        drawn = case_sheet.case_data(case, "zh-hans")
        everything = json.dumps([case_file.as_json(case), drawn], ensure_ascii=False)
        for sealed in ("张三", "13800000000", "zhang@example.test", "一号院", served.key):
            assert sealed not in everything


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pdf_is_archival_has_its_words_and_carries_the_files(served: Walk, language: str) -> None:
    made = case_sheet.if_printable(case_of(served), language)[case_sheet.NAME]
    inside = inflated(made)
    for mark in (b"pdfaid:part>3<", b"pdfuaid:part>1<", b"/EmbeddedFiles", b"/AFRelationship"):
        assert mark in inside, mark
    assert inside.count(b"/Type/EmbeddedFile") + inside.count(b"/Type /EmbeddedFile") == 3
    assert set("三盏路灯不亮另一盏") - set("另一盏") <= characters(made)


def test_a_picture_that_cannot_be_drawn_does_not_cost_the_case_file(walk: Walk) -> None:
    broken = Upload("照片.png", DOT[:41] + b"?" * 12 + DOT[53:])
    made = perform(
        walk.ref,
        Move("add-information", {"information": "补充"}),
        Author(walk.ref),
        walk.now,
        uploads=(broken,),
    )
    assert not isinstance(made, Refusal)
    assert case_sheet.if_printable(case_of(walk), "en")


def test_a_bundle_without_a_key_proves_nothing(served: Walk, tmp_path: Path) -> None:
    done = CliRunner().invoke(huiyin, ["verify", str(packed(served, tmp_path / "case.zip"))])
    assert done.exit_code == 4
