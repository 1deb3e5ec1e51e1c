"""Searches the petitions that an officer may see: which of them hold these words, the newest or best first.

The index finds candidates; whether each may be seen is asked of `access` in the same statement, so that
neither a result nor a number tells of a petition that is hidden. Both databases look at the newest first and
stop when there is enough: a common word costs no more than a rare one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Max, QuerySet

from huiyin.core.refusal import Refusal, refuse
from huiyin.reading import query
from huiyin.reading.query import Query, Unasked
from huiyin.reading.topics import Topic
from huiyin.registry import access, keys
from huiyin.registry.access import HANDLING_ROLES, Acting
from huiyin.registry.indexed import Indexed
from huiyin.registry.indexing import holder_token
from huiyin.registry.models import Body, Petition

LISTED = 200  # found at most; who needs more says more
RANKED = 1000  # the best are looked for among the newest of them
SCOPED = 200  # bodies; whoever sees more of them sees so much that looking is quicker than narrowing down
SLICE_BITS = 14  # as migration 0079 cuts them
LOOKS = (2, 4)  # slices; the last of them has just begun now and then
SUGGESTED = 6
NEWEST, BEST = "newest", "best"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the numbers of petitions in order; `more`: beyond those there are others."""

    asked: Query
    pks: tuple[int, ...]
    more: bool = False


def asked(said: str) -> Query | Refusal:
    """The query in what somebody typed, or why it is not asked."""
    read = query.read(said)
    return refuse(read.why) if isinstance(read, Unasked) else read


def ref_in(said: str) -> str:
    """The reference that somebody typed in place of words; empty if it is none."""
    return keys.read_ref(said) if said.strip().upper().startswith(keys.PREFIX) else ""


def with_topic(wanted: Query, topic: Topic) -> Query:
    """The same query, where one of the words of this topic must be there as well."""
    terms = tuple(filter(None, map(query.term, topic.said)))
    return Query(wanted.wanted, wanted.unwanted, (*wanted.one_of, terms))


def search(
    acting: Acting, wanted: Query, seen: QuerySet[Petition] | None = None, order: str = NEWEST
) -> Found:
    """Search among the petitions that this officer may see, or those of them that are in `seen`."""
    among = access.visible_to(acting) if seen is None else seen
    try:  # they may see nothing at all
        pks = _candidates(acting, wanted, among, RANKED if order == BEST else LISTED + 1)
    except EmptyResultSet:
        pks = []
    if order == BEST and pks:
        scores = _scores(wanted, pks)
        pks = sorted(pks, key=lambda pk: (-scores.get(pk, 0.0), -pk))
    return Found(wanted, tuple(pks[:LISTED]), more=len(pks) > LISTED)


def _candidates(acting: Acting, wanted: Query, among: QuerySet[Petition], most: int) -> list[int]:
    connection = connections[DEFAULT_DB_ALIAS]
    scope = _scope(acting)
    column = "found.petition_id" if connection.vendor == "postgresql" else "registry_indexed_fts.rowid"
    one = among.order_by().extra(where=[f'"registry_petition"."id" = {column}']).values("pk")  # noqa: S610 our own name
    may_see, values = one.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    if connection.vendor == "postgresql":
        looks = newest_first(tsquery(wanted, scope))
        params: list[Any] = [*map(list, zip(*looks, strict=True)), *values, most]
        # There is another look only when those before it did not fill the list: LATERAL keeps the order, the
        # sums keep PostgreSQL from walking down all numbers, and the scalar keeps it from joining first.
        statement = f"""SELECT found.petition_id
            FROM unnest(%s::text[]::tsquery[], %s::bigint[]) AS look(asked, below)
            CROSS JOIN LATERAL (SELECT petition_id FROM registry_indexed
                WHERE words @@ look.asked AND petition_id + 0 < look.below
                ORDER BY petition_id + 0 DESC) AS found
            WHERE (SELECT true FROM ({may_see}) AS seen) LIMIT %s"""  # noqa: S608 our own words
    else:
        params = [_match(wanted, scope), *values, most]
        statement = f"""SELECT registry_indexed_fts.rowid FROM registry_indexed_fts
            WHERE registry_indexed_fts MATCH %s AND EXISTS ({may_see})
            ORDER BY registry_indexed_fts.rowid DESC LIMIT %s"""  # noqa: S608 our own words
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [pk for (pk,) in cursor.fetchall()]


