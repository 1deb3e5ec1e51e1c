"""Which of many bodies a page lists: those that fit what was written, chosen or looked for, and no more.

Nobody need know a body. What is offered comes from the competence tree: subject, place and level.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet

from huiyin.core.text import Text
from huiyin.reading.names import is_chinese
from huiyin.reading.topics import Topic, topics_of
from huiyin.registry import proposing
from huiyin.registry.models import Body
from huiyin.site.forms import say_later

FEW = 8  # up to so many bodies are listed without being looked for
MOST = 8  # listed at once, when looked for
PLACES = 60  # more than these are looked for by name
NAMES = 100  # up to so many names are offered by the browser while typing
FIND, TOPIC, PLACE, FOUND = "find", "topic", "place", "found"
ENDINGS = ("人民政府", "省", "市", "县", "区", "镇", "乡")
ENGLISH = (" Government", " Province", " City", " County", " District", " Town")


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: a part of a name or subject, a topic, a place."""

    words: str = ""
    topic: str = ""
    place: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.topic or self.place)

    @property
    def mark(self) -> str:
        """How a page remembers that it has answered this already."""
        return f"{self.words}|{self.topic}|{self.place}"


def sought(data: Mapping[str, Any]) -> Sought:
    return Sought(*(str(data.get(name, "")).strip() for name in (FIND, TOPIC, PLACE)))


class Finder:
    """All bodies that may be named on a page, and the few of them that it shows."""

    def __init__(self, bodies: Iterable[Body], *, looked_for: Sought | None = None, text: str = "") -> None:
        """`bodies`: with their superiors and competences fetched. `text`: what was written so far."""
        self.bodies = {body.code: body for body in bodies}
        self.sought = looked_for or Sought()
        self.is_long = len(self.bodies) > FEW
        subjects = (each.subject for body in self.bodies.values() for each in body.competences.all())
        self.topics = topics_of(subjects)
        said = proposing.proposed("", text) if self.is_long and text.strip() else None
        self.read = proposing.fields(text, self.topics, said)
        self._text = text

    @property
    def topic(self) -> Topic | None:
        """The topic that is looked for."""
        return next((topic for topic in self.topics if topic.code == self.sought.topic), None)

    @property
    def places(self) -> list[Body]:
        """Governments that bodies stand under, the lowest first: where it happened. Empty where too many."""
        above = {body.superior_id for body in self.bodies.values()}
        found = [body for body in self.bodies.values() if body.pk in above and not body.external]
        found.sort(key=lambda body: (-body.path.count("/"), body.path))
        return found if 1 < len(found) <= PLACES else []

    @property
    def names(self) -> list[Text]:
        """All names, for the browser to complete what is typed; empty where they would be too many."""
        return [body.name for body in self.bodies.values()] if len(self.bodies) <= NAMES else []

    def found(self) -> list[Body]:
        """Those that fit all that is looked for, the nearest to the citizen first."""
        if not self.sought:
            return []
        topic = self.topic
        words = self.sought.words.casefold().split()
        fits = [
            body
            for body in self.bodies.values()
            if (topic is None or _does(body, topic))
            and (not self.sought.place or self.sought.place in _places_of(body))
            and all(word in _told(body) or _shortens(word, body.name_zh) for word in words)
        ]
        return sorted(fits, key=_near_first)

    def offered(self) -> list[Body]:
        """Those competent for what was written, where it says where; never more than a handful."""
        fits = [b for b in self.bodies.values() if any(_does(b, topic) for topic in self.read)]
        here = [body for body in fits if any(name in self._text for name in _place_names(body))]
        return sorted(here or fits, key=_near_first)[: MOST // 2]

    def shown(self, chosen: Collection[str], offered: Iterable[Body] = ()) -> tuple[list[Body], int]:
        """The bodies to list: chosen, then found or else offered; and how many more fit."""
        if not self.is_long:
            return list(self.bodies.values()), 0
        found = self.found()
        listed = [self.bodies[code] for code in chosen if code in self.bodies]
        listed += found[:MOST] if self.sought else offered
        return list(dict.fromkeys(listed)), max(0, len(found) - MOST)

    @classmethod
    def of(cls, bodies: QuerySet[Body], data: Mapping[str, Any]) -> Finder:
        """Of these bodies, with what is looked for in the form that was sent."""
        every = bodies.select_related("superior").prefetch_related("competences")
        return cls(every, looked_for=sought(data))

    def is_asked(self, data: Mapping[str, Any]) -> bool:
        """Whether something is looked for that the page has not answered yet, whatever button was pressed."""
        return bool(self.sought) and self.sought.mark != data.get(FOUND, "")

    def hints(self) -> dict[str, Text]:
        """What stands under each name: the body above it, and what it deals with."""
        return {code: self._hint(body) for code, body in self.bodies.items()}

    def _hint(self, body: Body) -> Text:
        subjects = [each.subject for each in body.competences.all()]
        english = [topic.en for topic in self.topics if any(topic.has(subject) for subject in subjects)]
        above = body.superior.name if body.superior else Text("", "")
        zh = " · ".join(filter(None, (above.zh, "、".join(subjects))))
        return Text(zh, " · ".join(filter(None, (above.en, "; ".join(english)))))


def offer(form: forms.Form, name: str, bodies: Iterable[Body], first: tuple[Any, Any] | None = None) -> None:
    """Let a field take any of these bodies, whichever of them the page lists."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 both kinds of list are
    field.choices = [*([first] if first else []), *((b.code, say_later(b.name)) for b in bodies)]


def only(
    form: forms.Form,
    name: str,
    finder: Finder,
    chosen: Collection[str],
    *,
    offered: Iterable[Body] = (),
    first: tuple[Any, Any] | None = None,
) -> int:
    """Of many bodies list only those chosen, and those found or offered; answer how many more fit."""
    listed, more = finder.shown(chosen, offered)
    choices = [(body.code, say_later(body.name)) for body in listed]
    form.fields[name].widget.choices = [*([first] if first else []), *choices]
    return more


def _does(body: Body, topic: Topic) -> bool:
    return any(topic.has(each.subject) for each in body.competences.all())


def _told(body: Body) -> str:
    """All that a body may be looked for by."""
    subjects = " ".join(each.subject for each in body.competences.all())
    above = body.superior
    place = f"{above.name_zh} {above.name_en}" if above else ""
    return f"{body.name_zh} {body.name_en} {body.short} {subjects} {place}".casefold()


def _shortens(word: str, name: str) -> bool:
    """Whether a word leaves characters of the name out, as people do: 县住建局 for 县住房和城乡建设局."""
    rest = iter(name)
    return is_chinese(word) and len(word) > 1 and all(letter in rest for letter in word)


def _places_of(body: Body) -> Iterator[str]:
    yield body.code
    if body.superior:
        yield body.superior.code


def _place_names(body: Body) -> Iterator[str]:
    """How people call the place that a body is there for: 柳湾县, 柳湾."""
    if body.superior is None:
        return
    zh, en = body.superior.name_zh, body.superior.name_en
    name = zh.removesuffix(ENDINGS[0])
    short = next((name.removesuffix(end) for end in ENDINGS[1:] if name.endswith(end)), name)
    english = en.removesuffix(ENGLISH[0])
    plain = next((english.removesuffix(end) for end in ENGLISH[1:] if english.endswith(end)), "")
    yield from (each for each in (name, short, english, plain) if len(each) > 1)


def _near_first(body: Body) -> tuple[int, str]:
    return (-body.path.count("/"), body.path)
