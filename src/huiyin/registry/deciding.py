"""What officers decided that petitions are about: the competences of the body that took each of them up.

Nobody is asked for a topic. A body that takes a petition up says that it is competent, and what it is
competent for is on record; one that decides on everything says nothing by it. Reports are never read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from huiyin.core.case import After
from huiyin.reading import mask
from huiyin.reading.topics import is_about
from huiyin.registry import indexing, masking, proposing, topic_outcomes
from huiyin.registry.models import Competence, Petition

TAKES_UP = "take-up"  # the effect by which a body says that it is competent
MANY = 3  # subjects: whoever decides on more decides on nearly everything
MOST = 20_000  # petitions that are learnt from, the newest: what people write about changes
JOINED = "、"


@dataclass(frozen=True, slots=True)
class Decided:
    """The words of a petition as they read masked, and what officers decided that they are about."""

    subject: str
    text: str
    topic: str


# ---- to learn from


def decided() -> Iterator[Decided]:
    """The newest petitions that a body took up, the oldest of them first: the same give the same rows."""
    topics = _topic_of_each_body()
    taken = Petition.objects.filter(handled_by__in=topics, erased_on__isnull=True).exclude(kind="report")
    newest = taken.order_by("-pk").values_list("pk", flat=True)[:MOST]
    start = min(newest, default=0)
    for petition in taken.filter(pk__gte=start).order_by("pk").iterator(chunk_size=500):
        if indexing.may_be_searched(petition):
            known = masking.known_of(petition)
            yield Decided(
                mask.masked(petition.subject, known),
                mask.masked(petition.text, known),
                topics[petition.handled_by],
            )


def _topic_of_each_body() -> dict[str, str]:
    """By the code of each body that decides on few subjects, how these are called together."""
    subjects: defaultdict[str, set[str]] = defaultdict(set)
    for code, subject in Competence.objects.values_list("body__code", "subject"):
        subjects[code].add(subject)
    return {code: topic for code, named in subjects.items() if (topic := together(named))}


def together(subjects: Collection[str]) -> str:
    """One name for what a body decides on; none where that is nothing, or nearly everything."""
    said = JOINED.join(sorted(subjects))
    return said if 0 < len(subjects) <= MANY and len(said) <= topic_outcomes.TOPIC else ""


# ---- how a model stands up to it


def leave(petition: Petition, after: After, day: date) -> None:
    """As a body takes a petition up: count whether the model would have named it. Nothing without a model.

    Two statements, in the transaction of the move.
    """
    if TAKES_UP not in after.row.effects or not indexing.may_be_searched(petition):
        return
    model, said = proposing.model(), proposing.proposed_for(petition)
    if model is None or said is None:
        return
    held = set(Competence.objects.filter(body=petition.holder).values_list("subject", flat=True))
    named = in_words_of(model.topics, said.topic, held)
    topic_outcomes.add(day.replace(day=1), model.version, said.topic, named, unsure=said.abstain)


def in_words_of(topics: Collection[str], said: str, subjects: Collection[str]) -> str:
    """What a body with these subjects decides on, as a model calls it; `said` where that is among it."""
    if not together(subjects):
        return ""
    fit = [topic for topic in topics if is_about(topic, subjects)]
    if said in fit:
        return said
    return JOINED.join(fit) if fit else together(subjects)
