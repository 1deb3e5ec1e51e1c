"""Keeps the index of what can be searched: called by `file` and `perform` alone, in their transaction.

A report against persons has no row in it, nor has what may turn out to be one, nor what was erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Exists, OuterRef, QuerySet

from huiyin.core.case import After
from huiyin.core.vocabulary import VERBS
from huiyin.reading import mask, tokens
from huiyin.registry import masking, sealing
from huiyin.registry.indexed import Indexed, vector
from huiyin.registry.insert import new_row
from huiyin.registry.models import Body, Entry, Holding, Petition

UNSURE = "unsure"  # the mark of what nobody has sorted yet
SUBJECT_WEIGHT = 3  # what a subject says counts as if it were said so often
MOST = 16_000  # tokens of one petition: beyond 16,383 PostgreSQL knows no place, and a phrase needs one
A_BATCH = 500
# The reasoned answers: what they say can be found as well, once they are issued.
ANSWERS = frozenset(VERBS[v] for v in ("issue-opinion", "issue-review-opinion", "issue-rereview-opinion"))


def holder_token(body: int) -> str:
    """The token of a body by its number. No token of a text has a digit in it."""
    return f"b{body}"


def row(petition: Petition, bodies: Iterable[int], known: Sequence[str], answers: str = "") -> Indexed:
    """The row of a petition that may be searched; `known`: what is certain to name somebody in it."""
    subject = _tokens_of(petition.subject, known)
    said = [*subject * SUBJECT_WEIGHT, *tokens.indexed(petition.text, known)]
    said += _tokens_of(answers, known) if answers else ()
    return new_row(
        Indexed,
        petition=petition,
        words=(*map(holder_token, bodies), *said[:MOST]),
        mask_version=mask.VERSION,
    )


def _tokens_of(text: str, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(tokens.indexed(text, (*known, *mask.certain(text))))


def may_be_searched(petition: Petition) -> bool:
    """Whether its words lie open for good: no report, nor what may turn out to be one."""
    open_words = petition.kind != sealing.REPORT and not petition.is_sealed
    return open_words and UNSURE not in petition.marks and petition.erased_on is None


# ---- what `perform` leaves


def let_see(petition: Petition, body: Body) -> None:
    """Note that this body holds it as well."""
    _add(petition, (holder_token(body.pk),))


def follow(petition: Petition, steps: Iterable[After], *, was: bool) -> None:
    """After moves: index what may be searched from now on, or says more; forget what no longer may be."""
    now = may_be_searched(petition)
    if was and not now:
        Indexed.objects.filter(pk=petition.pk).delete()
    elif now and not was:
        write([petition])
    elif now and (answers := "\n".join(_answers(steps))):
        _add(petition, _tokens_of(answers, masking.known_of(petition)))


def _add(petition: Petition, said: tuple[str, ...]) -> None:
    """Tokens more for a row, if there is one. One statement, and nothing is read."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        more, value = "words || %s::tsvector", vector(said)
    else:
        more, value = "words || %s", " ".join(("", *said))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE registry_indexed SET words = {more} WHERE petition_id = %s",  # noqa: S608 one of two
            [value, petition.pk],
        )


def _answers(steps: Iterable[After]) -> Iterator[str]:
    """What the reasoned answers among these steps say in free words."""
    for step in steps:
        if step.event in ANSWERS:
            yield from _texts(step.contents, sealing.texts_of(step.rulebook))


def _texts(said: Mapping[str, Any], free: frozenset[str]) -> Iterator[str]:
    for name, value in said.items():
        if isinstance(value, str):
            yield from (value,) if name in free else ()
        elif isinstance(value, list):
            for line in value:
                yield from _texts(line, free) if isinstance(line, dict) else ()


def write(petitions: Iterable[Petition]) -> None:
    """Make the rows of these petitions anew, in a constant number of statements."""
    made = [petition for petition in petitions if may_be_searched(petition)]
    bodies: dict[int, list[int]] = {}
    for pk, body in Holding.objects.filter(petition__in=made).values_list("petition", "body"):
        bodies.setdefault(pk, []).append(body)
    answers: dict[int, list[str]] = {}
    for entry in Entry.objects.filter(petition__in=made, event__in=ANSWERS):
        said = _texts(entry.contents, sealing.texts_of(entry.rulebook))
        answers.setdefault(entry.petition_id, []).extend(said)
    rows = [
        row(each, bodies.get(each.pk, ()), masking.known_of(each), "\n".join(answers.get(each.pk, ())))
        for each in made
    ]
    with transaction.atomic():
        Indexed.objects.filter(pk__in=[each.pk for each in made]).delete()
        Indexed.objects.bulk_create(rows)


# ---- what was there before the index was, or was made by older rules


def missing(below: int | None = None) -> QuerySet[Petition]:
    """The petitions that may be searched and have no row made by the masking of today, the newest first.

    `below`: of those with a lower number.
    """
    made = Indexed.objects.filter(pk=OuterRef("pk"), mask_version=mask.VERSION)
    found = Petition.objects.filter(erased_on=None).exclude(kind=sealing.REPORT).exclude(text="")
    found = found.exclude(marks__has_key=UNSURE).exclude(Exists(made))
    return (found.filter(pk__lt=below) if below is not None else found).order_by("-pk")


def catch_up(below: int | None = None, most: int = A_BATCH) -> tuple[int, int | None]:
    """Index so many of them; answer how many there were, and below which number to go on.

    Killed at any point, it goes on from there; 0: there are no more.
    """
    found = list(missing(below)[:most])
    write(found)
    return len(found), found[-1].pk if found else None


def begin_anew() -> None:
    """Empty the index, after which `catch_up` fills it."""
    Indexed.objects.all().delete()


def compact() -> None:
    """Rewrite what erased rows left in SQLite's index, so that their tokens are gone from it as well."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO registry_indexed_fts(registry_indexed_fts) VALUES ('optimize')")
