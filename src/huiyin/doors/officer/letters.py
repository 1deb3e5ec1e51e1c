"""Notices as letters: what the petitioner reads, drawn from an entry, or from a move not yet made.

One builder for both, so that the preview an officer confirms is the very letter that goes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from huiyin.core import case, rulebook
from huiyin.core.rulebook import Row, Rulebook
from huiyin.core.vocabulary import CLOCK_KIND_WORDS, VERBS, Text
from huiyin.doors.officer.door import DeskRequest, page
from huiyin.doors.officer.petition import petition_or_404, reads_text
from huiyin.registry import story
from huiyin.registry.models import Body, Entry, Petition
from huiyin.registry.perform import open_moves
from huiyin.site import articles
from huiyin.site.labels import MONTHS
from huiyin.vault.models import IdentitySeal

# Which remedy an opinion leaves open: the move by which the author asks for it.
REMEDIES = {"opinion-issued": "request-review", "review-opinion-issued": "request-rereview"}
REFUSALS = {"declined", "no-longer-accepted", "diverted"}
FINAL = "rereview-opinion-issued"
NOT_SAID = {"prior"}  # another petition's reference is not the reader's business


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice, ready to be drawn on A4."""

    title: Text
    body: Text  # who writes
    number: str
    opening: Text
    facts: tuple[story.Fact, ...]
    closing: tuple[Text, ...]  # the rights and dates that follow from it
    signed_on: Text
    follow: str  # where its reader finds the petition


@dataclass(frozen=True, slots=True)
class Written:
    """What a letter is written from: an entry, or a move that is being previewed."""

    petition: Petition
    event: str
    row: Row
    book: Rulebook
    body: Text
    facts: tuple[story.Fact, ...]
    clocks: tuple[case.Clock, ...]  # those that this step starts
    on: date
    superior: Text | None  # who would hear the next remedy


def write(source: Written) -> Letter:
    return Letter(
        title=story.DOCUMENTS.get(source.event, source.row.past),
        body=source.body,
        number=source.petition.ref,
        opening=_opening(source),
        facts=tuple(fact for fact in source.facts if fact.name not in NOT_SAID),
        closing=tuple(_closing(source)),
        signed_on=_on_paper(source.on),
        follow=settings.PUBLIC_URL,
    )


