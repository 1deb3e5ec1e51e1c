"""What letters say is data: sentences are filled in, left out, or refused when nobody has what they ask."""

from __future__ import annotations

import tomllib

import pytest

from huiyin.core import documents, rulebook
from huiyin.core.documents import Sentence
from huiyin.core.lawletters import wrongs
from huiyin.core.rulebook import BrokenRulebook, Rulebook
from huiyin.core.text import Text
from tests.core.test_broken_rulebooks import LAW, WORDS, read

# §6.2 of the procedure: notice -> the document of cn-2022 that it is.
NOTICES = {
    "接收告知书": "acknowledged",
    "受理告知书": "accepted",
    "转送告知书": "transferred",
    "交办告知书": "assigned",
    "不予受理告知书": "declined",
    "不再受理告知书": "no-longer-accepted",
    "退件异议": "objected",
    "延长办理期限告知书": "extended",
    "信访处理意见书": "opinion-issued",
    "复查意见书": "review-opinion-issued",
    "复核意见书": "rereview-opinion-issued",
    "办结报告": "reported-back",
}
LETTERS = """
[letters]
number = "{organ}{series}-{year}-{n}"
opening = [{ zh = "关于{subject}", en = "About {subject}" }]
through = { zh = "由{sender}", en = "by {sender}" }
addressee = { zh = "{ref}：", en = "To {ref}:" }
contact = []

[documents.extended]
zh = "延长告知书"
en = "Notice"
series = "延"
closing = [{ zh = "到{due}", en = "by {due}", clock = "longer" }]
summary = []
"""


def test_a_sentence_with_a_blank_that_nothing_fills_is_left_out_whole() -> None:
    sentences = (Sentence(Text("向{above}", "to {above}")), Sentence(Text("本单位", "this body")))
    assert list(documents.filled(sentences, {"above": None})) == [Text("本单位", "this body")]
    assert list(documents.filled(sentences[:1], {"above": Text("县", "County")})) == [
        Text("向县", "to County")
    ]


def test_braces_in_what_somebody_wrote_are_no_blanks() -> None:
    made = documents.fill(Text("“{subject}”", "“{subject}”"), {"subject": "{ref} {0} {}", "ref": "HY"})
    assert made == Text("“{ref} {0} {}”", "“{ref} {0} {}”")


@pytest.mark.parametrize("document", sorted(NOTICES.values()))
def test_every_notice_of_the_law_is_a_document_with_plain_words_and_a_number(document: str) -> None:
    rule = rulebook.by_id("cn-2022").documents[document]
    assert rule.series
    assert rule.summary
    if rule.to == "author" and not rule.served:
        assert rule.lead or rule.closing


@pytest.mark.parametrize(
    ("document", "remedy"),
    [
        ("declined", "challenge"),
        ("no-longer-accepted", "challenge"),
        ("diverted", "challenge"),
        ("opinion-issued", "request-review"),
        ("review-opinion-issued", "request-rereview"),
    ],
)
def test_what_can_be_contested_says_how_where_and_by_which_article(document: str, remedy: str) -> None:
    rule = rulebook.by_id("cn-2022").documents[document]
    told = next(sentence for sentence in rule.closing if sentence.remedy == remedy)
    assert {"above", "basis"} <= told.blanks()
    if remedy != "challenge":
        assert {"length", "follow"} <= told.blanks()


def test_opinions_are_drafts_to_their_author_until_they_are_served() -> None:
    book = rulebook.by_id("cn-2022")
    served = {name for name, rule in book.documents.items() if rule.served}
    assert served == {
        "opinion-issued",
        "opinion-imported",
        "duty-answer-issued",
        "review-opinion-issued",
        "rereview-opinion-issued",
        "redo-ordered",
    }


@pytest.mark.parametrize("book", rulebook.all_rulebooks(), ids=lambda book: book.id)
def test_the_letters_of_every_law_are_sound_and_some_move_leaves_each(book: Rulebook) -> None:
    assert list(wrongs(book)) == []
    left = {rule.name for row in book.rows if (rule := book.document_of(row))}
    assert left == set(book.documents)


def test_words_that_are_shared_describe_no_document_that_no_version_has() -> None:
    files = sorted((rulebook.FOLDER / "cn" / "words").glob("*.toml"))
    told = [tomllib.loads(file.read_text(encoding="utf-8")).get("documents", {}) for file in files]
    shared = {name for chapter in told for name in chapter}
    versions = [book for book in rulebook.all_rulebooks() if book.jurisdiction == "cn"]
    assert shared == {name for book in versions for name in book.documents}


def test_a_law_brings_letters_of_its_own(tmp_path) -> None:
    book = read(tmp_path, LAW + LETTERS, WORDS)
    row = book.rows_of("extend")[0]
    rule = book.document_of(row)
    assert rule is not None
    assert rule.title.en == "Notice"
    assert book.letters is not None
    number = documents.number_of(book.letters.number, organ="A", series=rule.series, year=2026, n=3)
    assert number == "A延-2026-3"


@pytest.mark.parametrize(
    ("before", "after", "key", "what"),
    [
        ("到{due}", "到{when}", "documents.extended", "{when} is nothing that can be filled in"),
        (', clock = "longer"', "", "documents.extended", "{due} is nothing that can be filled in"),
        ('clock = "longer"', 'clock = "never"', "documents.extended", "no clock of this rulebook"),
        ('clock = "longer"', 'remedy = "sing"', "documents.extended", "there is no move 'sing'"),
        ('clock = "longer"', 'after = "sung"', "documents.extended.closing[1].after", "must be one of"),
        ('series = "延"', "served = true", "documents.extended.served", "no 'serve' move"),
        ('series = "延"', 'hides = ["x"]', "documents.extended.hides", "no move that leaves this document"),
        ('series = "延"', 'to = "mayor"', "documents.extended.to", "must be one of"),
        ('series = "延"', 'colour = "red"', "documents.extended.colour", "unknown key"),
        ("-{n}", "", "letters.number", "must name each of"),
        ("by {sender}", "by {body}", "letters.through", "{body} is nothing that can be filled in"),
        ("summary = []", "", "documents.extended.summary", "must be a list"),
    ],
)
def test_letters_that_cannot_be_written_are_refused(tmp_path, before, after, key, what) -> None:
    assert before in LETTERS
    with pytest.raises(BrokenRulebook) as caught:
        read(tmp_path, LAW + LETTERS.replace(before, after, 1), WORDS)
    assert caught.value.key.startswith(key)
    assert what in caught.value.what


def test_documents_need_the_words_that_all_letters_share(tmp_path) -> None:
    with pytest.raises(BrokenRulebook, match=r"\[letters\]"):
        read(tmp_path, LAW + LETTERS[LETTERS.index("[documents") :], WORDS)
