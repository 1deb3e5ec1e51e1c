"""What codes of the law are called on the desk: states, clocks, kinds; looked up, never decided here."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from huiyin.core import rulebook
from huiyin.core.text import Text
from huiyin.registry import law
from huiyin.registry.models import Clock, Petition
from huiyin.site import articles

# Short, for those who read them all day; the petitioner's pages say the same at length.
KINDS = {
    "claim": Text("申诉求决", "Claim"),
    "suggestion": Text("建议意见", "Suggestion"),
    "report": Text("检举控告", "Report"),
}
SERVICE = {
    "electronic": Text("电子送达（查询页面）", "electronically, on the petition's page"),
    "post": Text("邮寄", "by post"),
    "in-person": Text("当面领取", "collected in person"),
}


def kind_of(petition: Petition) -> Text:
    return kind_text(petition.jurisdiction, petition.kind)


@lru_cache(maxsize=64)
def kind_text(jurisdiction: str, kind: str) -> Text:
    """A class in one word, as the newest version of the law calls it, else as the house does."""
    for book in reversed(rulebook.all_rulebooks()):
        if book.jurisdiction == jurisdiction and kind in book.kinds:
            return book.kinds[kind].name or KINDS[kind]
    return KINDS.get(kind, Text(kind, kind))


def kinds_of(jurisdiction: str) -> dict[str, Text]:
    """The classes that a law knows, in the order of the house."""
    books = [book for book in rulebook.all_rulebooks() if book.jurisdiction == jurisdiction]
    return {
        kind: kind_text(jurisdiction, kind) for kind in KINDS if any(kind in b.lodged_kinds for b in books)
    }


def service_of(petition: Petition) -> Text:
    return SERVICE.get(petition.service, Text(petition.service, petition.service))


@lru_cache(maxsize=256)
def state_text(jurisdiction: str, state: str) -> Text:
    """A state as the newest version of the law that knows it calls it."""
    for book in reversed(rulebook.all_rulebooks()):
        if book.jurisdiction == jurisdiction and state in book.states:
            return book.states[state].text
    return Text(state, state)


def state_of(petition: Petition) -> Text:
    return state_text(petition.jurisdiction, petition.state)


@lru_cache(maxsize=256)
def clock_text(book: str, name: str) -> Text:
    rule = rulebook.by_id(book).clocks.get(name)
    return rule.text if rule else Text(name, name)


def clock_of(clock: Clock) -> Text:
    return clock_text(clock.rulebook, clock.name)


def states_to_serve(jurisdiction: str) -> frozenset[str]:
    """The states in which a document is written and waits to reach its reader."""
    return states_for(jurisdiction, "serve")


@lru_cache(maxsize=16)
def states_for(jurisdiction: str, verb: str) -> frozenset[str]:
    """The states in which some version of the law lets a move be made; none where it knows none."""
    books = [book for book in rulebook.all_rulebooks() if book.jurisdiction == jurisdiction]
    return frozenset(state for book in books for row in book.rows_of(verb) for state in row.sources)


@lru_cache(maxsize=8)
def states_of(jurisdiction: str) -> dict[str, Text]:
    """Every state that some version of the law knows, in the order of the newest."""
    found: dict[str, Text] = {}
    for book in reversed(rulebook.all_rulebooks()):
        if book.jurisdiction == jurisdiction:
            found = {**{name: rule.text for name, rule in book.states.items()}, **found}
    return found


def cited(article: str, petition: Petition, today: date) -> Text | None:
    """An article of the law in force today, as it is cited; None for none."""
    return articles.cite(article, _book(petition, today)) if article else None


def read_at(article: str, petition: Petition, today: date) -> str:
    """Where that article can be read."""
    return articles.href(article, _book(petition, today))


def _book(petition: Petition, today: date) -> str:
    return law.of(petition, today).id
