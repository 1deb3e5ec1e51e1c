"""Publishing a re-review opinion: its masked text, and what the moves of it leave for the public page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet

from huiyin.core import apart, case, rulebook
from huiyin.core.rulebook import Rulebook
from huiyin.core.text import Text
from huiyin.core.vocabulary import VERBS
from huiyin.reading import mask, names
from huiyin.registry import answers, masking
from huiyin.registry.models import Entry, Petition, Publication

ISSUED = VERBS["issue-rereview-opinion"]
PROPOSED = VERBS["propose-publication"]
APPROVED = VERBS["approve-publication"]
TEXT = "publication_text"
# Of each finding, what is shown; what was asked first, as everywhere.
SHOWN = ("request", "facts", "basis", "view")


def of(before: case.Case, rules: Rulebook) -> tuple[str, str]:
    """What may be published at most, and the sign-in name of who proposed it; asked only where it matters.

    Once something was proposed, that is the most: whoever approves may hide more, and show nothing again.
    """
    proposing = any(before.state in row.sources for row in rules.rows_of("propose-publication"))
    if not rules.publishes or not proposing or before.kind != "claim":
        return "", ""
    if before.marks.get("publication-proposed"):
        said = _last(before.ref, PROPOSED)
        if said:
            return str(said.contents[TEXT]), said.officer.login if said.officer else ""
    petition = Petition.objects.filter(ref=before.ref).first()
    return (masked_opinion(petition) if petition else ""), ""


def text_of(petition: Petition) -> str:
    """What its form starts with: what was proposed, else the masked opinion."""
    said = _last(petition.ref, PROPOSED) if petition.marks.get("publication-proposed") else None
    return str(said.contents[TEXT]) if said else masked_opinion(petition)


def masked_opinion(petition: Petition) -> str:
    """The re-review opinion with everything masked that the petition's own words or the rules give away."""
    entry = _last(petition.ref, ISSUED)
    if entry is None:
        return ""
    opinion = "\n\n".join(_findings(entry))
    return mask.masked(opinion, _known(petition))


def _known(petition: Petition) -> tuple[str, ...]:
    """What is certain to name or reach somebody: as for any reader, and each name marked in any step."""
    said = [text for entry in petition.entries.all() for text in apart.texts(entry.contents)]
    return tuple(dict.fromkeys([*masking.known_of(petition), *mask.certain("\n".join(said))]))


def _findings(entry: Entry) -> Iterator[str]:
    said = entry.contents
    columns = {c.name: c.text for row in _rows(entry) for content in row.contents for c in content.columns}
    for line in said.get("findings", [said]):
        told = [name for name in SHOWN if line.get(name)]
        words = "".join(str(line[name]) for name in told)
        tongue = "zh" if names.is_chinese(words) else "en"
        colon = "：" if tongue == "zh" else ": "
        yield "\n".join(
            f"{columns.get(name, Text(name, name)).say(tongue)}{colon}{line[name]}" for name in told
        )


def _rows(entry: Entry) -> tuple[rulebook.Row, ...]:
    return rulebook.by_id(entry.rulebook).rows_of("issue-rereview-opinion")


def _last(ref: str, event: str) -> Entry | None:
    found = Entry.objects.filter(petition__ref=ref, event=event).select_related("officer")
    return found.order_by("-seq").first()


def leave(petition: Petition, after: case.After, today: date) -> None:
    """What a move leaves on the public page; called by `perform` alone, in its transaction."""
    if after.row.verb == "publish-opinion":
        opinion, approved = _last(petition.ref, ISSUED), _last(petition.ref, APPROVED)
        if opinion is None or approved is None:
            return
        made = Publication.objects.create(
            petition=petition,
            body=petition.holder,
            rulebook=opinion.rulebook,
            article=opinion.article,
            outcome=opinion.contents["review_outcome"],
            issued_on=petition.issued_on or today,
            text=approved.contents[TEXT],
            published_on=today,
        )
        answers.opinion(made)
    elif after.row.verb == "withdraw-publication":
        withdraw(petition, today)


def withdraw(petition: Petition, today: date, *, erased: bool = False) -> None:
    """Take its publication down: the text is gone, the number says that it was withdrawn."""
    mine = Publication.objects.filter(petition=petition)
    answers.taken_down(mine.values_list("pk", flat=True))
    mine.filter(withdrawn_on=None).update(text="", withdrawn_on=today)
    if erased:
        mine.update(petition=None)


def public() -> QuerySet[Publication]:
    """What was published, the newest first, with its body; for the public page, which asks the law first."""
    return Publication.objects.select_related("body").only(*SHOWN_PUBLICLY)


# What the public page reads: everything but the petition.
SHOWN_PUBLICLY = (
    "body",
    "rulebook",
    "article",
    "outcome",
    "issued_on",
    "text",
    "published_on",
    "withdrawn_on",
)


def outcome_of(publication: Publication) -> Text:
    """The outcome in words."""
    choices = rulebook.by_id(publication.rulebook).choices.get("review_outcomes", ())
    return next((c.text for c in choices if c.code == publication.outcome), Text("", ""))
