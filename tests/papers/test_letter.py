"""Every document of every law: what all letters say, what the move said, and nothing left to fill in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huiyin.core import case, rulebook
from huiyin.core.clock import Reckoning
from huiyin.core.rulebook import Content, Row, Rulebook
from huiyin.papers import letter as letters
from huiyin.papers import sheet
from huiyin.papers.letter import Letter, Written
from huiyin.registry.models import Body, Entry, Petition
from huiyin.site import articles
from tests.cast import FINDING, NOW, Walk
from tests.papers.drawn import characters, inflated

DAY = date(2026, 3, 2)
MADE = [
    pytest.param(book, row, id=f"{book.id}-{rule.name}-{row.article}")
    for book in rulebook.all_rulebooks()
    for row in book.rows
    if (rule := book.document_of(row))
]


def said(content: Content) -> Any:
    """Something that this content could say."""
    simple: dict[str, Any] = {
        "date": "2026-04-01",
        "days": 5,
        "flag": True,
        "body": "jt",
        "officer": "otto",
        "clock": "handling",
        "ref": "HY-AAAAA-AAAAA",
    }
    if content.type == "choice":
        return content.choices[0].code
    if content.type == "rows":
        return [{column.name: said(column) for column in content.columns}] * 2
    return simple.get(content.type, f"说了{content.name} {{ref}} #panic() *x*")


def clock(book: Rulebook, name: str) -> case.Clock:
    rule, due = book.clocks[name], date(2026, 5, 6)
    made = Reckoning(DAY, due, due, (), provisional=False)
    return case.Clock(
        1, name, book.id, rule.article, rule.unit, rule.days, rule.roll, rule.on_due, rule.kind, DAY, made
    )


def written(book: Rulebook, row: Row) -> Letter:
    """The letter of a row at a bureau that has somebody above it and got the petition from an office."""
    earlier = [
        Entry(event="assigned", body="xf", rulebook=book.id, recorded_at=NOW, contents={}),
        Entry(
            event="served", body="zj", rulebook=book.id, recorded_at=NOW, contents={"served_on": "2026-03-01"}
        ),
        Entry(event="registered", body="xf", rulebook=book.id, recorded_at=NOW, contents={}),
    ]
    made = letters.write(
        Written(
            petition=Petition(ref="HY-TEST0-LETTER", subject="路灯坏了", channel="letter", lodged_at=NOW),
            row=row,
            book=book,
            said={content.name: said(content) for content in row.contents},
            clocks=tuple(clock(book, name) for name in row.starts),
            on=DAY,
            organ=Body.objects.get(code="zj"),
            earlier=earlier,
            signer="Otto",
        )
    )
    assert made is not None
    return made


def words_of(made: Letter, language: str) -> str:
    """All that the letter says in one language, as the sheet is given it."""
    drawn = sheet.sheet(made, language)
    parts = [
        text
        for part in drawn["parts"]
        for text in (
            part["heading"],
            part["text"],
            *(f"{c['label']}{c['text']}" for r in part["rows"] for c in r),
        )
    ]
    lists = [drawn[name] for name in ("to", "before", "closing", "contact", "summary")]
    return "\n".join(
        [drawn["organ"], drawn["title"], drawn["day"], *parts, *(t for each in lists for t in each)]
    )


@pytest.mark.parametrize(("book", "row"), MADE)
def test_a_letter_says_what_all_letters_say_and_what_its_move_said(
    bodies: dict[str, Body], book: Rulebook, row: Row
) -> None:
    made, rule = written(book, row), book.document_of(row)
    assert rule is not None
    for language, organ, subject in (
        ("zh-hans", "县住建局", "“路灯坏了”"),
        ("en", "County Housing Bureau", "路灯坏了"),
    ):
        text = words_of(made, language)
        for each in (
            organ,
            subject,
            rule.title.say(language),
            made.signed_on.say(language),
            "HY-TEST0-LETTER",
        ):
            assert each in text, each
        if not rule.opening:
            assert articles.cite_whole(row.article, book.id).say(language) in text
            # What no law provides for is not said to rest on one.
            assert (book.title.say(language) in text) == (row.article != "house")
        for content in row.contents:
            if content.type == "text" and content.name not in rule.hides:
                assert f"说了{content.name} {{ref}} #panic() *x*" in text
    blanks = {name for sentence in rule.sentences for name in sentence.blanks()}
    assert not [
        name for name in blanks if f"{{{name}}}" in words_of(made, "zh-hans").replace("{ref} #panic", "")
    ]


@pytest.mark.parametrize(("book", "row"), MADE)
def test_each_term_that_the_move_starts_and_the_letter_knows_is_told_with_its_day(
    bodies: dict[str, Body], book: Rulebook, row: Row
) -> None:
    rule, made = book.document_of(row), written(book, row)
    assert rule is not None
    told = [s for s in rule.closing if s.clock in row.starts and "due" in s.blanks()]
    assert all("2026年5月6日" in text.zh for text in made.closing if "{" not in text.zh and "届满" in text.zh)
    assert sum("2026年5月6日" in text.zh for text in made.closing) == len(told)


def test_where_nobody_is_above_no_letter_promises_a_review(walk: Walk) -> None:
    walk.to("opinion-issued")
    entry = walk.petition.entries.get(event="opinion-issued")
    asked = letters.letter_of(walk.petition, entry)
    assert asked is not None
    assert any("县人民政府" in text.zh and "30日" in text.zh for text in asked.closing)
    Body.objects.filter(code__in=("xian", "shi", "province")).update(active=False)
    alone = letters.letter_of(walk.petition, entry)
    assert alone is not None
    assert not any("复查" in text.zh for text in alone.closing)


def test_a_letter_is_addressed_to_the_reference_until_somebody_opens_the_seal(walk: Walk) -> None:
    walk.to("accepted")
    made = letters.letter_of(walk.petition, walk.petition.entries.latest("seq"))
    assert made is not None
    assert made.addressee.zh == f"编号 {walk.ref} 的信访人："
    assert sheet.sheet(made, "zh-hans", person=("一号院", "张三"))["to"] == ["一号院", "张三："]


def test_a_rereview_says_whether_there_was_a_hearing(walk: Walk) -> None:
    walk.to("rereview-requested")
    walk.hear("rolf").close_hearing("rolf")
    walk("conclude-hearing", "rolf", conclusion="路灯确实坏了")
    walk.to("rereview-issued")
    made = letters.letter_of(walk.petition, walk.petition.entries.latest("seq"))
    assert made is not None
    assert any("举行了听证" in text.zh for text in made.lead)
    assert not any("没有举行听证" in text.zh for text in made.lead)


# ---- on paper


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pdf_is_archival_tagged_and_its_words_can_be_taken_out(walk: Walk, language: str) -> None:
    walk.to("opinion-issued")
    made = letters.letter_of(walk.petition, walk.petition.entries.latest("seq"))
    assert made is not None
    printed = sheet.letter_pdf(made, language)
    assert printed.archival
    inside = inflated(printed.pdf)
    for mark in (
        b"pdfaid:part>2<",
        b"pdfaid:conformance>A<",
        b"pdfuaid:part>1<",
        b"/GTS_PDFA1",
        b"/StructTreeRoot",
    ):
        assert mark in inside, mark
    drawn = sheet.sheet(made, language)
    wanted = set("".join([drawn["title"], drawn["number"], *drawn["closing"], *drawn["summary"]])) - {" "}
    assert wanted <= characters(printed.pdf)


def test_markup_in_what_somebody_wrote_stays_words(walk: Walk) -> None:
    walk.to("accepted")
    evil = '#panic("x") $x$ *b* `code` #read("/etc/passwd") \\ @ref <tag> // no'
    answer = {**FINDING, "facts": evil, "view": evil, "basis": evil, "outcome": "support"}
    walk.signed(answers=[answer])
    walk("issue-opinion", "otto", answers=[answer])
    made = letters.letter_of(walk.petition, walk.petition.entries.latest("seq"))
    assert made is not None
    assert set(evil) - {" "} <= characters(sheet.letter_pdf(made, "en").pdf)


def test_a_character_that_no_font_has_costs_the_archive_mark_and_not_the_letter(walk: Walk) -> None:
    walk.to("accepted")
    strange = "\U0001fae8 \x00 \ud800"
    made = letters.letter_of(walk.petition, walk.petition.entries.latest("seq"))
    assert made is not None
    printed = sheet.letter_pdf(made, "en", person=(f"{strange} road", "张三"))
    assert printed.pdf.startswith(b"%PDF-")
