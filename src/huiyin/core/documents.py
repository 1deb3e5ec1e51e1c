"""What a letter says, as data of the rulebook: title, sentences, and the few words that may be filled in.

A rulebook (or the words its versions share) describes each document that a move leaves, under
`[documents.<name>]`. The name is that of the event (`opinion-issued`) or, where moves of one event leave
different documents, that of the notice (`hand-over`), which is looked up first.

    [documents.extended]
    zh = "延长办理期限告知书"              # the title
    en = "Notice of extension"
    series = "信延"                        # what follows the body's short name in its number; none: no number
    opening = [{ zh = "…", en = "…" }]     # instead of `letters.opening`
    lead = [{ zh = "…", en = "…" }]        # sentences before what the move says
    hides = ["prior"]                      # contents of the move that its reader is not told
    closing = [{ zh = "…{due}…", en = "…", clock = "extension" }]
    summary = [{ zh = "…", en = "…" }]     # the same in plain words, a few short sentences
    to = "author"                          # or "sender", "assigner": the body that sent or assigned it
    served = true                          # a draft to its author until a 'serve' move

A sentence may name `{organ}`, `{above}` and the other WORDS below, or any content of the move by its name.
With `clock = "…"` it is said only where the move started that clock, and `{start}`, `{due}`, `{length}` and
`{basis}` are the clock's; with `remedy = "request-review"`, `{length}` and `{basis}` are those of the move by
which its reader may go on. `after = "hearing-closed"` and `without = "hearing-closed"` say a sentence only
where that happened, or did not, at the body that writes. A sentence that names something which is not there
(a body above where there is none) is left out whole.

`[letters]` holds what all letters of a law share: `opening`, `through`, `addressee`, `contact`, and `number`,
the form of a document number. `red = false` sets the letterhead in black, where a red one is not the custom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from huiyin.core.text import HANT, Text

# What any sentence may name.
WORDS = frozenset(
    {
        "organ",  # the body that writes
        "above",  # the next higher body: it hears the next remedy
        "sender",  # the body that had the petition before the one that writes
        "assigner",  # the office that assigned it and wants a report back
        "assigned_on",
        "opinion",  # the last opinion that was issued: its title and number
        "served_on",  # the day on which it was served
        "signer",  # the officer who made the move
        "address",  # of the body that writes
        "phone",
        "hours",
        "law",
        "article",  # of the move
        "under",  # law and article together, or the other rule that the move rests on
        "ref",
        "subject",
        "lodged",  # the day of lodging
        "channel",
        "through",  # `letters.through`, or nothing for a petition that came directly
        "day",  # of the move
        "follow",  # the address where its reader finds the petition
    }
)
# What a sentence with a clock or a remedy may name besides.
CLOCK_WORDS = frozenset({"start", "due", "length", "basis"})
REMEDY_WORDS = frozenset({"length", "basis", "what"})
# What a document number is made of.
NUMBER_WORDS = frozenset({"organ", "series", "year", "n"})
READERS = ("author", "sender", "assigner")
_BLANK = re.compile(r"\{([a-z0-9_-]*)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or short paragraph, with blanks to fill in."""

    text: Text
    clock: str = ""  # said only where the move started this clock
    remedy: str = ""  # said of this move, which is open to its reader next
    after: str = ""  # said only where this event came before, at the same body
    without: str = ""  # said only where it did not

    def blanks(self) -> set[str]:
        return set(_BLANK.findall(self.text.zh)) | set(_BLANK.findall(self.text.en))


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """A document that a move leaves."""

    name: str
    title: Text
    series: str  # '' = it bears no number
    opening: tuple[Sentence, ...] = ()  # instead of that of all letters
    lead: tuple[Sentence, ...] = ()
    hides: tuple[str, ...] = ()
    closing: tuple[Sentence, ...] = ()
    summary: tuple[Sentence, ...] = ()
    to: str = "author"  # one of READERS
    served: bool = False  # a draft to its author until it is served

    @property
    def sentences(self) -> Iterator[Sentence]:
        yield from (*self.opening, *self.lead, *self.closing, *self.summary)


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What all letters of one law share."""

    opening: tuple[Sentence, ...]
    through: Text  # names {sender}
    addressee: Text  # names {ref}: a letter knows no name until it is printed for serving
    contact: tuple[Sentence, ...]
    number: str  # the form of a document number
    red: bool = True  # under a red head, as Chinese official letters are; else black


def filled(sentences: Iterable[Sentence], values: Mapping[str, object]) -> Iterator[Text]:
    """The sentences whose every blank has a value."""
    for sentence in sentences:
        if all(values.get(name) is not None for name in sentence.blanks()):
            yield fill(sentence.text, values)


def fill(text: Text, values: Mapping[str, object]) -> Text:
    """Fill in values; a `Text` is said in the language around it. Nothing in a value is read as a blank."""
    return Text(*(_fill(text.say(tag), values, tag) for tag in ("zh", "en", HANT)))


def _fill(pattern: str, values: Mapping[str, object], language: str) -> str:
    def said(found: re.Match[str]) -> str:
        value = values[found.group(1)]
        return value.say(language) if isinstance(value, Text) else str(value)

    return _BLANK.sub(said, pattern)


def number_of(form: str, *, organ: str, series: str, year: int, n: int) -> str:
    """A document number, e.g. 青住建信受〔2026〕1号."""
    return _fill(form, {"organ": organ, "series": series, "year": year, "n": n}, "zh")


def blanks(pattern: str) -> set[str]:
    return set(_BLANK.findall(pattern))
