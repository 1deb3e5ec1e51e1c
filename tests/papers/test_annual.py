"""The annual report: the same in three forms and two languages, whole, readable by machines, of no person."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from huiyin.core.text import Text
from huiyin.papers import annual, annual_docx, annual_html, annual_parts, annual_pdf, fonts, press
from huiyin.papers.annual import Report
from huiyin.papers.blocks import Heading, Para, Plot, Table
from huiyin.registry import demonstration, law, measured, watched
from huiyin.registry.models import BodyLetter, Export, Officer, Problem
from tests.cast import NOW, Walk, acting_as, legal_day, lodge
from tests.papers.drawn import characters

LANGUAGES = ("zh-hans", "en")


@dataclass
class Made:
    """Of the demonstration, reckoned once for all tests here: it takes seconds to build."""

    reports: dict[str, Report] = field(default_factory=dict)
    own_words: list[str] = field(default_factory=list)


MADE = Made()


@pytest.fixture
def of(db: Any, house_keys: None) -> Callable[..., Report]:
    """`of("en")`: the report of the whole demonstration in that language."""
    if not MADE.reports:
        now = timezone.now()
        demonstration.build(now)
        mine = watched.whole_house(law.at(now)[1])
        MADE.reports |= {tongue: annual.report(mine, mine.day.year, now, tongue) for tongue in LANGUAGES}
        rows = Problem.objects.values_list("title", "place")
        letters = BodyLetter.objects.filter(kind="improve-policy").select_related("answer")
        theirs = [one.text for one in letters]
        theirs += [one.answer.reasons for one in letters if hasattr(one, "answer")]
        own = {re.escape(each) for row in (*rows, theirs) for each in row if each}
        MADE.own_words = sorted(own, key=len, reverse=True)
    return lambda language="en": MADE.reports[language]


def text_of(report: Report) -> str:
    said: list[str] = []
    for block in report.blocks:
        if isinstance(block, Heading | Para):
            said.append(block.text)
        elif isinstance(block, Table):
            said += [block.caption, *block.heads, *(cell for row in block.rows for cell in row)]
        else:
            said += [block.title, *(bar.name for bar in block.bars)]
    return "\n".join(said)


class Outline(HTMLParser):
    """Headings, captions and cells of an HTML file, and whatever it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_item_of_the_article_is_in_it(of: Callable[..., Report], language: str) -> None:
    made = of(language)
    heads = [block.text for block in made.blocks if isinstance(block, Heading)]
    assert len(heads) == 9
    tables = list(annual.tables(made))
    assert all(len(row) == len(table.heads) for table in tables for row in table.rows)
    assert all(table.rows for table in tables)
    assert [block for block in made.blocks if isinstance(block, Plot)]
    said = text_of(made)
    chinese = language.startswith("zh")
    for word in ("三项建议", "转送", "督办") if chinese else ("Proposals", "Transfer", "supervised"):
        assert word in said
    if chinese:
        assert not re.search(r"[a-z]{4,}", re.sub(r"huiyin verify|Wilson|\S{43}=", "", said))
    else:
        assert not re.search(r"[\u4e00-\u9fff]", re.sub("|".join(MADE.own_words), "", said))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_three_forms_say_the_same(of: Callable[..., Report], language: str) -> None:
    made = of(language)
    outline = Outline(annual_html.html(made))
    words = Document(io.BytesIO(annual_docx.docx(made)))
    cells = [cell.text for table in words.tables for row in table.rows for cell in row.cells]
    paragraphs = [line.text for line in words.paragraphs]
    for block in made.blocks:
        if isinstance(block, Heading | Para):
            assert block.text in outline.words
            assert block.text in paragraphs
        elif isinstance(block, Table):
            for cell in (*block.heads, *(each for row in block.rows for each in row)):
                assert cell.strip() in {*outline.words, ""}
                assert cell in cells
    printed = annual_pdf.pdf(made)
    assert printed.archival
    missing = set(re.sub(r"\s", "", text_of(made))) - characters(printed.pdf) - {"\u00ad"}
    assert missing == set()


