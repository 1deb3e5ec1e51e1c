"""A case file: its entries and counts stand in the log, and no label says anything else than its entries."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huiyin.core import cohorts, ledger, manifest, merkle, notes
from huiyin.core.cohorts import Cohort, Count
from huiyin.core.manifest import Manifest
from tests.verifying.conftest import Verify
from tests.verifying.made_log import ORIGIN, RECEIPT, START, WITNESSES, MadeLog, opening_of, seed

REF = "HY-2026-TEST"
FEBRUARY = Cohort("2026-02", "body zj", "handling")
CLOCK = [1, "handling", "running", "2026-02-03", "2026-04-03", None]
MET = [1, "handling", "met", "2026-02-03", "2026-04-03", "2026-03-20"]
Change = Callable[[dict[str, Any]], None]


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def proof_of(seq: int, clocks: list[Any]) -> dict[str, Any]:
    contents = {"content_sha256": ledger.digest(ledger.canonical(LODGED))} if seq == 1 else {"note": seq}
    digest = ledger.digest(ledger.canonical(contents))
    opening, salt = opening_of(REF, seq, START, clocks=clocks, contents_sha256=digest), seed(f"salt {seq}")
    public = ledger.Entry(START, ledger.commit(opening, salt)).to_bytes()
    return {
        "seq": seq,
        "public": encoded(public),
        "salt": encoded(salt),
        "opening": opening,
        "contents": contents,
    }


LODGED = {"subject": "路灯坏了", "text": "请修好路灯。", "attachments": []}


def count_of(
    what: tuple[str, ...], clock: list[Any], cohort: Cohort = FEBRUARY, **more: Any
) -> dict[str, Any]:
    term, name, state, began, due, ended = clock
    opening = {
        "ref": REF,
        "term": term,
        "clock": name,
        "began": began,
        "due": due,
        "ended": ended,
        "state": state,
        "carried": False,
        "result": "",
        "body": "zj",
        "level": "county",
        "report": False,
    } | more
    salt = seed(f"salt {what}")
    public = Count(cohort, what, cohorts.commit(opening, salt)).to_bytes()
    return {"public": encoded(public), "salt": encoded(salt), "opening": opening, "term": term}


def case_of(made: MadeLog) -> dict[str, Any]:
    """A petition with two entries and two counts, all in the log under its last head."""
    proofs = [proof_of(1, [CLOCK]), proof_of(2, [MET])]
    counts = [count_of(("began", "open"), CLOCK), count_of(("became", "open", "met"), MET)]
    rows = [*proofs, *counts]
    for row in rows:
        row["number"] = len(made.leaves)
        made.leaves.append(base64.b64decode(row["public"]))
    made.sign()
    hashes = [merkle.leaf_hash(leaf) for leaf in made.leaves]

    def node(level: int, index: int) -> bytes:
        return merkle.fold(hashes[index << level : (index + 1) << level])

    at, size, _ = made.heads[-1]
    paths = {
        str(row["number"]): [encoded(each) for each in merkle.inclusion_proof(row["number"], size, node)]
        for row in rows
    }
    return {
        "ref": REF,
        "lodged": LODGED,
        "attachments": [],
        "proofs": proofs,
        "counts": counts,
        "head": made.head_over(size, at, (*_log_signers(), *WITNESSES)),
        "paths": paths,
        "certificate": made.certificate(),
    }


def _log_signers():
    from tests.verifying.made_log import LOG, TIME

    return LOG, TIME


@pytest.fixture
def pack(made: MadeLog, tmp_path: Path) -> Callable[..., Path]:
    """`pack(change)`: the case as a ZIP, signed after the change, as an operator would who lies."""

    def packed(change: Change = lambda _case: None) -> Path:
        case = case_of(made)
        change(case)
        content = json.dumps(case, ensure_ascii=False).encode()
        listed = Manifest(
            ORIGIN, REF, ledger.second(START), {manifest.CASE: hashlib.sha256(content).hexdigest()}
        )
        path = tmp_path / "case.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(manifest.CASE, content)
            archive.writestr(manifest.NAME, notes.sign(manifest.written(listed), RECEIPT.name, RECEIPT.seed))
        return path

    return packed


def test_a_case_file_holds_with_the_log_key_alone(verify: Verify, pack: Callable[..., Path], policy: Path):
    done = verify(pack(), "--policy", policy)
    assert done.code == 0
    assert "each of its 2 counts is true of a term that the entries tell of." in done.out
    assert "4 of these stand in the log" in done.out
    assert "The witness south saw that head." in done.out


def test_with_the_receipt_key_it_is_said_that_the_log_was_not_looked_at(
    verify: Verify, pack: Callable[..., Path]
):
    done = verify(pack(), keys=[RECEIPT.key])
    assert done.code == 0
    assert "give the log key with --key to check that" in done.out


def label(**changed: Any) -> Change:
    """Put a false label on the second count, with an opening that is made to fit it."""

    def change(case: dict[str, Any]) -> None:
        false = count_of(("became", "open", changed.pop("says", "met")), MET, **changed)
        case["counts"][1] |= false
        case["paths"] = {}
        case["head"] = None

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (label(says="late-7"), "a false label: the term does not stand so"),
        (
            label(says="late-7", ended="2026-04-09", state="missed"),
            "no entry of this case tells of such a term",
        ),
        (label(cohort=Cohort("2026-02", "body jt", "handling")), "does not stand in that cohort"),
        (
            label(cohort=Cohort("2026-02", "level county", "handling")),
            "does not follow from the count before it",
        ),
        (label(ref="HY-2026-OTHER"), "it is of another petition"),
    ],
)
def test_a_false_label_is_found_and_named(
    change: Change, why: str, verify: Verify, pack: Callable[..., Path]
):
    done = verify(pack(change))
    assert done.code == 1
    assert "count 2 (2026-02 " in done.err
    assert why in done.err


def test_a_count_that_is_not_made_of_its_opening(verify: Verify, pack: Callable[..., Path]):
    def change(case: dict[str, Any]) -> None:
        case["counts"][0]["opening"]["body"] = "jt"

    assert (
        "count 1 (2026-02 body zj handling, began open): it is not made of its opening"
        in verify(pack(change)).err
    )


def test_an_entry_that_stands_elsewhere(verify: Verify, pack: Callable[..., Path]):
    def change(case: dict[str, Any]) -> None:
        case["proofs"][1]["number"] -= 1

    assert "entry 2: it is not shown to stand in the log" in verify(pack(change)).err


def test_a_head_by_somebody_else(verify: Verify, pack: Callable[..., Path]):
    def change(case: dict[str, Any]) -> None:
        note = notes.parse(case["head"])
        case["head"] = notes.sign(note.text, ORIGIN, bytes(32))

    assert verify(pack(change)).findings == [("case", "")]


def test_without_the_certificate_the_log_key_does_not_do(verify: Verify, pack: Callable[..., Path]):
    path = pack(lambda case: case.pop("certificate"))
    assert "lacks the certificate" in verify(path).err
    assert verify(path, keys=[RECEIPT.key]).code == 0
