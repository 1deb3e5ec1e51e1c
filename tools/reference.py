"""docs/reference as the laws and the core say it: printed, never written by hand.

tools/reference.py            prints the pages below
tools/reference.py --check    changes nothing; 1 if a page is not what the code says now
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from huiyin.core import conditions, vocabulary
from huiyin.core.guards import CLOCK_GUARDS, GUARDS
from huiyin.core.marks import MARKS
from huiyin.core.readers import PARTS, READERS
from huiyin.core.refusal import FIELD_REASONS, REASONS
from huiyin.core.rulebook import Clause, ClockRule, Content, Row, Rulebook, all_rulebooks
from huiyin.core.text import Text

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
# The columns of permissions.md: who asks, who answers, who watches, the house itself.
EVERYWHERE = ("author", *sorted(vocabulary.AUTOMATIC_ROLES))
ORDER: tuple[str, ...] = (
    "author",
    "registrar",
    "recorder",
    "handler",
    "head",
    "reviewer",
    "leader",
    "supervisor",
)
ORDER += (*sorted(vocabulary.OFFICERS - set(ORDER)), *sorted(vocabulary.AUTOMATIC_ROLES))
PRINTED = "<!-- Printed by `make docs` from the code and the rulebooks. Do not edit. -->"


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Prints the reference pages from the core and the rulebooks."
    )
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a page is stale")
    check: bool = parser.parse_args().check
    stale = {file: text for file, text in pages().items() if not _is_as_said(file, text)}
    if check:
        for file in stale:
            print(f"{file.name} is not what the code says now; run make docs", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file, text in stale.items():
        file.write_text(text, encoding="utf-8")
        print(f"printed {file.relative_to(FOLDER.parent.parent)}")
    return 0


def pages() -> dict[Path, str]:
    """Each page and what it says now."""
    made: dict[str, Callable[[], Iterator[str]]] = {"states.md": states, "rules.md": rules, "moves.md": moves}
    made |= {"regulation.md": regulation, "permissions.md": permissions}
    return {FOLDER / name: "\n".join([PRINTED, "", *page()]) + "\n" for name, page in made.items()}


def _is_as_said(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


# ---- states.md


def states() -> Iterator[str]:
    yield "# States and moves"
    yield ""
    yield "What may happen to a petition in each state, who may do it, by which article, and what follows."
    yield "A move that stands in no table here is refused. Contents with `?` may be left out."
    for book in all_rulebooks():
        yield from _head(book)
        yield from _section(book, "Before it is on record", lambda row: row.verb == "lodge")
        for state in book.states.values():
            title = f"{_both(state.text)} · `{state.name}`{'' if state.open else ' · an end'}"
            yield from _section(book, title, _made_in(state.name), state.explain.en)
        title = "In every state (`*`), or in every one that is no end (`open`)"
        yield from _section(book, title, lambda row: bool(row.sources & {"*", "open"}))


def _made_in(state: str) -> Callable[[Row], bool]:
    return lambda row: state in row.sources


def _head(book: Rulebook) -> Iterator[str]:
    until = f" until {book.in_force_until}" if book.in_force_until else ""
    yield ""
    yield f"## {book.id}: {_both(book.title)}"
    yield ""
    yield f"In force from {book.in_force_from}{until}. Days are those of {book.zone}. Source: {book.source}."


def _section(book: Rulebook, title: str, wanted: Callable[[Row], bool], explain: str = "") -> Iterator[str]:
    rows = [row for row in book.rows if wanted(row)]
    yield ""
    yield f"### {title}"
    yield ""
    if explain:
        yield explain
        yield ""
    if rows:
        titles = (
            "move",
            "article",
            "by",
            "where",
            "class",
            "to body",
            "says",
            "only if",
            "state after",
            "clocks",
        )
        yield from _table(titles, (_line(book, row) for row in rows))


def _line(book: Rulebook, row: Row) -> tuple[str, ...]:
    everywhere = sorted(row.sources & {"*", "open"})
    return (
        f"{_both(row.text)} `{row.verb}`" + (f" ({everywhere[0]})" if everywhere else ""),
        row.article,
        _words(sorted(row.by)),
        "the body that took it up" if row.at == "handled" else _words(sorted(row.held_by)),
        _words(sorted(row.kinds)),
        _words(sorted(row.target)),
        _words(_said(book, content) for content in row.contents),
        _words(row.guards),
        f"`{row.to}`" if row.to else "the same",
        _clocks(row),
    )


def _said(book: Rulebook, content: Content) -> str:
    """The content's name, and the choices it is limited to in this row."""
    full = any(content.choices == choices for choices in book.choices.values())
    only = "" if full or not content.choices else f" ({' or '.join(c.code for c in content.choices)} only)"
    return content.name + ("" if content.required else "?") + only


def _clocks(row: Row) -> str:
    does = {
        "starts": row.starts,
        "meets": row.meets,
        "ends": row.ends,
        "pauses": row.pauses,
        "resumes": row.resumes,
    }
    said = "; ".join(f"{what} {_words(names)}" for what, names in does.items() if names)
    return said + (f" (as of {row.clock_from})" if row.clock_from else "")