def test_the_page_is_one_file_that_loads_nothing_and_is_in_order(of: Callable[..., Report]) -> None:
    outline = Outline(annual_html.html(of()))
    loads = [
        tag for tag, attrs in outline.tags if tag in {"script", "link", "img", "iframe"} or "src" in attrs
    ]
    assert loads == []
    assert ("html", {"lang": "en"}) in outline.tags
    levels = [tag for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert (levels[0], set(levels[1:])) == ("h1", {"h2"})
    ids = {attrs["id"] for _, attrs in outline.tags if "id" in attrs}
    assert {str(a["href"])[1:] for tag, a in outline.tags if tag == "a"} == ids
    for tag, attrs in outline.tags:
        assert tag != "th" or attrs.get("scope") in {"row", "col"}
        assert attrs.get("role") != "img" or attrs.get("aria-label")


def test_the_docx_has_headings_repeated_heads_and_words_for_its_pictures(
    of: Callable[..., Report],
) -> None:
    written = annual_docx.docx(of("zh-hans"))
    words = Document(io.BytesIO(written))
    styles = [line.style.name for line in words.paragraphs if line.style]
    assert (styles.count("Title"), styles.count("Heading 1")) == (1, 9)
    assert words.core_properties.language == "zh-CN"
    inner = zipfile.ZipFile(io.BytesIO(written)).read("word/document.xml").decode()
    assert inner.count("<w:tblHeader") == len(words.tables)
    assert inner.count("<w:cantSplit") == sum(len(table.rows) for table in words.tables)
    uneven = [{column.width for column in table.columns} for table in words.tables]
    assert any(len(widths) > 1 for widths in uneven), "every column is as wide as the next"
    pictures = re.findall(r"<wp:docPr[^>]*>", inner)
    assert pictures
    assert all('descr="' in each for each in pictures)


def test_a_demonstration_says_that_it_is_one(of: Callable[..., Report]) -> None:
    made = of()
    assert made.stamp in annual_html.html(made)
    assert made.stamp in [line.text for line in Document(io.BytesIO(annual_docx.docx(made))).paragraphs]


def test_without_fonts_the_docx_is_whole_but_for_its_pictures(
    of: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_args: object, **_words: object) -> bytes:
        raise fonts.NoChineseFont

    monkeypatch.setattr(press, "picture", nothing)
    words = Document(io.BytesIO(annual_docx.docx(of())))
    assert len(words.inline_shapes) == 0
    assert words.tables


# ---- what is in it, and what is not


def test_a_body_is_named_with_how_it_answered_and_by_no_small_number(walk: Walk) -> None:
    walk.to("opinion-served")
    mine = watched.by(acting_as("sven"))
    few = annual.report(mine, 2026, NOW, "en")
    captions = [table.caption for table in annual.tables(few)]
    assert "Bodies with most petitions, and how they answered them" not in captions
    for _ in range(7):
        Walk(lodge()).to("opinion-served")
    many = annual.report(mine, 2026, NOW, "en")
    most = next(t for t in annual.tables(many) if t.caption.startswith("Bodies with most"))
    assert [row[:5] for row in most.rows] == [("County Housing Bureau", "8", "8", "100%", "81–100%")]
    assert "must not be ranked" in text_of(many)


def test_reports_are_one_sum_and_no_body_has_them(cast: Any) -> None:
    for _ in range(6):
        lodge(kind="report", against=("jt",), body="jw")
    made = annual.report(watched.whole_house(legal_day(NOW)), 2026, NOW, "en")
    assert ("Reports against persons", "6") in next(annual.tables(made)).rows
    assert "Discipline" not in text_of(made)


def test_shares_by_body_and_month_are_those_of_the_measures(walk: Walk) -> None:
    walk.to("opinion-served")
    mine = watched.by(acting_as("sven"))
    kept = measured.kept(mine, 2026)
    record = measured.of(mine, 2026)
    assert kept["zj", 3, "handling"] == record.of("term handling")
    source = annual_parts.Source(mine, 2026, "en", None)  # type: ignore[arg-type]
    assert (source.share(body="zj", term="handling").whole, source.share(month=4).whole) == (1, 0)


def test_the_organ_and_the_year_stand_on_it(cast: Any) -> None:
    mine = watched.whole_house(legal_day(NOW))
    made = annual.report(mine, 2025, NOW, "zh-hans", organ=Text("县人民政府", "County Government"))
    assert (made.title, made.organ, made.name) == (
        "2025年信访工作年度报告",
        "县人民政府",
        "huiyin-report-2025-zh",
    )


# ---- at the desk


def test_a_supervisor_takes_it_as_a_file_and_that_stands_on_record(walk: Walk) -> None:
    walk.to("opinion-served")
    browser = Client()
    browser.force_login(Officer.objects.get(login="sven"))
    for form, begins in (("html", b"<!doctype html>"), ("docx", b"PK"), ("pdf", b"%PDF-")):
        answer = browser.get(f"/desk/supervise/year/report.{form}?year=2026")
        assert answer.content.startswith(begins), form
        assert f'filename="huiyin-report-2026-zh.{form}"' in answer["Content-Disposition"]
    assert list(Export.objects.order_by("id").values_list("what", "body")) == [
        *(("year-html", "xian"), ("year-docx", "xian"), ("year-pdf", "xian"))
    ]
    browser.force_login(Officer.objects.get(login="otto"))
    assert browser.get("/desk/supervise/year/report.pdf").status_code == 404


def test_where_no_pdf_can_be_set_the_page_leads_to_the_docx(
    cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_args: object, **_words: object) -> None:
        raise fonts.NoChineseFont

    monkeypatch.setattr(annual_pdf, "pdf", nothing)
    browser = Client()
    browser.force_login(Officer.objects.get(login="sven"))
    answer = browser.get("/desk/supervise/year/report.pdf?year=2026")
    assert answer.status_code == 503
    assert "/desk/supervise/year/report.docx?year=2026" in answer.content.decode()
    assert not Export.objects.exists()
