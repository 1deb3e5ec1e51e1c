"""What an operator could try after the fact, and that anybody with the key finds out which and where."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from huiyin.core import checkpoint, tiles
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.cohorts import Cohort
from huiyin.core.tiles import ENTRIES, Tile
from tests.verifying.conftest import Verify
from tests.verifying.made_log import (
    JANUARY,
    LOG,
    SMALLEST,
    START,
    TIME,
    WITHIN,
    WITNESSES,
    MadeLog,
    count,
    entry,
    public_of,
    put,
    seed,
)

FIRST = Tile(ENTRIES, 0)


def rewrite(folder: Path, change) -> None:
    """Change the first bundle of entries as it lies there, and nothing else."""
    path = folder / FIRST.path
    leaves = tiles.unpack_entries(FIRST, path.read_bytes())
    change(leaves)
    path.write_bytes(tiles.pack_entries(leaves))


def test_an_honest_log_holds(verify: Verify, made: MadeLog, folder: Path, policy: Path):
    done = verify(made.write(folder, witnesses=WITNESSES), "--policy", policy)
    assert (done.code, done.findings) == (0, [])
    assert f"holds {len(made.leaves)} leaves" in done.out
    assert "The published figures are those that the log comes to: 2 cohorts." in done.out
    assert done.out.count("The witness ") == 2
    assert done.told["log"]["whole"] is True
    assert done.told["figures"] == made.figures().as_json()


# ---- the published files are touched


def test_an_entry_that_was_changed(verify: Verify, made: MadeLog, folder: Path):
    made.write(folder)
    rewrite(folder, lambda leaves: leaves.__setitem__(41, entry(START, "something else")))
    done = verify(folder)
    assert done.code == 1
    assert ("changed", "leaf 41") in done.findings
    assert "leaf 41: tile/entries/000: this leaf was changed" in done.err


def test_an_entry_that_was_dropped(verify: Verify, made: MadeLog, folder: Path):
    made.write(folder)
    rewrite(folder, lambda leaves: leaves.pop(7))
    done = verify(folder)
    assert (done.code, done.findings[0]) == (1, ("dropped", "leaf 7"))


def test_an_entry_that_was_inserted(verify: Verify, made: MadeLog, folder: Path):
    made.write(folder)
    rewrite(folder, lambda leaves: leaves.insert(12, entry(START, "never happened")))
    done = verify(folder)
    assert (done.code, done.findings[0]) == (1, ("inserted", "leaf 12"))


def test_entries_that_changed_places(verify: Verify, made: MadeLog, folder: Path):
    def swap(leaves: list[bytes]) -> None:
        leaves[3], leaves[4] = leaves[4], leaves[3]

    made.write(folder)
    rewrite(folder, swap)
    done = verify(folder)
    assert (done.code, done.findings[0]) == (1, ("reordered", "leaf 3"))


def test_a_bundle_that_is_gone(verify: Verify, made: MadeLog, folder: Path):
    made.write(folder)
    (folder / FIRST.path).unlink()
    done = verify(folder)
    assert (done.code, done.findings) == (1, [("bundle-missing", FIRST.path)])


def test_a_tile_of_hashes_that_was_changed(verify: Verify, made: MadeLog, folder: Path):
    made.write(folder)
    above = folder / Tile(1, 0, len(made.leaves) >> 8).path
    above.write_bytes(bytes(len(above.read_bytes())))
    done = verify(folder)
    assert (done.code, done.findings[0][0]) == (1, "wrong-tile")


# ---- the whole log is made anew


def between(made: MadeLog) -> tuple[int, int]:
    """The first and last leaf under the third head."""
    return made.heads[1][1], made.heads[2][1] - 1


@pytest.mark.parametrize("what", ["change", "drop", "insert"])
def test_a_log_made_anew_does_not_fit_the_heads_that_were_signed(
    what: str, verify: Verify, made: MadeLog, folder: Path
):
    first, last = between(made)
    if what == "change":
        made.leaves[last] = entry(START, "something else")
    elif what == "drop":
        del made.leaves[last]
        made.leaves.append(entry(made.now, "in its place"))
    else:
        made.leaves.insert(last, entry(START, "never happened"))
        made.leaves.pop()
    done = verify(made.write(folder))
    found = dict(zip(*_texts(done), strict=True))
    assert done.code == 1
    assert f"one of leaves {first} to {last} was changed" in found["heads/2026-03-02:3"]


def _texts(done):
    rows = [each for each in done.told["findings"] if each["what"] == "root"]
    return [each["where"] for each in rows], [each["en"] for each in rows]


def test_a_head_that_was_rewritten(verify: Verify, made: MadeLog, folder: Path):
    at, size, _ = made.heads[2]
    other = Checkpoint(LOG.name, size, bytes(32))
    made.heads[2] = (at, size, checkpoint.sign(other, (LOG, TIME), int(at.timestamp())))
    done = verify(made.write(folder))
    assert (done.code, done.findings) == (1, [("root", "heads/2026-03-02:3")])


def test_a_head_signed_by_somebody_else(verify: Verify, made: MadeLog, folder: Path):
    at, size, _ = made.heads[2]
    forger = checkpoint.Signer(LOG.name, LOG.kind, seed("forger"))
    made.heads[2] = (at, size, made.head_over(size, at, (forger, TIME)))
    done = verify(made.write(folder))
    assert (done.code, done.findings) == (1, [("head", "heads/2026-03-02:3")])


def test_a_log_that_shrank(verify: Verify, made: MadeLog, folder: Path, tmp_path: Path):
    kept = tmp_path / "kept"
    kept.write_text(made.heads[-1][2], encoding="utf-8")
    made.heads.pop()
    made.leaves = made.leaves[: made.heads[-1][1]]
    done = verify(made.write(folder), "--head", kept)
    assert (done.code, done.findings) == (1, [("shrank", "checkpoint")])


def test_two_heads_of_one_size_in_the_list(verify: Verify, made: MadeLog, folder: Path):
    at, size, _ = made.heads[1]
    other = checkpoint.sign(Checkpoint(LOG.name, size, bytes(32)), (LOG, TIME), int(at.timestamp()))
    made.heads.insert(2, (at, size, other))
    done = verify(made.write(folder))
    assert (done.code, done.findings) == (1, [("split", "heads/2026-03-02:3")])


def test_a_view_that_is_split_between_two_witnesses(
    verify: Verify, made: MadeLog, folder: Path, tmp_path: Path, policy: Path
):
    """South was shown another log of the same size; its head, held against the log shown here, proves it."""
    north, south = WITNESSES
    other = MadeLog([*made.leaves[:-1], entry(made.now, "shown to south")])
    south_saw = tmp_path / "south"
    at, size, _ = made.heads[-1]
    south_saw.write_text(other.head_over(size, at, (LOG, TIME, south)), encoding="utf-8")
    made.write(folder, witnesses=[north])
    done = verify(folder, "--policy", policy, "--head", south_saw)
    assert done.code == 1
    assert done.findings == [("witnesses", "checkpoint"), ("split", str(south_saw))]
    assert "the two signatures prove it" in done.err


def test_a_head_without_the_witnesses_that_are_asked_for(
    verify: Verify, made: MadeLog, folder: Path, policy: Path
):
    made.write(folder)
    assert verify(folder).code == 0
    assert verify(folder, "--policy", policy).findings == [("witnesses", "checkpoint")]


# ---- time


def test_an_entry_that_was_included_late(verify: Verify, made: MadeLog, folder: Path):
    number = len(made.leaves)
    made.add([entry(made.now - timedelta(seconds=WITHIN + 61), "kept back")])
    done = verify(made.write(folder))
    assert (done.code, done.findings) == (1, [("late", f"leaf {number}")])
    assert "later than promised, or dated back" in done.err


def test_an_entry_on_the_last_second_of_the_promise_is_in_time(verify: Verify, made: MadeLog, folder: Path):
    made.add([entry(made.now + timedelta(minutes=1) - timedelta(seconds=WITHIN + 60))])
    assert verify(made.write(folder)).code == 0


def test_an_entry_from_after_its_head(verify: Verify, made: MadeLog, folder: Path):
    number = len(made.leaves)
    made.add([entry(made.now + timedelta(hours=1))])
    assert verify(made.write(folder)).findings == [("ahead", f"leaf {number}")]


def test_heads_whose_time_goes_back(verify: Verify, made: MadeLog, folder: Path):
    made.sign(timedelta(minutes=-30))
    made.sign(timedelta(minutes=31))
    assert ("backwards", "heads/2026-03-03:5") in verify(made.write(folder)).findings


def test_a_certificate_that_has_expired(verify: Verify, made: MadeLog, folder: Path, tmp_path: Path):
    held = tmp_path / "receipt"
    held.write_text(made.receipt(), encoding="utf-8")
    assert verify(held).code == 0
    made.until = made.now - timedelta(minutes=1)
    assert verify(made.write(folder)).findings == [("certificate-term", "certificate")]
    held.write_text(made.receipt(), encoding="utf-8")
    done = verify(held)
    assert (done.code, done.findings) == (1, [("bad-receipt", "")])
    assert "nobody vouched for the receipt key then" in done.err


# ---- what is counted


def test_a_count_that_was_falsified_in_place(verify: Verify, made: MadeLog, folder: Path):
    place = next(n for n, leaf in enumerate(made.leaves) if leaf.startswith(b"huiyin-count") and n > 256)
    made.write(folder)
    bundle = tiles.wide(ENTRIES, place >> 8, len(made.leaves))
    assert bundle
    path = folder / bundle.path
    leaves = tiles.unpack_entries(bundle, path.read_bytes())
    leaves[place % 256] = leaves[place % 256].replace(b"late-30", b"met").replace(b"open", b"met", 1)
    path.write_bytes(tiles.pack_entries(leaves))
    assert ("changed", f"leaf {place}") in verify(folder).findings


def test_a_count_that_takes_what_is_not_there(verify: Verify, made: MadeLog, folder: Path):
    number = len(made.leaves)
    sums = made.figures()
    made.add([count(JANUARY, "became", "lapsed", "met")])
    done = verify(made.write(folder, figures=sums))
    assert ("balance", f"leaf {number}") in done.findings
    assert done.code == 1


def test_a_leaf_of_no_known_form(verify: Verify, made: MadeLog, folder: Path):
    number = len(made.leaves)
    made.add([b"huiyin-entry/2\nrecorded_at 2026-03-02T02:00Z\nname Zhang San\n"])
    assert verify(made.write(folder)).findings == [("form", f"leaf {number}")]


def test_a_cohort_that_is_too_small(verify: Verify, made: MadeLog, folder: Path):
    tiny = Cohort("2026-02", "body zj", "sort")
    made.add([count(tiny, "began", "open", tag=n) for n in range(SMALLEST - 1)])
    done = verify(made.write(folder))
    assert [what for what, _ in done.findings] == ["small"]
    assert f"“2026-02 body zj sort” holds {SMALLEST - 1} terms" in done.err
    made.heads.pop()
    made.add([count(tiny, "began", "open", tag="the last one")])
    assert verify(made.write(folder)).code == 0


def test_figures_that_were_altered(verify: Verify, made: MadeLog, folder: Path):
    made.write(folder)
    path = folder / "figures.json"
    told = json.loads(path.read_bytes())
    row = next(row for row in told["cohorts"] if row["clock"] == "handling")
    row["standings"]["met"] += row["standings"].pop("late-30")
    path.write_text(json.dumps(told), encoding="utf-8")
    done = verify(folder)
    assert done.code == 1
    assert done.findings == [
        ("figures-csv", "figures.csv"),
        ("figures", "figures.json: 2026-01 body zj handling"),
    ]
    assert "published is began 20" in done.err


def test_figures_of_another_head(verify: Verify, made: MadeLog, folder: Path):
    made.write(folder)
    path = folder / "figures.json"
    told = json.loads(path.read_bytes()) | {"root": "A" * 43 + "=", "cohort": 5}
    path.write_text(json.dumps(told), encoding="utf-8")
    assert verify(folder).findings == [("figures-of", "figures.json")] * 2


# ---- receipts


def test_a_receipt_whose_entry_never_came(verify: Verify, made: MadeLog, folder: Path, tmp_path: Path):
    held = tmp_path / "receipt"
    held.write_text(made.receipt(made.now), encoding="utf-8")
    made.now += timedelta(seconds=WITHIN)
    made.lodge(1)
    made.write(folder)
    walked = verify(folder, "--receipt", held)
    assert (walked.code, walked.findings) == (1, [("not-there", str(held))])
    looked = verify(held, "--log", folder)
    assert (looked.code, looked.findings) == (1, [("not-there", "")])
    assert "the promise was broken, and this receipt with that head proves it" in looked.err


def test_a_receipt_that_was_kept_too_late(verify: Verify, made: MadeLog, folder: Path, tmp_path: Path):
    held = tmp_path / "receipt"
    held.write_text(made.receipt(made.now), encoding="utf-8")
    late = public_of(held.read_text(encoding="utf-8"))
    made.now += timedelta(seconds=WITHIN)
    made.add([late])
    number = len(made.leaves) - 1
    made.write(folder)
    assert set(verify(folder, "--receipt", held).findings) == {("too-late", str(held))}
    assert verify(held, "--log", folder).findings == [("too-late", "")]
    assert number


def test_a_receipt_that_was_forged(verify: Verify, made: MadeLog, folder: Path, tmp_path: Path):
    held = tmp_path / "receipt"
    made.write(folder)
    for forged in (
        made.receipt().replace("body zj", "body jt"),
        made.receipt(entry="A" * 43 + "="),
        made.receipt(ref="HY-2026-OTHER", opening="{}"),
        made.receipt().replace("— ", "— other.example/"),
        made.receipt(certificate="bm9uZQ=="),
    ):
        held.write_text(forged, encoding="utf-8")
        assert verify(held).findings == [("bad-receipt", "")], forged
        assert ("bad-receipt", str(held)) in verify(folder, "--receipt", held).findings


# ---- keys


def test_a_log_that_changed_its_key_is_walked_with_both(verify: Verify, made: MadeLog, folder: Path):
    new = checkpoint.Signer(LOG.name, LOG.kind, seed("the next log key"))
    at = made.now + timedelta(minutes=1)
    size = len(made.leaves)
    made.heads.append((at, size, made.head_over(size, at, (new, TIME))))
    made.write(folder)
    put(folder, "checkpoint", made.heads[-1][2].encode())
    assert verify(folder, keys=[LOG.key, new.key]).code == 0
    assert verify(folder, keys=[new.key]).findings == [("certificate", "certificate")]
    assert verify(folder).findings == [("head", "checkpoint")]
