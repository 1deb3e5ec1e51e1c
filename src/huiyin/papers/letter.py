"""Notices as letters: what the rulebook wants said, drawn from an entry, or from a move not yet made.

One builder for both, so that the preview an officer confirms is the very letter that goes out. What a letter
says stands in the rulebook (`core/documents.py`); here the blanks are filled in. A letter knows no name: that
is merged at print time by whoever opened the seal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from huiyin.core import case, documents, rulebook
from huiyin.core.documents import DocumentRule, LetterWords, Sentence
from huiyin.core.rulebook import Content, Row, Rulebook
from huiyin.core.text import Text
from huiyin.core.vocabulary import CLOCK_KIND_WORDS
from huiyin.registry import numbers, sealing
from huiyin.registry.bodies import next_higher
from huiyin.registry.carrying_out import words_by_number
from huiyin.registry.clocks import clocks_of
from huiyin.registry.facts import ENDING, Fact, ending_of, row_of, value_of
from huiyin.registry.masking import AS_IT_IS, Reader
from huiyin.registry.models import Accused, Body, Entry, Petition
from huiyin.site import articles

UNITS = {"day": Text("日", "days"), "workday": Text("个工作日", "working days")}
NOTHING = Text("", "")
ISSUED = frozenset(
    {"opinion-issued", "opinion-imported", "review-opinion-issued", "rereview-opinion-issued", "redo-ordered"}
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the move said, under its heading; `rows` where it said several in a table."""

    label: Text
    value: Text | str
    rows: tuple[tuple[Fact, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice, ready to be drawn."""

    name: str  # of its rule
    to: str  # one of documents.READERS
    title: Text
    organ: Text  # who writes
    number: str  # '' while it is not issued, or where it bears none
    numbered: bool  # whether one is given when it is issued
    ref: str
    addressee: Text  # without the name
    opening: tuple[Text, ...]
    lead: tuple[Text, ...]
    parts: tuple[Part, ...]
    closing: tuple[Text, ...]  # the rights and dates that follow from it
    contact: tuple[Text, ...]
    summary: tuple[Text, ...]
    on: date
    follow: str  # where its reader finds the petition: no reference and no key in it
    red: bool = True  # the letterhead

    @property
    def signed_on(self) -> Text:
        return Text.of_day(self.on)

    @property
    def before(self) -> tuple[Text, ...]:
        return self.opening + self.lead


@dataclass(frozen=True, slots=True)
class Written:
    """What a letter is written from: an entry, or a move that is being previewed."""

    petition: Petition
    row: Row
    book: Rulebook
    said: dict[str, Any]
    clocks: tuple[case.Clock, ...]  # those that this step started, or set going again
    on: date
    organ: Body
    earlier: Sequence[Entry]  # what happened before, oldest first
    signer: str = ""
    reader: Reader = AS_IT_IS


def write(source: Written) -> Letter | None:
    """The letter, or None where this move leaves none."""
    rule, words = source.book.document_of(source.row), source.book.letters
    if rule is None or words is None:
        return None
    values = _Values(source, rule, words)
    return Letter(
        name=rule.name,
        to=rule.to,
        title=rule.title,
        organ=source.organ.name,
        number=str(source.said.get(numbers.CONTENT, "")),
        numbered=bool(rule.series) and source.petition.kind != "report",
        ref=source.petition.ref,
        addressee=values.addressee(),
        opening=tuple(values.filled(rule.opening or words.opening)),
        lead=tuple(values.filled(rule.lead)),
        parts=tuple(values.parts()),
        closing=tuple(values.filled(rule.closing)),
        contact=tuple(values.filled(words.contact)) if rule.to == "author" else (),
        summary=tuple(values.filled(rule.summary)),
        on=source.on,
        follow=settings.PUBLIC_URL,
        red=words.red,
    )


# ---- from an entry, and from a move that is being previewed


def letter_of(petition: Petition, entry: Entry, reader: Reader = AS_IT_IS) -> Letter | None:
    """The letter that an entry left as it reads to this reader, or None for one that left none."""
    row = row_of(entry)
    if row is None:
        return None
    sealing.tell_steps(petition, [entry])
    book = rulebook.by_id(entry.rulebook)
    organ = Body.objects.filter(code=_writer(row, entry.body, petition)).first()
    if organ is None or book.document_of(row) is None:
        return None
    return write(
        Written(
            petition=petition,
            row=row,
            book=book,
            said=reader.contents(row, entry.contents, entry.role),
            clocks=_started(petition, entry, row),
            on=rulebook.legal_day(entry.claimed_at or entry.recorded_at, book),
            organ=organ,
            earlier=sealing.tell_steps(petition, petition.entries.filter(seq__lt=entry.seq)),
            signer=str(entry.officer) if entry.officer else "",
            reader=reader,
        )
    )


def _writer(row: Row, holder: str, petition: Petition) -> str:
    return petition.handled_by or holder if row.at == "handled" else holder


def _started(petition: Petition, entry: Entry, row: Row) -> tuple[case.Clock, ...]:
    # One that this step ended may bear the same name: a later day set in place of an earlier one.
    on = {
        seq
        for seq, name, state, *_ in entry.clocks
        if state == "running" and name in row.starts + row.resumes
    }
    return tuple(told.clock for told in clocks_of(petition) if told.clock.seq in on)


def preview(
    petition: Petition, after: case.After, today: date, *, signer: str = "", reader: Reader = AS_IT_IS
) -> Letter | None:
    """The letter that this move would leave, still without a number; None where it leaves none."""
    book = rulebook.by_id(after.rulebook)
    code = _writer(after.row, petition.holder.code, petition)
    organ = petition.holder if code == petition.holder.code else Body.objects.get(code=code)
    return write(
        Written(
            petition=petition,
            row=after.row,
            book=book,
            said=dict(after.contents),
            clocks=tuple(
                c
                for c in after.case.clocks
                if c.name in after.row.starts + after.row.resumes and c.ended is None
            ),
            on=today,
            organ=organ,
            earlier=sealing.tell_steps(petition, petition.entries.all()),
            signer=signer,
            reader=reader,
        )
    )


def letters_of(petition: Petition) -> Iterator[tuple[Entry, Letter]]:
    """Every letter of a petition, oldest first."""
    for entry in petition.entries.select_related("officer"):
        if made := letter_of(petition, entry):
            yield entry, made


# ---- filling the blanks


class _Values:
    """What the sentences of one letter may name, each looked up once it is asked for."""

    def __init__(self, source: Written, rule: DocumentRule, words: LetterWords) -> None:
        self.source, self.rule, self.words = source, rule, words
        self.contents = _contents(source)
        self.common = self._common()

    def filled(self, sentences: Sequence[Sentence]) -> Iterator[Text]:
        for sentence in sentences:
            if self._is_said(sentence):
                yield from documents.filled((sentence,), self.common | self._own(sentence))

    def parts(self) -> Iterator[Part]:
        """What the move said, in the order of its row."""
        for content in self.source.row.contents:
            if content.name in self.contents and content.name not in self.rule.hides:
                yield self._part(content)
                if ending := ending_of(content, self.source.said[content.name]):
                    yield Part(ENDING, ending)

    def addressee(self) -> Text:
        if self.rule.to == "author":
            return documents.fill(self.words.addressee, {"ref": self.source.petition.ref})
        to = self.common.get(self.rule.to)
        return Text(f"{to.zh}：", f"To {to.en}:") if isinstance(to, Text) else NOTHING

    # -- one sentence

    def _is_said(self, sentence: Sentence) -> bool:
        happened = {e.event for e in self.source.earlier if e.body == self.source.organ.code}
        if sentence.after and sentence.after not in happened:
            return False
        return not (sentence.without and sentence.without in happened)

    def _own(self, sentence: Sentence) -> dict[str, object]:
        """What its clock or its remedy gives it; a clock that did not start leaves its blanks empty."""
        if sentence.clock:
            found = next((c for c in self.source.clocks if c.name == sentence.clock), None)
            return _of_clock(found) if found else dict.fromkeys(sentence.blanks())
        if sentence.remedy:
            row = next(iter(self.source.book.rows_of(sentence.remedy)), None)
            return self._of_remedy(row) if row else {}
        return {}

    def _of_remedy(self, row: Row) -> dict[str, object]:
        made: dict[str, object] = {
            "basis": articles.cite(row.article, self.source.book.id),
            "what": row.text,
        }
        rules = [self.source.book.clocks[name] for name in row.meets]
        if rules and rules[0].days:
            made["length"] = length(rules[0].days, rules[0].unit)
        return made

    # -- all sentences

    def _common(self) -> dict[str, object]:
        source, petition = self.source, self.source.petition
        organ, sender = source.organ, self._sender()
        assigned = self._last({"assigned"})
        values: dict[str, object] = {
            **self._chosen(),
            **{name: self._content_value(content) for name, content in self.contents.items()},
            "organ": organ.name,
            "above": _above(organ, petition),
            "sender": sender,
            "law": source.book.title,
            "article": articles.cite(source.row.article, source.book.id),
            "under": articles.cite_whole(source.row.article, source.book.id),
            "ref": petition.ref,
            "subject": source.reader.says(petition.subject),
            "lodged": Text.of_day(rulebook.legal_day(petition.lodged_at, source.book)),
            "channel": channel_of(petition),
            "through": self._through(),
            "day": Text.of_day(source.on),
            "follow": settings.PUBLIC_URL,
            "assigner": _name_of(assigned.body) if assigned else None,
            "assigned_on": self._day_of(assigned),
            "opinion": self._opinion(),
            "served_on": self._served_on(),
            "signer": source.signer or None,
            **{name: getattr(organ, name) or None for name in ("address", "phone", "hours")},
        }
        return values

    def _chosen(self) -> dict[str, object]:
        """What was chosen row by row, of all rows together: each outcome once, in the order of the rows."""
        book = self.source.book.id
        made: dict[str, object] = {}
        for content in self.contents.values():
            for column in content.columns:
                lines = [
                    line[column.name] for line in self.source.said[content.name] if line.get(column.name)
                ]
                if column.type == "choice" and lines:
                    texts = [value_of(column, code, book) for code in dict.fromkeys(lines)]
                    zh = "；".join(text.zh if isinstance(text, Text) else text for text in texts)
                    en = "; ".join(text.en if isinstance(text, Text) else text for text in texts)
                    made[column.name] = Text(zh, en)
        return made

    def _content_value(self, content: Content) -> object:
        value = self.source.said[content.name]
        if content.type == "date":
            return Text.of_day(date.fromisoformat(value))
        if content.type == "task":
            return words_by_number(self.source.petition, self.source.reader).get(str(value), str(value))
        return None if content.type == "rows" else value_of(content, value, self.source.book.id)

    def _part(self, content: Content) -> Part:
        value = self.source.said[content.name]
        if content.type != "rows":
            said = self.common[content.name]
            return Part(content.text, said if isinstance(said, Text) else str(said))
        book = self.source.book.id
        rows = tuple(
            tuple(
                Fact(column.text, value_of(column, line[column.name], book), column.name)
                for column in content.columns
                if _is_told(column, line.get(column.name))
            )
            for line in value
        )
        return Part(content.text, "", rows)

    def _last(self, events: set[str] | frozenset[str]) -> Entry | None:
        return next((e for e in reversed(self.source.earlier) if e.event in events), None)

    def _sender(self) -> Text | None:
        """The body that had it last before the one that writes."""
        here = self.source.organ.code
        code = next((e.body for e in reversed(self.source.earlier) if e.body != here), "")
        return _name_of(code) if code else None

    def _through(self) -> Text:
        """By whom it was sent here first, for a petition that did not come directly."""
        before: list[str] = []
        for entry in self.source.earlier:
            if entry.body == self.source.organ.code:
                break
            before.append(entry.body)
        else:
            before = []
        if not before:
            return NOTHING
        return documents.fill(self.words.through, {"sender": _name_of(before[-1])})

    def _opinion(self) -> Text | None:
        issued = self._last(ISSUED)
        if issued is None:
            return None
        row = row_of(issued)
        rule = rulebook.by_id(issued.rulebook).document_of(row) if row else None
        number = str(issued.contents.get(numbers.CONTENT, ""))
        if rule is None:
            return None
        return Text(f"《{rule.title.zh}》{number}", f"{rule.title.en} {number}".strip())

    def _served_on(self) -> Text | None:
        served = self._last({"served"})
        day = served.contents.get("served_on") if served else None
        return Text.of_day(date.fromisoformat(day)) if day else None

    def _day_of(self, entry: Entry | None) -> Text | None:
        if entry is None:
            return None
        return Text.of_day(rulebook.legal_day(entry.claimed_at or entry.recorded_at, self.source.book))


def _is_told(column: Content, value: Any) -> bool:
    """A flag that may be left out says something only where it is set."""
    return bool(value) if column.type == "flag" and not column.required else value not in (None, "")


def _contents(source: Written) -> dict[str, Content]:
    told = (content for content in source.row.contents if not content.apart)
    return {content.name: content for content in told if content.name in source.said}


def _of_clock(clock: case.Clock) -> dict[str, object]:
    return {
        "start": Text.of_day(clock.start),
        "due": Text.of_day(clock.due),
        "length": length(clock.days, clock.unit) if clock.unit in UNITS else None,
        "basis": _basis(clock),
    }


def _basis(clock: case.Clock) -> Text:
    """Its article; of a term that is not the law's own also of which kind it is."""
    article, kind = articles.cite(clock.article, clock.rulebook), CLOCK_KIND_WORDS[clock.kind]
    if clock.kind == "law":
        return article
    return Text(f"{article.zh}，{kind.zh}", f"{article.en}, {kind.en}")


def length(days: int, unit: str) -> Text:
    """How long a term is: 15日, 5个工作日."""
    words = UNITS[unit]
    return Text(f"{days}{words.zh}", f"{days} {words.en}")


def _name_of(code: str) -> Text:
    body = Body.objects.filter(code=code).first()
    return body.name if body else Text(code, code)


def _above(body: Body, petition: Petition) -> Text | None:
    """The next higher bodies, either of which its reader may ask; None above the topmost."""
    accused = set(Accused.objects.filter(petition=petition.pk).values_list("body__code", flat=True))
    names = [above.name for above in next_higher(body) if not above.touched_by(accused)]
    return Text("或者".join(n.zh for n in names), " or ".join(n.en for n in names)) if names else None


def channel_of(petition: Petition) -> Text:
    """How it came, in both languages."""
    said = []
    for language in ("zh-hans", "en"):
        with override(language):
            said.append(str(petition.get_channel_display()))
    return Text(*said)
