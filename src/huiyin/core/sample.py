"""A random sample that anybody can draw again: of files, never of persons (art. 38).

Two throws that neither side can choose after seeing the other's (M. Blum, Coin flipping by telephone, 1981).
The house draws chance first and shows its hash, the commitment, before anybody says a word; then words are
said aloud, and chance is shown. Both, with the digest of the list as it was, are the seed. Who says the words
does not know chance, and the house cannot change it any more: nobody can try seeds until one suits.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from huiyin.core.text import Text

# What is looked for in each file of an inspection, and the article that asks for it.
CHECKLIST: dict[str, tuple[Text, str]] = {
    "registered": (Text("按期登记", "Registered in time"), "44"),
    "notified": (Text("按期书面告知信访人", "The author was told in writing in time"), "44"),
    "answered": (Text("每一项诉求都有答复", "Each request is answered"), "32"),
    "reasoned": (Text("写明事实、理由和依据", "Facts, reasons and legal basis are stated"), "32"),
    "carried-out": (Text("答应的已经执行", "What was promised is carried out"), "32"),
    "dates-true": (
        Text("系统里的日期与原件一致", "The dates on record are those of the papers"),
        "40.1",
    ),
    "complete": (
        Text("该录入的都录入了，没有隐瞒", "All that belongs to it is on record; nothing is hidden"),
        "21",
    ),
}
VERDICTS: dict[str, Text] = {
    "yes": Text("是", "Yes"),
    "no": Text("否", "No"),
    "na": Text("不适用", "Does not apply"),
}
MOST = 200  # files of one sample


def listed(refs: Iterable[str]) -> str:
    """The list of all files as it is kept and shown: sorted, one a line, no line end after the last."""
    return "\n".join(sorted(refs))


def digest_of(refs: Iterable[str]) -> str:
    """What the list of all files was, whatever order it came in: the SHA-256 of the list as it is shown."""
    return sha256(listed(refs).encode()).hexdigest()


def commitment_of(chance: str) -> str:
    """What is shown of chance before it may be known; it fits no other."""
    return sha256(chance.encode()).hexdigest()


def seed_of(chance: str, words: str, digest: str) -> str:
    """The seed that a draw is made with."""
    return sha256(f"{chance}\n{words}\n{digest}".encode()).hexdigest()


def draw(refs: Iterable[str], seed: str, size: int) -> tuple[str, ...]:
    """The first so many of the list in the order that the seed gives it; all of a shorter list."""

    def place(ref: str) -> tuple[str, str]:
        return sha256(f"{seed}\n{ref}".encode()).hexdigest(), ref

    return tuple(sorted(set(refs), key=place)[:size])