# ---- rules.md


def rules() -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield "The clocks of each law with their articles, what those articles say in our words, and the lists"
    yield "that a law closes. Evidence says how well the source was read: in full, in part, or from memory."
    yield ""
    yield "The day a clock starts on is not counted. A last day on which nobody works rolls to the next"
    yield "working day where the law is read so. `huiyin due RULEBOOK CLOCK START` prints one reckoning."
    for book in all_rulebooks():
        yield from _head(book)
        yield ""
        yield f"Evidence: {book.evidence}. Calendar: `{book.calendar}`."
        yield from _clock_rules(book)
        yield ""
        yield "### Articles, in our words"
        yield ""
        yield from _table(("article", "says", "中文"), ((n, t.en, t.zh) for n, t in book.articles.items()))
        yield from _choices(book)


def _clock_rules(book: Rulebook) -> Iterator[str]:
    titles = (
        "clock",
        "meaning",
        "article",
        "term",
        "on a day off",
        "who must act",
        "when it passes",
        "kind",
        "evidence",
    )
    yield ""
    yield "### Clocks"
    yield ""
    yield from _table(titles, (_clock(book, clock) for clock in book.clocks.values()))
    for name, source in book.sources.items():
        yield ""
        yield f"`{name}-…`: {_both(source.text)}, {source.basis} law. {source.check.en} {source.check.zh}"
    for name, why in book.absent.items():
        yield ""
        yield f"`{name}`: {why.en} {why.zh}"


def _clock(book: Rulebook, clock: ClockRule) -> tuple[str, ...]:
    source = book.source_of(clock.article)
    local = source is not None and source.basis == "local"
    unit = {"day": "days", "workday": "working days"}
    term = "set by the assigning office" if clock.unit == "set" else f"{clock.days} {unit[clock.unit]}"
    after = f", from the unrolled end of {clock.follows}" if clock.follows else ""
    return (
        f"`{clock.name}`",
        _both(clock.text),
        clock.article,
        term + after,
        "" if clock.unit == "set" else clock.roll,
        clock.duty,
        clock.on_due,
        clock.kind,
        clock.evidence + (", local law: to be checked" if local else ""),
    )


def _choices(book: Rulebook) -> Iterator[str]:
    used = {choice for row in book.rows for content in row.contents for choice in content.choices}
    yield ""
    yield "### Closed lists"
    yield ""
    rows = (
        (name, f"`{choice.code}`", _both(choice.text), choice.article)
        for name, choices in book.choices.items()
        for choice in choices
        if choice in used
    )
    yield from _table(("list", "code", "meaning", "article"), rows)


# ---- moves.md


def moves() -> Iterator[str]:
    yield "# Moves, roles, guards and refusals"
    yield ""
    yield "The closed vocabulary of the house: a rulebook that uses another word is refused when it is read."
    yield ""
    yield "## Moves"
    yield ""
    yield "The verb is what a door asks for (`huiyin move REF VERB`), the event what the ledger says of it."
    yield ""
    yield from _table(("verb", "event", "meaning", "laws"), (_verb(verb) for verb in vocabulary.VERBS))
    yield from _list(
        "Roles",
        sorted(vocabulary.ROLES),
        "Nobody is given clerk, courier or importer: they are the house itself.",
    )
    yield from _list("Kinds of body", vocabulary.BODY_KINDS)
    yield from _list("Classes of petition", vocabulary.PETITION_KINDS)
    yield from _list("Stages", vocabulary.STAGES)
    yield from _list("Types of content", vocabulary.CONTENT_TYPES)
    yield from _guards()
    yield from _list(
        "Effects",
        sorted(conditions.EFFECTS),
        "About one mark, as `effect:mark`: "
        + ", ".join(f"`{n}`" for n in sorted(conditions.MARK_EFFECTS))
        + ".",
    )
    yield from _marks()
    yield from _reasons("Refusals", "Codes are permanent, and the same at every door.", REASONS)
    yield from _reasons("What may be wrong with one content", "", FIELD_REASONS)


def _verb(verb: str) -> tuple[str, ...]:
    rows = [(book.id, row) for book in all_rulebooks() for row in book.rows_of(verb)]
    laws = dict.fromkeys(law for law, _ in rows)
    texts = dict.fromkeys(_both(row.text) for _, row in rows)
    return f"`{verb}`", f"`{vocabulary.VERBS[verb]}`", "; ".join(texts), ", ".join(laws)


def _guards() -> Iterator[str]:
    yield ""
    yield "## Guards"
    yield ""
    yield "What may speak against a move. One that names a clock is written `guard:clock`."
    yield ""
    functions = {**GUARDS, **CLOCK_GUARDS}
    titles = ("guard", "reads of the contents", "why")
    rows = (
        (f"`{name}`", conditions.READS.get(name, ""), (functions[name].__doc__ or "").strip())
        for name in sorted(conditions.GUARDS)
    )
    yield from _table(titles, rows)


