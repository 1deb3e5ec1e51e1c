"""Local laws lie over the national one: they say what differs, and say that they are local."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from huiyin.core import explain
from huiyin.core.clock import reckon
from huiyin.core.rulebook import FOLDER, BrokenRulebook, load
from tests.core.cast import CALENDARS, CN22, LAWS, OFFICE, OTTO, PETRA, VERA, Story, holds

ZJ, BJ = LAWS["cn-zj-2022"], LAWS["cn-bj-2022"]
CHIEF = holds("chief", "head")


@pytest.mark.parametrize(
    ("book", "name", "article", "unit", "days"),
    [
        (ZJ, "sort", "zj-20", "workday", 5),
        (ZJ, "notice", "zj-20", "workday", 5),
        (ZJ, "handling", "zj-23", "day", 30),
        (ZJ, "extension", "zj-23", "day", 60),
        (BJ, "review-extension", "bj-50", "day", 30),
    ],
)
def test_keeps_the_terms_of_the_local_law_and_says_what_to_check(book, name, article, unit, days):
    clock = book.clock(name)
    assert (clock.article, clock.unit, clock.days) == (article, unit, days)
    said = " ".join(text.en for text in book.doubts(clock))
    assert "local law" in said
    assert "in force" in said


@pytest.mark.parametrize("book", [ZJ, BJ], ids=lambda book: book.id)
def test_what_a_local_law_does_not_say_is_as_in_the_national_one(book):
    touched = {name for name, clock in book.clocks.items() if clock.article.startswith(("zj", "bj"))}
    for name, clock in CN22.clocks.items():
        assert name in touched or book.clocks[name] == clock
    assert not book.doubts(book.clocks["objection"])
    assert book.states == CN22.states
    assert (book.zone, book.calendar, book.in_force_from) == (CN22.zone, CN22.calendar, CN22.in_force_from)
    same = [f.name for f in fields(CN22.rows[0]) if f.name not in {"contents", "article", "meets", "ends"}]
    for row, other in zip(CN22.rows, book.rows, strict=False):
        assert [getattr(row, name) for name in same] == [getattr(other, name) for name in same]


def test_an_extension_in_zhejiang_may_have_sixty_days_and_cites_the_local_law():
    story = Story(OFFICE, law="cn-zj-2022", jurisdiction="cn-zj").accepted()
    assert story.clock("handling").days == 30
    assert story.refused("extend", CHIEF, days="61") == "contents"
    assert story.do("extend", CHIEF, days="60").clock("extension").article == "zj-23"
    (row,) = [row for row in ZJ.rows_of("extend") if "extension" in row.starts]
    assert row.article == "zj-23"
    assert "60" in next(content.hint.en for content in row.contents if content.name == "days")


def test_a_review_in_beijing_can_be_extended_and_what_meets_it_meets_its_extension():
    story = Story(OFFICE, law="cn-bj-2022", jurisdiction="cn-bj").served().do("request-review", PETRA)
    assert story.refused("extend", VERA) == "wrong-role"
    story.do("extend", CHIEF, days="30")
    review, extension = story.clock("review"), story.clock("review-extension")
    assert (extension.start, review.carried_by) == (review.reckoning.end, extension.seq)
    story.on(4, 20).do("issue-review-opinion", VERA).do("serve", VERA)
    assert (story.clock("review").state, story.clock("review-extension").state) == ("met", "met")
    assert Story(OFFICE).served().do("request-review", PETRA).refused("extend", CHIEF) == "wrong-state"


def test_whoever_handled_it_does_not_extend_its_review():
    story = Story(OFFICE, law="cn-bj-2022", jurisdiction="cn-bj").served().do("request-review", PETRA)
    assert story.refused("extend", holds(OTTO.id, "head")) == "took-part-before"


def test_a_reckoning_under_a_local_law_says_so_in_json():
    told = explain.due(ZJ, "notice", date(2026, 2, 11), CALENDARS[ZJ.id])
    assert told["due"] == "2026-02-25"
    assert any("local law" in text for text in told["to_check"])
    assert "to_check" not in explain.due(CN22, "notice", date(2026, 2, 11), CALENDARS[CN22.id])
    assert reckon(ZJ.clock("notice").term(), date(2026, 2, 11), CALENDARS[ZJ.id]).due == date(2026, 2, 25)


HEAD = """
[rulebook]
extends = "cn-2022"
id = "cn-xx-2022"
jurisdiction = "cn-xx"
title = { zh = "试", en = "A trial" }
evidence = "memory"
source = "made up"
"""


@pytest.mark.parametrize(
    ("law", "key", "what"),
    [
        (HEAD.replace("cn-2022", "cn-1999", 1), "rulebook.extends", "no rulebook 'cn-1999'"),
        (HEAD + "[[changes]]\nset = { article = '1' }", "changes[1]", "names a verb"),
        (HEAD + "[[changes]]\nverb = 'extend'\nwhy = 'so'", "changes[1]", "may have: add, drop, set"),
        (HEAD + "[[changes]]\nverb = 'extend'\nwhere = { article = '99' }", "changes[1]", "fits no move"),
        (HEAD + "[clocks.sort]\narticle = 'xx-1'", "clocks.sort.article", "has no text"),
        (
            HEAD + "[sources.xx]\nzh = '试'\nen = 'Trial'\nbasis = 'local'",
            "sources.xx.check",
            "says what is to be checked",
        ),
        (
            HEAD + "[sources.xx]\nzh = '试'\nen = 'Trial'\nbasis = 'hearsay'",
            "sources.xx.basis",
            "must be one",
        ),
        (HEAD + "[[moves]]\nverb = 'sreve'\narticle = '35'", "moves[1].verb", "must be one of"),
    ],
)
def test_a_local_law_that_cannot_lie_over_the_national_one_is_refused(tmp_path, law, key, what):
    (tmp_path / "cn-xx").mkdir()
    file = tmp_path / "cn-xx" / "cn-xx-2022.toml"
    file.write_text(law, encoding="utf-8")
    with pytest.raises(BrokenRulebook) as caught:
        load(file)
    assert (caught.value.file, caught.value.key) == ("cn-xx-2022.toml", key)
    assert what in caught.value.what


def test_a_local_law_may_drop_a_move(tmp_path):
    (tmp_path / "cn-xx").mkdir()
    file = tmp_path / "cn-xx" / "cn-xx-2022.toml"
    file.write_text(HEAD + "[[changes]]\nverb = 'report-back'\ndrop = true", encoding="utf-8")
    book = load(file)
    assert not book.rows_of("report-back")
    assert CN22.rows_of("report-back"), "the law below stays as it is"
    assert replace(book, rows=()).jurisdiction == "cn-xx"


def test_nothing_is_read_from_where_the_program_happens_to_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that its user may not enter, or with files of the same names, changes nothing."""
    for name in ("words", "cn-zj-2022"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "broken.toml").write_text("this is no law", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for path in (FOLDER / "cn" / "cn-2022", *FOLDER.glob("cn-zj/cn-*")):
        assert load(path).rows
