"""A published log as a folder, made from the core alone, by an operator who may be honest or not."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from huiyin.core import checkpoint, cohorts, ledger, merkle, notes, tiles
from huiyin.core.certificate import Certificate
from huiyin.core.checkpoint import Checkpoint, Signer
from huiyin.core.cohorts import Cohort, Count, Figures
from huiyin.core.proof import Proof

ORIGIN = "petitions.example"
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
EVERY = timedelta(minutes=1)
WITHIN = 3600
SMALLEST = 20
JANUARY = Cohort("2026-01", "body zj", "handling")
LEVEL = Cohort("2026-01", "level county", "sort")


def seed(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


LOG = Signer(ORIGIN, notes.ED25519, seed("log"))
TIME = Signer(f"{ORIGIN}/time", notes.COSIGNATURE, seed("time"))
RECEIPT = Signer(f"{ORIGIN}/receipt", notes.ED25519, seed("receipt"))
WITNESSES = tuple(Signer(f"{name}.example/w", notes.COSIGNATURE, seed(name)) for name in ("north", "south"))
POLICY = (
    "\n".join(
        [
            *(f"witness {w.name.split('.')[0]} {w.key}" for w in WITNESSES),
            "group both all north south",
            "quorum both",
        ]
    )
    + "\n"
)


def entry(at: datetime, tag: object = "") -> bytes:
    """The public bytes of an entry; the tag makes it another one."""
    return ledger.Entry(at, ledger.digest(f"entry {at} {tag}".encode())).to_bytes()


def count(cohort: Cohort, *what: str, tag: object = "") -> bytes:
    return Count(cohort, what, ledger.digest(f"count {cohort} {what} {tag}".encode())).to_bytes()


@dataclass
class MadeLog:
    """Leaves and signed heads; `write` puts them into a folder as they are published."""

    leaves: list[bytes] = field(default_factory=list)
    heads: list[tuple[datetime, int, str]] = field(default_factory=list)
    now: datetime = START
    within: int = WITHIN
    smallest: int = SMALLEST
    since: datetime = START - timedelta(days=1)
    until: datetime = START + timedelta(days=364)

    def add(self, leaves: Iterable[bytes]) -> None:
        """Leaves, and a head over them a minute later."""
        self.leaves += leaves
        self.sign()

    def lodge(self, number: int) -> list[bytes]:
        """That many entries of this minute, and a head."""
        made = [entry(self.now, n) for n in range(number)]
        self.add(made)
        return made

    def sign(self, after: timedelta = EVERY) -> None:
        self.now += after
        self.heads.append((self.now, len(self.leaves), self.head_over(len(self.leaves), self.now)))

    def checkpoint(self, size: int) -> Checkpoint:
        frontier = merkle.Frontier()
        for leaf in self.leaves[:size]:
            frontier.append(merkle.leaf_hash(leaf))
        return Checkpoint(ORIGIN, size, frontier.root())

    def head_over(self, size: int, at: datetime, signers: Sequence[Signer] = (LOG, TIME)) -> str:
        return checkpoint.sign(self.checkpoint(size), signers, int(at.timestamp()))

    def certificate(self) -> str:
        named = Certificate(
            ORIGIN, str(RECEIPT.key), str(TIME.key), self.within, self.smallest, self.since, self.until
        )
        return notes.sign(named.text, ORIGIN, LOG.seed)

    def figures(self) -> Figures:
        sums = Figures()
        for leaf in self.leaves:
            if cohorts.is_count(leaf):
                sums.add(cohorts.read(leaf))
        return sums

    # -- as it is published

    def write(
        self, folder: Path, *, figures: Figures | None = None, witnesses: Sequence[Signer] = ()
    ) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        put(folder, "key", f"{LOG.key}\n".encode())
        put(folder, "certificate", self.certificate().encode())
        self._write_heads(folder)
        self._write_tiles(folder)
        self._write_figures(folder, figures or self.figures())
        size = self.heads[-1][1]
        note = self.head_over(size, self.heads[-1][0], (LOG, TIME, *witnesses))
        put(folder, "checkpoint", note.encode())
        return folder

    def _write_heads(self, folder: Path) -> None:
        days: dict[str, list[str]] = defaultdict(list)
        for at, size, note in self.heads:
            days[f"{at:%Y-%m-%d}"].append(json.dumps({"size": size, "note": note}))
        for day, lines in days.items():
            put(folder, f"heads/{day}", "".join(f"{line}\n" for line in lines).encode())
        put(folder, "heads/index", "".join(f"{day}\n" for day in sorted(days)).encode())

    def _write_tiles(self, folder: Path) -> None:
        edge = tiles.Edge()
        for tile, content in edge.append(map(merkle.leaf_hash, self.leaves)):
            put(folder, tile.path, content)
        for made in (edge.narrow(), tiles.bundles(0, [], self.leaves)):
            for tile, content in made:
                put(folder, tile.path, content)

    def _write_figures(self, folder: Path, sums: Figures) -> None:
        head = self.checkpoint(self.heads[-1][1])
        rows = sums.as_json()
        told = {
            "format": "huiyin-figures/1",
            "origin": ORIGIN,
            "size": head.size,
            "root": notes.base64_of(head.root),
            "cohort": self.smallest,
            "cohorts": rows,
        }
        put(folder, "figures.json", json.dumps(told, indent=1).encode())
        put(folder, "figures.csv", cohorts.as_csv(rows).encode())

    # -- what a petitioner holds

    def receipt(self, at: datetime | None = None, ref: str = "HY-2026-TEST", **changed: str) -> str:
        """A receipt for an entry of that moment; `public_of(receipt)` is what has to be in the log."""
        at = at or self.now
        opening = opening_of(ref, 1, at)
        salt = seed(f"salt {ref} {at}")
        public = ledger.Entry(at, ledger.commit(opening, salt)).to_bytes()
        lines = {
            "origin": ORIGIN,
            "ref": ref,
            "recorded_at": ledger.second(at),
            "body": "zj",
            "clock": "sort cn-2022 22.1 15 day 2026-03-02 2026-03-17 final",
            "include_within": str(self.within),
            "entry": ledger.digest(public),
            "content_sha256": ledger.digest(b"words"),
            "salt": base64.b64encode(salt).decode(),
            "opening": ledger.canonical(opening).decode(),
            "certificate": base64.b64encode(self.certificate().encode()).decode(),
        } | changed
        text = "\n".join([ledger.RECEIPT, *(f"{name} {value}" for name, value in lines.items())]) + "\n"
        return notes.sign(text, RECEIPT.name, RECEIPT.seed)

    def proof(self, number: int, receipt: str | None = None, witnesses: Sequence[Signer] = ()) -> str:
        """The proof that leaf `number` stands under the last head."""
        at, size, _ = self.heads[-1]
        hashes = [merkle.leaf_hash(leaf) for leaf in self.leaves[:size]]

        def node(level: int, index: int) -> bytes:
            return merkle.fold(hashes[index << level : (index + 1) << level])

        path = merkle.inclusion_proof(number, size, node)
        note = self.head_over(size, at, (LOG, TIME, *witnesses))
        return str(Proof(number, tuple(path), note, receipt.encode() if receipt else None))


def opening_of(ref: str, seq: int, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "seq": seq,
        "recorded_at": ledger.second(at),
        "claimed_at": None,
        "event": "lodged",
        "role": "author",
        "body": "zj",
        "rulebook": "cn-2022",
        "article": "17",
        "state": "lodged",
        "clocks": [],
        "contents_sha256": ledger.digest(b"contents"),
    } | more


def public_of(receipt: str) -> bytes:
    """The public bytes of the entry that a receipt is about."""
    said = dict(line.partition(" ")[::2] for line in notes.parse(receipt).text.splitlines())
    opening, salt = json.loads(said["opening"]), base64.b64decode(said["salt"])
    return ledger.Entry(datetime.fromisoformat(said["recorded_at"]), ledger.commit(opening, salt)).to_bytes()


def put(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def counts(number: int = 20) -> list[bytes]:
    """A month of two cohorts: terms that began open, some of them met since, some late."""
    made = [count(JANUARY, "began", "open", tag=n) for n in range(number)]
    made += [count(LEVEL, "began", "met", tag=n) for n in range(number + 3)]
    made += [count(JANUARY, "became", "open", "met", tag=n) for n in range(number - 3)]
    made += [count(JANUARY, "became", "open", "late-30", tag=n) for n in range(2)]
    return made


def honest() -> MadeLog:
    """A log of 600 leaves or so under a dozen heads, on two days."""
    log = MadeLog()
    for number in (3, 1, 40, 200, 7):
        log.lodge(number)
    log.add(counts())
    log.now += timedelta(days=1)
    for number in (90, 150, 2):
        log.lodge(number)
    log.add([count(JANUARY, "became", "open", "overdue")])
    return log
