"""What a witness is asked, and what it may answer (C2SP tlog-witness, add-checkpoint).

A witness remembers one head of each log. It cosigns another only after it was shown that the log has grown
from there: so a log that tells two people two stories finds no witness for the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.core import checkpoint, merkle, notes, proof
from huiyin.core.checkpoint import Checkpoint
from huiyin.core.merkle import BadProof
from huiyin.core.notes import BadNote, Key, Note

PATH = "add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
# The statuses of HTTP that the specification gives to each outcome.
MALFORMED, UNTRUSTED, UNKNOWN, CONFLICT, INCONSISTENT = 400, 403, 404, 409, 422

_BETWEEN = "=====\n\n"
_SHOWN = "By this proof, the tree of the second head had another root at the size of the first:"


class Refused(ValueError):
    """A request that a witness turns down. status: of HTTP; size: with CONFLICT, what it cosigned last."""

    def __init__(self, status: int, why: str, size: int | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.size = size


@dataclass(frozen=True, slots=True)
class Request:
    """Cosign this head: it has grown from the one of `old` entries, which the hashes show. note: as
    signed.
    """

    old: int
    hashes: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        lines = [f"old {self.old}", *map(notes.base64_of, self.hashes)]
        return "\n".join(lines) + f"\n\n{self.note}"


def parse(body: str) -> Request:
    """Read a request, checking its form and that of its head. Raises Refused, with MALFORMED."""
    above, found, note = body.partition("\n\n")
    first, *lines = above.split("\n")
    try:
        if not found or not first.startswith("old "):
            raise ValueError(
                "the first line must be “old” and a number, and an empty line must follow the proof"
            )
        request = Request(checkpoint.number(first.removeprefix("old ")), proof.hashes_of(lines), note)
        checkpoint.read(note)
    except ValueError as error:  # BadNote is one
        raise Refused(MALFORMED, f"this is no request to a witness: {error}") from error
    return request


def judge(request: Request, keys: Sequence[Key], known: Checkpoint | None) -> Note:
    """Whether to cosign. Answers the head as a note that bears the log's signatures and no others.

    keys: those of the log that the head names, none for a log that is not watched; known: the head of it
    that was cosigned last. Raises Refused. Between asking and remembering the new head, nobody may do the
    same.
    """
    head, note = checkpoint.read(request.note)
    signed = authentic(head, note, keys)
    size = known.size if known else 0
    if request.old > head.size:
        raise Refused(MALFORMED, f"a head of {head.size} entries cannot have grown from one of {request.old}")
    if request.old != size:
        raise Refused(
            CONFLICT, f"the last head that was cosigned has {size} entries, not {request.old}", size
        )
    if head.size == 0 and head.root != merkle.EMPTY_ROOT:
        raise Refused(INCONSISTENT, "the head of no entries has not the root of the empty tree")
    _must_have_grown(request, head, known)
    return signed


def authentic(head: Checkpoint, note: Note, keys: Sequence[Key]) -> Note:
    """The head with the signatures of its log alone. Raises Refused where the log is not watched or did not
    sign.
    """
    if not keys:
        raise Refused(UNKNOWN, f"the log {head.origin} is not watched here")
    try:
        signed = checkpoint.signers(note, keys)
    except BadNote as error:
        raise Refused(UNTRUSTED, str(error)) from error
    if not signed:
        raise Refused(UNTRUSTED, f"the head is not signed by a known key of the log {head.origin}")
    return Note(note.text, tuple(each for key in signed for each in note.by(key)))


def contradicts(head: Checkpoint, known: Checkpoint | None) -> bool:
    """Whether two heads tell two stories of one log: the same number of entries under different roots."""
    return (
        known is not None
        and (head.size, head.origin) == (known.size, known.origin)
        and head.root != known.root
    )


def _must_have_grown(request: Request, head: Checkpoint, known: Checkpoint | None) -> None:
    if known is None or not known.size:
        if request.hashes:
            raise Refused(INCONSISTENT, "from no entries every log has grown: the proof must be empty")
        return
    try:
        merkle.check_consistency(known.size, head.size, known.root, head.root, request.hashes)
    except BadProof as error:
        raise Refused(INCONSISTENT, str(error)) from error


# ---- the proof that a log told two stories


def evidence(first: str, second: str, root: bytes | None = None, hashes: Sequence[bytes] = ()) -> str:
    """Two signed heads that cannot both be true, as one text to keep and to publish.

    For heads of two sizes: `root` is what the tree of the second, larger one had at the size of the first,
    and the hashes prove that.
    """
    if root is None:
        return f"{first}{_BETWEEN}{second}"
    head, _ = checkpoint.read(first)
    lines = [_SHOWN, str(head.size), *map(notes.base64_of, (root, *hashes))]
    return f"{first}{_BETWEEN}{second}{_BETWEEN}" + "\n".join(lines) + "\n"


def is_evidence(text: str) -> bool:
    """Whether it has the form of such a text; `check_evidence` tells whether it proves anything."""
    return f"\n{_BETWEEN}" in text


def check_evidence(text: str, keys: Sequence[Key]) -> tuple[Checkpoint, Checkpoint]:
    """The two heads, where the text proves by the log's keys alone that they cannot both be true.

    Raises BadProof where it does not prove that, BadNote for a head that is malformed or not signed by
    these keys.
    """
    one, _, rest = text.partition(_BETWEEN)
    two, _, shown = rest.partition(_BETWEEN)
    first, second = (_signed(note, keys) for note in (one, two))
    if first.origin != second.origin:
        raise BadProof("these are heads of two logs")
    if first.size == second.size:
        if not contradicts(first, second):
            raise BadProof("these are two copies of one head")
        return first, second
    try:
        title, size, *lines = shown.removesuffix("\n").split("\n")
        root, *hashes = proof.hashes_of(lines)
        if (title, size) != (_SHOWN, str(first.size)):
            raise ValueError("the proof is not of the size of the first head")
    except ValueError as error:
        raise BadProof(f"between two sizes a proof is needed: {error}") from error
    merkle.check_consistency(first.size, second.size, root, second.root, hashes)
    if root == first.root:
        raise BadProof("the second head has grown from the first")
    return first, second


def _signed(note: str, keys: Sequence[Key]) -> Checkpoint:
    head, parsed = checkpoint.read(note)
    if not checkpoint.signers(parsed, keys):
        raise BadNote(f"a head of {head.size} entries is not signed by the log's key")
    return head