def _scope(acting: Acting) -> list[str]:
    """Tokens of which each petition that they may see has one; none where that would narrow nothing down.

    Raises EmptyResultSet for who works at no body.
    """
    found = list(bodies_of(acting).values_list("pk", flat=True)[: SCOPED + 1])
    if not found:
        raise EmptyResultSet
    return [holder_token(pk) for pk in sorted(found)] if len(found) <= SCOPED else []


def bodies_of(acting: Acting) -> QuerySet[Body]:
    """The bodies whose petitions they may see, now or from then: where they work, and those they watch."""
    bodies = Body.objects.filter(code__in=acting.codes(HANDLING_ROLES) | acting.recorded)
    return bodies | Body.objects.filter(access.supervised_by(acting)) if acting.has("supervisor") else bodies


def newest_first(words: str) -> list[tuple[str, int]]:
    """What is looked for: in the newest slices, in some more, then in all others; each below which number.

    By the tokens of slices as long as these are few: many of them in one look cost more than all petitions.
    """
    last = (Indexed.objects.aggregate(last=Max("pk"))["last"] or 0) >> SLICE_BITS
    looks, above = [], last + 1
    for many in LOOKS:
        if above > many:
            slices = " | ".join(f"'s{number}'" for number in range(above - many, above))
            looks.append((f"{words} & ({slices})", above << SLICE_BITS))
            above -= many
    return [*looks, (words, above << SLICE_BITS)]


# ---- the query, as each database reads it. No token has a quote or a backslash in it.


def tsquery(wanted: Query, scope: Sequence[str]) -> str:
    """The query for PostgreSQL; `scope`: tokens of which one must be there as well."""

    def term(said: Sequence[str]) -> str:
        return " <-> ".join(f"'{token}'" for token in said)

    parts = [f"({term(each)})" for each in wanted.wanted]
    parts += ["(" + " | ".join(f"({term(each)})" for each in group) + ")" for group in wanted.one_of]
    parts += [f"!({term(each)})" for each in wanted.unwanted]
    parts += ["(" + " | ".join(f"'{token}'" for token in scope) + ")"] if scope else []
    return " & ".join(parts)


def _match(wanted: Query, scope: Sequence[str]) -> str:
    def term(said: Sequence[str]) -> str:
        return '"' + " ".join(said) + '"'

    parts = [term(each) for each in wanted.wanted]
    parts += ["(" + " OR ".join(map(term, group)) + ")" for group in wanted.one_of]
    parts += ["(" + " OR ".join(f'"{token}"' for token in scope) + ")"] if scope else []
    unwanted = "".join(f" NOT {term(each)}" for each in wanted.unwanted)
    return f"({' AND '.join(parts)}){unwanted}"


def _scores(wanted: Query, pks: Sequence[int]) -> dict[int, float]:
    """How well each of these fits: by how often the words stand in it, and by how rare they are."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT petition_id, ts_rank(words, %s::tsquery, 1) FROM registry_indexed"
                " WHERE petition_id = ANY(%s)",
                [tsquery(wanted, ()), list(pks)],
            )
        else:
            cursor.execute(
                "SELECT rowid, -bm25(registry_indexed_fts) FROM registry_indexed_fts"
                " WHERE registry_indexed_fts MATCH %s AND rowid BETWEEN %s AND %s",
                [_match(wanted, ()), min(pks), max(pks)],
            )
        return dict(cursor.fetchall())


# ---- words to narrow it down


def suggested(found: Found, words: Iterable[str], least: int) -> list[str]:
    """Which of these words stand in at least so many of the petitions that were found, the commonest first.

    The words are the house's own (of topics), so none is a name; the petitions are those that the officer may
    see, so that no suggestion tells of another.
    """
    terms = {query.term(word): word for word in words}
    counted: Counter[tuple[str, ...]] = Counter()
    for said in Indexed.objects.filter(pk__in=found.pks).values_list("words", flat=True):
        there = kept(said)
        counted.update(term for term in terms if set(term) <= there)
    in_query = set(found.asked.wanted)
    common = [
        (n, term) for term, n in counted.items() if least <= n < len(found.pks) and term not in in_query
    ]
    return [terms[term] for n, term in sorted(common, key=lambda each: (-each[0], each[1]))[:SUGGESTED]]


def kept(said: str) -> set[str]:
    """The tokens of a row, as either database gives them back."""
    if said.startswith("'"):
        return {part.split("'")[1] for part in said.split(" ") if part.startswith("'")}
    return set(said.split(" "))