def _on_paper(day: date) -> Text:
    """A date as letters write it, without the weekday."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}")


def _opening(source: Written) -> Text:
    petition, law = source.petition, source.book.title
    lodged = rulebook.legal_day(petition.lodged_at, source.book)
    article = articles.cite(source.row.article, source.book.id)
    channel = petition.get_channel_display()
    return Text(
        f"您于{_on_paper(lodged).zh}提出的信访事项“{petition.subject}”"
        f"（编号 {petition.ref}，渠道：{channel}），本单位依照《{law.zh}》{article.zh}，告知如下：",
        f"On {_on_paper(lodged).en} you lodged the petition “{petition.subject}” "
        f"({petition.ref}, by {channel}). Under the {law.en}, {article.en}, we tell you the following.",
    )


def _closing(source: Written) -> Iterable[Text]:
    for clock in source.clocks:
        rule = rulebook.by_id(clock.rulebook).clocks[clock.name]
        article = articles.cite(clock.article, clock.rulebook)
        if rule.duty == "body":
            kind = CLOCK_KIND_WORDS[clock.kind]
            yield Text(
                f"“{rule.text.zh}”期限（{article.zh}，{kind.zh}）自{_on_paper(clock.start).zh}次日起算，至{_on_paper(clock.due).zh}届满。",
                f"The term “{rule.text.en}” ({article.en}, {kind.en}) runs from the day after "
                f"{_on_paper(clock.start).en} to {_on_paper(clock.due).en}.",
            )
    if source.event in REMEDIES:
        yield from _remedy(source, REMEDIES[source.event])
    elif source.event == FINAL:
        yield Text(
            "本意见为复核意见。您以同一事实和理由再次提出的，不再受理；意见中确定的事项仍须执行。",
            "This is the re-review opinion. The same facts and reasons are not taken up again; what it "
            "promises must still be carried out.",
        )
    elif source.event in REFUSALS and source.superior:
        above = source.superior
        yield Text(
            f"您不同意这一决定的，可以凭编号和查询码请上一级机关（{above.zh}）审查。",
            f"If you do not agree with this decision, you may ask the next higher body ({above.en}) to look "
            "at it, with your reference and key.",
        )


def _remedy(source: Written, verb: str) -> Iterable[Text]:
    row = next(iter(source.book.rows_of(verb)), None)
    if row is None or source.superior is None:
        return
    rule = source.book.clocks[row.meets[0]]
    article, above = articles.cite(row.article, source.book.id), source.superior
    yield Text(
        f"您不服本意见的，可以自收到之日起{rule.days}日内，凭编号和查询码向{above.zh}{row.text.zh}"
        f"（{article.zh}）。可以写明对哪一项不同意、为什么，并附上材料。",
        f"If you do not agree, you have {rule.days} days from the day you receive this to turn to "
        f"{above.en} ({row.text.en}, {article.en}) with your reference and key. You may say with which point "
        "you do not agree and why, and attach what supports it.",
    )


# ---- from an entry


def letter_of(petition: Petition, entry: Entry) -> Letter | None:
    """The letter that an entry left, or None for one that left none."""
    told = next((t for t in story.story_of(petition).timeline if t.seq == entry.seq), None)
    row = _row_of(entry)
    if told is None or told.document is None or row is None:
        return None
    book = rulebook.by_id(entry.rulebook)
    body = Body.objects.select_related("superior").filter(code=entry.body).first()
    return write(
        Written(
            petition=petition,
            event=entry.event,
            row=row,
            book=book,
            body=told.body,
            facts=told.facts,
            clocks=_started(petition, entry, row),
            on=rulebook.legal_day(told.at, book),
            superior=body.superior.name if body and body.superior else None,
        )
    )


def _row_of(entry: Entry) -> Row | None:
    rows = [r for r in rulebook.by_id(entry.rulebook).rows if VERBS[r.verb] == entry.event]
    return next((r for r in rows if r.article == entry.article), rows[0] if rows else None)


def _started(petition: Petition, entry: Entry, row: Row) -> tuple[case.Clock, ...]:
    touched = {seq for seq, name, _state in entry.clocks if name in row.starts}
    return tuple(told.clock for told in story.clocks_of(petition) if told.clock.seq in touched)


# ---- from a move that is being previewed


def preview(petition: Petition, after: case.After, today: date) -> Letter | None:
    """The letter that this move would leave; None where it leaves none."""
    event = VERBS[after.row.verb]
    if event not in story.DOCUMENTS:
        return None
    above = petition.holder.superior
    started = tuple(c for c in after.case.clocks if c.name in after.row.starts and c.ended is None)
    return write(
        Written(
            petition=petition,
            event=event,
            row=after.row,
            book=rulebook.by_id(after.rulebook),
            body=petition.holder.name,
            facts=said(after),
            clocks=started,
            on=today,
            superior=above.name if above else None,
        )
    )


def said(after: case.After) -> tuple[story.Fact, ...]:
    """What a move that is not yet made would say, labelled."""
    code = str(after.contents.get("body", ""))
    bodies = {body.code: body for body in Body.objects.filter(code=code)} if code else {}
    entry = Entry(rulebook=after.rulebook, contents=dict(after.contents))
    return story.facts_of(after.row, entry, bodies)


# ---- the page


def is_sealed(petition: Petition) -> bool:
    """Whether the author left a name at all; what it is, nobody learns here."""
    return IdentitySeal.objects.filter(petition=petition).exists()


@require_safe
def letter(request: DeskRequest, ref: str, seq: int) -> HttpResponseBase:
    """A notice to print. Without a name: that is merged at print time by opening the seal."""
    found = petition_or_404(request, ref)
    entry = found.entries.filter(seq=seq).first()
    made = letter_of(found, entry) if entry and reads_text(found, request.acting) else None
    if made is None:
        raise Http404
    may_name = any(row.verb == "unseal" for row in open_moves(found, request.acting, request.now))
    context = {"petition": found, "letter": made, "seq": seq, "opens_seal": may_name and is_sealed(found)}
    return page(request, "letter.html", context)