def _marks() -> Iterator[str]:
    yield ""
    yield "## Marks"
    yield ""
    yield 'Small facts of law about one case. `when = ["mark"]` asks for one, `"!mark"` that it is not there.'
    yield ""
    rows = ((f"`{name}`", _both(mark.missing), _both(mark.present)) for name, mark in MARKS.items())
    yield from _table(("mark", "told where it is missing", "told where it stands in the way"), rows)


def _list(title: str, names: Iterable[str], why: str = "") -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield ", ".join(f"`{name}`" for name in names) + "." + (f" {why}" if why else "")


def _reasons(title: str, why: str, reasons: dict[str, Text]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    if why:
        yield why
        yield ""
    yield from _table(("code", "says", "中文"), ((f"`{c}`", t.en, t.zh) for c, t in reasons.items()))


# ---- permissions.md

PLACES = {
    "holder": "has it",
    "handled": "took it up",
    "above": "above",
    "supervised": "got the letter",
    "called": "called in",
}


def permissions() -> Iterator[str]:
    yield "# Who may do what, and who sees what"
    yield ""
    yield "Default deny: a move that a role has no cell for is refused, and whoever may not see a petition"
    yield "gets the answer that an unknown reference gets. The first table is tried for every officer by"
    yield "`tests/promises/test_permissions.py`, the others by `tests/core/test_permissions.py`."
    yield ""
    yield "## Who sees what of a petition"
    yield ""
    yield from _table(
        ("", *(_both(reader.text) for reader in READERS)),
        ((_both(part.text), *(part.for_reader(r.name) for r in READERS)) for part in PARTS),
    )
    yield ""
    for reader in READERS:
        yield f"- **{_both(reader.text)}**: {_both(reader.who)}."
    yield ""
    yield "*Masked*: without names, numbers and addresses. Of a report against persons they see only"
    yield "that it runs. Name and contact stand on no page: a handler opens the seal by a move, with a"
    yield "purpose, and the author sees it. What else a move asks for stands in [states](states.md)."
    for book in all_rulebooks():
        yield from _permitted(book)


def _permitted(book: Rulebook) -> Iterator[str]:
    """One line a row of the rulebook, in its order: where each role makes it, and what it says."""
    roles = [role for role in ORDER if any(role in row.by for row in book.rows)]
    yield ""
    yield f"## {book.id}: {_both(book.title)}"
    yield ""
    yield "A cell says at which body the role must be held: the one that *has it*, that *took it up*, one"
    yield "*above*, that *got the letter* of supervision, or that was *called in*."
    yield ""
    yield from _table(
        ("move", "article", "in state", "where", "to body", "class", "says", *roles),
        (
            (
                f"`{row.verb}`",
                row.article,
                _words(sorted(row.sources)),
                _words(sorted(row.held_by)),
                _words(sorted(row.target)),
                _words(sorted(row.kinds)),
                _words(content.name + ("" if content.required else "?") for content in row.contents),
                *(_place(row, role) for role in roles),
            )
            for row in book.rows
        ),
    )


def _place(row: Row, role: str) -> str:
    if role not in row.by:
        return ""
    return "yes" if role in EVERYWHERE else PLACES.get(row.at, "asked")


# ---- regulation.md

LEFT_OUT = {
    "": "",
    "outside": "outside software",
    "charter": "the charter forbids it",
    "not-yet": "**not built yet**",
}


def regulation() -> Iterator[str]:
    yield "# The regulation, clause by clause"
    yield ""
    yield "Every clause of articles 13 to 48 of the 2022 regulation, in our own short words: what in"
    yield "Huiyin carries it out, or why it, or a part of it, is left out. A test holds each name against"
    yield "what there is: moves, clocks, states, guards, effects, pages, commands, documents and tests."
    for book in all_rulebooks():
        if book.regulation and book.jurisdiction == "cn":
            yield ""
            yield f"## {book.id}: {_both(book.title)}"
            yield ""
            rows = (_clause(clause) for clause in book.regulation)
            yield from _table(("clause", "says", "carried out by", "left out", "why"), rows)


def _clause(clause: Clause) -> tuple[str, ...]:
    by = _words(f"{kind} `{name}`" for kind, _, name in (said.partition(":") for said in clause.by))
    why = _both(clause.why) if clause.left_out else ""
    part = "in part: " if by and clause.left_out else ""
    return clause.name, _both(clause.text), by, part + LEFT_OUT[clause.left_out], why


# ---- Markdown


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table of those columns in which anything stands."""
    lines = [tuple(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    kept = [n for n, _ in enumerate(titles) if any(line[n] for line in lines)]
    for line in (titles, ("---",) * len(titles), *lines):
        yield "| " + " | ".join(line[n] for n in kept) + " |"


def _words(words: Iterable[str]) -> str:
    return ", ".join(words)


def _both(text: Text) -> str:
    return f"{text.en} {text.zh}"


if __name__ == "__main__":
    sys.exit(main())
