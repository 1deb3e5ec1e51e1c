"""How a petition reads to whom: its handlers read it as it is, everybody else with names and numbers masked.

Doors ask for the `Reader` of a petition and show what that answers. At filing the author's own name is known
and sealed a moment later, so where it stands in the text is kept then: nobody can find it afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huiyin.core.rulebook import Content, Row
from huiyin.reading import mask
from huiyin.reading.mask import Span
from huiyin.registry import access
from huiyin.registry.access import Acting
from huiyin.registry.models import Petition


def at_filing(subject: str, text: str, known: tuple[str, ...]) -> dict[str, list[list[Any]]]:
    """Where a new petition names somebody: `known` from its author, and what its text marks as a name."""
    spans = {"subject": mask.known(subject, known), "text": mask.known(text, known)}
    return {name: [[s.start, s.end, s.kind] for s in found] for name, found in spans.items() if found}


def known_of(petition: Petition) -> tuple[str, ...]:
    """What is certain to name or reach somebody in this petition's other texts."""
    marked = [petition.text[span.start : span.end] for span in _kept(petition, "text")]
    marked += [petition.subject[span.start : span.end] for span in _kept(petition, "subject")]
    return mask.certain(petition.text, marked)


def _kept(petition: Petition, name: str) -> tuple[Span, ...]:
    return tuple(Span(*each) for each in petition.masked.get(name, ()))


@dataclass(frozen=True, slots=True)
class Reader:
    """How one petition reads to one reader."""

    hides: bool = False
    closed: bool = False  # what the author wrote is not shown at all
    known: tuple[str, ...] = ()

    def says(self, words: str) -> str:
        """Any sentence about the petition, as this reader may see it."""
        return mask.masked(words, self.known) if self.hides else words

    def contents(self, row: Row | None, said: Mapping[str, Any], by: str = "") -> dict[str, Any]:
        """What a move said, with its free texts masked: no code, date or reference. `by`: which role."""
        if not self.hides or row is None:
            return dict(said)
        if self.closed and by == "author":
            return {}
        asked = {content.name: content for content in row.contents}
        return {name: self._content(asked.get(name), value) for name, value in said.items()}

    def _content(self, content: Content | None, value: Any) -> Any:
        if content is None:
            return value
        if content.type == "rows":
            columns = {column.name: column for column in content.columns}
            return [{name: self._content(columns.get(name), v) for name, v in line.items()} for line in value]
        return self.says(value) if content.type == "text" and isinstance(value, str) else value


AS_IT_IS = Reader()


def reader_of(acting: Acting, petition: Petition) -> Reader:
    """How this petition reads to this officer, who may see it."""
    if access.handles(acting, petition):
        return AS_IT_IS
    # What a report tells gives away who tells it, whatever is masked: others see that it runs, and no more.
    return Reader(hides=True, closed=petition.kind == "report", known=known_of(petition))


def subject_for(acting: Acting, petition: Petition) -> str:
    """The subject for a list: found without reading the text, which a list does not load."""
    if access.handles(acting, petition):
        return petition.subject
    kept = _kept(petition, "subject")
    return mask.put(petition.subject, mask.joined(kept, mask.found(petition.subject)))


def words_of(petition: Petition) -> tuple[str, str]:
    """Its subject and its text, masked as for anybody who does not handle it; nothing of a sealed one."""
    reader = Reader(
        hides=True, closed=petition.kind == "report" or petition.is_sealed, known=known_of(petition)
    )
    if reader.closed:
        return "", ""
    kept = _kept(petition, "subject")
    subject = mask.put(petition.subject, mask.joined(kept, mask.found(petition.subject, reader.known)))
    return subject, text_for(reader, petition)


def text_for(reader: Reader, petition: Petition) -> str:
    """The author's own words."""
    if not reader.hides:
        return petition.text
    kept = _kept(petition, "text")
    return (
        ""
        if reader.closed
        else mask.put(petition.text, mask.joined(kept, mask.found(petition.text, reader.known)))
    )
