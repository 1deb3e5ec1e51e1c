"""Whatever a server hands out, the verifiers end with a verdict and never with a crash."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huiyin.core import published
from huiyin.core.policy import Log, Policy
from huiyin.core.published import Asked, Unreadable
from huiyin.doors.cli import reach
from tests.verifying.conftest import Verify
from tests.verifying.made_log import LOG, MadeLog, honest
from tests.verifying.test_standalone import alone

OURS = Policy((Log(LOG.key),))
NOT_READ = {"key"}  # the key comes from elsewhere
Damage = Callable[[bytes], bytes | None]
CHANCE = random.Random(7)  # the same each time
DAMAGES: dict[str, Damage] = {
    "gone": lambda _content: None,
    "empty": lambda _content: b"",
    "half": lambda content: content[: len(content) // 2],
    "noise": lambda content: CHANCE.randbytes(len(content)),
    "longer": lambda content: content + b"\n0\n",
    "a bit": lambda content: bytes([content[0] ^ 1]) + content[1:],
    "brackets": lambda _content: b"[" * 100_000,
    "other": lambda _content: b'{"cohorts": [1, null, {"period": []}], "size": 1e400, "note": 3}\n',
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return honest().write(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_no_damage_to_any_file_passes_or_crashes(damage: Damage, whole: Path):
    fetch = reach.log_at(str(whole))
    names = [str(path.relative_to(whole)) for path in whole.rglob("*") if path.is_file()]
    assert len(names) > 10
    for name in sorted(set(names) - NOT_READ):
        path = whole / name
        content = path.read_bytes()
        hurt = damage(content)
        path.unlink() if hurt is None else path.write_bytes(hurt)
        try:
            assert published.walk(fetch, Asked([LOG.key], OURS)).findings, name
        except Unreadable:
            assert name == "checkpoint"
        finally:
            path.write_bytes(content)


@pytest.mark.parametrize(
    "name", ["checkpoint", "certificate", "figures.json", "heads/2026-03-02", "tile/entries/000"]
)
@pytest.mark.parametrize("damage", ["gone", "half", "noise", "brackets"])
def test_the_file_for_sceptics_ends_with_a_verdict_too(name: str, damage: str, made: MadeLog, folder: Path):
    path = made.write(folder) / name
    hurt = DAMAGES[damage](path.read_bytes())
    path.unlink() if hurt is None else path.write_bytes(hurt)
    code, said = alone(folder, LOG.key)
    assert (code, said[-1]) == (1, "It does not hold.")


def test_moments_beyond_every_calendar_are_findings(verify: Verify, made: MadeLog, folder: Path):
    number = len(made.leaves)
    made.add([made.leaves[0].replace(b"2026-03-02T02:00Z", b"9999-12-31T23:59Z")])
    assert verify(made.write(folder)).findings == [("ahead", f"leaf {number}")]
    assert alone(folder, LOG.key)[0] == 1
    at, size, _ = made.heads[-1]
    day = folder / f"heads/{at:%Y-%m-%d}"
    lines = day.read_text(encoding="utf-8").splitlines()
    far = datetime(9999, 12, 31, tzinfo=UTC)
    note = made.head_over(size, far).replace(f"{int(far.timestamp())}", "0")
    lines[-1] = json.dumps({"size": size, "note": note})
    day.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert {what for what, _ in verify(folder).findings} >= {"wrong-day"}


@pytest.mark.parametrize("seconds", ["-1", "99999999999999999999", "soon"])
def test_a_promise_that_makes_no_sense_is_none(seconds: str, verify: Verify, made: MadeLog, tmp_path: Path):
    path = tmp_path / "receipt"
    path.write_text(made.receipt(include_within=seconds), encoding="utf-8")
    assert verify(path).findings == [("bad-receipt", "")]
