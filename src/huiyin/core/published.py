"""A published log, checked from its first leaf to its last, with nothing but its files and its key.

Everything is made anew from the leaves: their hashes, all tiles above them, the root under each head that was
ever signed, and the figures. What was published is compared with that. One bundle is held at a time, and one
row a cohort.

What outsiders cannot see here: whether an entry says what happened (its opening shows that), and whether a
count is true of a petition (the petition's key holder and an auditor check that).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from huiyin.core import cohorts, figures, ledger, merkle, receipts, tiles
from huiyin.core.certificate import Certificate
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.cohorts import Cohort, Figures
from huiyin.core.figures import Published, Reckoned
from huiyin.core.findings import Findings
from huiyin.core.heads import Fetch, HeadKeys, Missing, SignedHead, bytes_of, certificate_key, signed_heads
from huiyin.core.merkle import Frontier
from huiyin.core.notes import BadNote, Key
from huiyin.core.policy import NOBODY, NotTrusted, Policy
from huiyin.core.tiles import BadTile, Edge, Tile

# An entry tells the minute in which it was recorded, so the promise begins at the end of that minute.
MINUTE = timedelta(seconds=60)
CHECKPOINT, CERTIFICATE = "checkpoint", "certificate"


class Unreadable(ValueError):
    """A log of which not even the head can be believed, so that there is nothing to walk."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A head of this log, signed by its key, that somebody kept: a witness, a reader, a proof."""

    head: Checkpoint
    where: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked. logs: the log key, or several if it was changed; the policy names them too.

    receipts: base64 SHA-256 of the public bytes of entries that should be there.
    """

    logs: Sequence[Key]
    policy: Policy
    receipts: frozenset[str] = frozenset()
    seen: Sequence[Seen] = ()


@dataclass(frozen=True, slots=True)
class Stands:
    """Where an entry stands, and when the first head that holds it was signed; None where none tells."""

    number: int
    at: datetime | None


@dataclass(slots=True)
class Walked:
    """What a walk came to. compared: whether the published figures could be compared at all."""

    head: Checkpoint
    at: datetime | None
    witnesses: Mapping[str, int]
    certificate: Certificate | None
    entries: int = 0
    counts: int = 0
    heads: int = 0
    compared: bool = False
    complete: bool = True
    figures: Figures = field(default_factory=Figures)
    found: dict[str, Stands] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)


def walk(fetch: Fetch, asked: Asked, progress: Callable[[int, int], None] = lambda _n, _of: None) -> Walked:
    """Check all of a log. progress: called with leaves walked, and how many there are.

    Raises Unreadable where its head is missing or not signed; what else is wrong is in the findings.
    """
    findings = Findings()
    published = figures.read(fetch, findings)  # before the head, so that they are hardly ever newer
    named = _certificate(fetch, asked.logs, findings)
    keys = HeadKeys(asked.logs, certificate_key(named.time_key)) if named else None
    walked = _begin(fetch, asked, keys, named, findings)
    step = _Steps(fetch, asked, keys, walked, published)
    step.at_size(0)
    for start, leaves, hashes in _bundles(fetch, walked):
        step.through(start, leaves, hashes)
        progress(walked.entries + walked.counts, walked.head.size)
    step.end()
    return walked


# ---- what there is before the first leaf


def _begin(
    fetch: Fetch, asked: Asked, keys: HeadKeys | None, named: Certificate | None, findings: Findings
) -> Walked:
    """The head of the log now, believed as far as the policy asks."""
    try:
        note = fetch(CHECKPOINT).decode()
        trusted = replace(asked.policy, quorum=NOBODY).check(note)
    except Missing as error:
        raise Unreadable("there is no log here: it has no file checkpoint") from error
    except (BadNote, NotTrusted, UnicodeDecodeError) as error:
        raise Unreadable(f"the head of the log does not hold: {error}") from error
    witnesses: Mapping[str, int] = {}
    try:
        witnesses = asked.policy.check(note).witnesses
    except (BadNote, NotTrusted) as error:
        findings.add("witnesses", CHECKPOINT, error=error)
    at = None
    try:
        at = keys.read(note, CHECKPOINT).at if keys else None
    except BadNote as error:
        findings.add("head", CHECKPOINT, error=error)
    if named and at and not named.covers(at):
        since, until, signed = map(ledger.second, (named.since, named.until, at))
        findings.add("certificate-term", CERTIFICATE, since=since, until=until, signed=signed)
    return Walked(trusted.head, at, witnesses, named, findings=findings)


def _certificate(fetch: Fetch, logs: Sequence[Key], findings: Findings) -> Certificate | None:
    try:
        named = receipts.certified(fetch(CERTIFICATE).decode(), logs)
        if named is None:
            raise Missing(CERTIFICATE)
        certificate_key(named.time_key)
    except Missing:
        findings.add("missing", CERTIFICATE, path=CERTIFICATE)
        return None
    except ValueError as error:
        findings.add("certificate", CERTIFICATE, error=error)
        return None
    return named


# ---- bundle by bundle


def _bundles(fetch: Fetch, walked: Walked) -> Iterator[tuple[int, list[bytes | None], list[bytes]]]:
    """Number of the first leaf, the leaves (None: cannot be read), and the hashes that the tree holds."""
    size, findings = walked.head.size, walked.findings
    for index in range(-(-size // tiles.WIDTH)):
        bundle, tile = (tiles.wide(level, index, size) for level in (tiles.ENTRIES, 0))
        if bundle is None or tile is None:
            return
        leaves = _leaves(fetch, bundle, findings)
        row = _row(fetch, tile, findings)
        made = list(map(merkle.leaf_hash, leaves or ()))
        if leaves is not None and row is not None and made != row:
            where = f"leaf {bundle.first + _first_other(made, row)}"
            findings.add(_what_was_done(made, row), where, path=bundle.path)
        if row is None and len(made) != bundle.width:
            walked.complete = False
            return  # without any hashes there is no going on
        hashes = made if row is None else row
        by_hash = dict(zip(made, leaves or (), strict=True))
        yield bundle.first, [by_hash.get(each) for each in hashes], hashes


def _row(fetch: Fetch, tile: Tile, findings: Findings) -> list[bytes] | None:
    try:
        return tiles.unpack(tile, bytes_of(fetch, tile))
    except Missing:
        findings.add("missing", tile.path, path=tile.path)
    except BadTile as error:
        findings.add("bad-tile", tile.path, error=error)
    return None


def _leaves(fetch: Fetch, bundle: Tile, findings: Findings) -> list[bytes] | None:
    """All leaves that a bundle holds, too many or too few; of a wider version only its own. None: none."""
    try:
        content = bytes_of(fetch, bundle)
    except Missing:
        findings.add("bundle-missing", bundle.path, first=bundle.first, width=bundle.width)
        return None
    found: list[bytes] = []
    place = 0
    while place < len(content):
        begins = place + 2
        place = begins + int.from_bytes(content[place:begins], "big")
        if place > len(content):
            findings.add("cut-short", bundle.path)
            break
        found.append(content[begins:place])
    is_full = len(found) == tiles.WIDTH
    return found[: bundle.width] if is_full else found


def _first_other(made: Sequence[bytes], row: Sequence[bytes]) -> int:
    pairs = enumerate(zip(made, row, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(made), len(row)))


def _what_was_done(made: Sequence[bytes], row: Sequence[bytes]) -> str:
    """What seems to have been done to leaves that hash to `made`, where the tree holds `row`."""
    place = _first_other(made, row)
    if sorted(made) == sorted(row):
        return "reordered"
    if place < len(row) and made[place + 1 : place + 2] == row[place : place + 1]:
        return "inserted"
    if place == len(made) or made[place : place + 1] == row[place + 1 : place + 2]:
        return "dropped"
    return "inserted" if place == len(row) else "changed"


# ---- leaf by leaf


class _Steps:
    """One walk: the tree and the figures so far, and what they are compared with on the way."""

    def __init__(
        self,
        fetch: Fetch,
        asked: Asked,
        keys: HeadKeys | None,
        walked: Walked,
        published: Published | None,
    ) -> None:
        self.fetch = fetch
        self.asked = asked
        self.walked = walked
        self.published = published
        self.findings = walked.findings
        self.frontier = Frontier()
        self.edge = Edge()
        self.heads = signed_heads(fetch, keys, walked.findings) if keys else iter(())
        self.next: SignedHead | None = next(self.heads, None)
        promised = walked.certificate.include_within if walked.certificate else 0
        self.within = MINUTE + timedelta(seconds=promised)
        self.fitted = 0  # size of the last head whose root was found
        self.forked = False
        self.listed = False  # whether the head of now is among those listed
        self.touched: set[Cohort] = set()
        self.small: set[Cohort] = set()
        self.seen: dict[int, list[Seen]] = defaultdict(list)
        for each in asked.seen:
            self.seen[each.head.size].append(each)

    def through(self, start: int, leaves: Sequence[bytes | None], hashes: Sequence[bytes]) -> None:
        """Go through the leaves of one bundle."""
        for number, (leaf, its_hash) in enumerate(zip(leaves, hashes, strict=True), start):
            self._leaf(number, leaf)
            self.frontier.append(its_hash)
            self.at_size(number + 1)
        self._tiles(self.edge.append(hashes))

    def at_size(self, size: int) -> None:
        """Compare everything that says something about the first `size` leaves."""
        while self.next and self.next.head.size == size:
            self._root(self.next.head, self.next.where)
            self._are_large_enough(self.next.where)
            self.walked.heads += 1
            self.listed = self.listed or size == self.walked.head.size
            self.next = next(self.heads, None)
        for each in self.seen.pop(size, ()):
            if each.head.root != self.frontier.root():
                self.findings.add("split", each.where, size=size, where=CHECKPOINT)
        if self.published and self.published.size == size and self.walked.complete:
            self.walked.compared = True
            figures.compare(self.published, self._reckoned(), self.findings)

    def _reckoned(self) -> Reckoned:
        walked, named = self.walked, self.walked.certificate
        smallest = named.cohort if named else None
        return Reckoned(walked.head.origin, self.frontier.root(), smallest, walked.figures)

    def end(self) -> None:
        """What can be told only when all leaves were seen."""
        size = self.walked.head.size
        if self.frontier.size == size:
            self._tiles(self.edge.narrow())
            self._root(self.walked.head, CHECKPOINT)
            self._are_large_enough(CHECKPOINT)
            if self.walked.at and not self.listed:
                self.findings.add("unlisted", CHECKPOINT, size=size)
        for each in (one for many in self.seen.values() for one in many if one.head.size > size):
            self.findings.add("shrank", CHECKPOINT, old=each.head.size, new=size, where=each.where)

    # -- a leaf

    def _leaf(self, number: int, leaf: bytes | None) -> None:
        if leaf is None:
            self.walked.complete = False
            return
        try:
            if cohorts.is_count(leaf):
                self.walked.counts += 1
                self._count(number, cohorts.read(leaf))
            else:
                self.walked.entries += 1
                self._entry(number, ledger.read_entry(leaf))
        except (cohorts.BadCount, ledger.BadEntry) as error:
            self.findings.add("form", f"leaf {number}", error=error)
        if self.asked.receipts and (digest := ledger.digest(leaf)) in self.asked.receipts:
            self.walked.found.setdefault(digest, Stands(number, self._covered()))

    def _covered(self) -> datetime | None:
        """When the first head was signed that holds the leaf that the walk is at."""
        return self.next.at if self.next else self.walked.at

    def _entry(self, number: int, entry: ledger.Entry) -> None:
        covered = self._covered()
        if covered is None:
            return  # no head tells its time, or no certificate says whose word that would be
        after = covered - entry.recorded_at
        if timedelta() <= after <= self.within:
            return
        what = "ahead" if after < timedelta() else "late"
        said, signed = ledger.minute(entry.recorded_at), ledger.second(covered)
        self.findings.add(what, f"leaf {number}", said=said, signed=signed)

    def _count(self, number: int, count: cohorts.Count) -> None:
        try:
            self.walked.figures.add(count)
        except cohorts.Unbalanced as error:
            if self.walked.complete:  # where leaves are missing, so are counts
                self.findings.add("balance", f"leaf {number}", error=error)
        else:
            self.touched.add(count.cohort)

    # -- a head

    def _root(self, head: Checkpoint, where: str) -> None:
        if head.root == self.frontier.root():
            self.fitted = head.size
        elif not self.forked:
            self.forked = True  # every later head differs too, and says nothing new
            self.findings.add("root", where, size=head.size, first=self.fitted, last=head.size - 1)

    def _are_large_enough(self, where: str) -> None:
        least = self.walked.certificate.cohort if self.walked.certificate else cohorts.SMALLEST
        for cohort in sorted(self.touched - self.small) if self.walked.complete else ():
            sums = self.walked.figures.cohorts[cohort]
            terms = sums.began + sums.moved_in
            if terms < least:
                self.small.add(cohort)
                self.findings.add("small", where, cohort=name_of(cohort), terms=terms, least=least)
        self.touched.clear()

    def _tiles(self, made: Iterator[tuple[Tile, bytes]]) -> None:
        """Compare the tiles above the lowest with what the leaves come to."""
        for tile, content in made:
            if tile.level == 0:
                continue
            row = _row(self.fetch, tile, self.findings)
            if row is not None and tiles.pack(row) != content:
                self.findings.add("wrong-tile", tile.path)


def name_of(cohort: Cohort) -> str:
    return f"{cohort.period} {cohort.bodies} {cohort.clock}"
