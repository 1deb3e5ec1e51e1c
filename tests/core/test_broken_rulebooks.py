"""A broken rulebook is refused with its file, the key, and what is wrong there."""

import shutil
from contextlib import suppress

import pytest

from huiyin.core.rulebook import FOLDER, BrokenRulebook, load

LAW = """
[rulebook]
id = "mini-2020"
jurisdiction = "mini"
title = { zh = "小法", en = "A small law" }
in_force_from = 2020-01-01
in_force_until = 2029-12-31
zone = "Asia/Shanghai"
calendar = "cn"
roll = "next-workday"
evidence = "full"
source = "made up"

[absent]
appeal = { zh = "没有上诉", en = "no appeal" }

[articles]
"1" = { zh = "第一条", en = "Article 1." }

[clocks.answer]
article = "1"
unit = "day"
days = 15
duty = "body"
on_due = "breach"
evidence = "full"
reminders = [5, 1]
zh = "答复"
en = "Answer"

[clocks.longer]
article = "1"
unit = "day"
days = 5
follows = "answer"
duty = "body"
on_due = "breach"
evidence = "full"
zh = "延长"
en = "Longer"

[[moves]]
verb = "lodge"
article = "1"
held_by = ["organ"]
by = ["author"]
to = "lodged"
starts = ["answer"]

[[moves]]
verb = "extend"
article = "1"
from = ["lodged"]
by = ["head"]
contents = ["days"]
guards = ["running:answer", "not-extended"]
starts = ["longer"]

[[moves]]
verb = "transfer"
article = "1"
from = ["lodged"]
target = ["organ"]
by = ["handler"]
contents = ["body"]
effects = ["to-target"]

[[moves]]
verb = "serve"
article = "1"
from = ["lodged"]
by = ["handler"]
contents = ["served_on", "ground"]
guards = ["service-day-possible"]
clock_from = "served_on"
to = "served"
meets = ["answer", "longer"]
notice = "opinion"
"""

WORDS = """
[states.lodged]
zh = "已收到"
en = "Received"
explain = { zh = "已收到", en = "It arrived." }

[states.served]
zh = "已送达"
en = "Served"
explain = { zh = "已送达", en = "It was served." }
open = false

[verbs]
lodge = { zh = "提出", en = "Lodge", past = { zh = "已收到", en = "Received" } }
extend = { zh = "延长", en = "Extend", past = { zh = "已延长", en = "Extended" } }
transfer = { zh = "转送", en = "Transfer", past = { zh = "已转送", en = "Transferred" } }
serve = { zh = "送达", en = "Serve", past = { zh = "已送达", en = "Served" } }

[contents]
days = { type = "days", most = 5, zh = "天", en = "Days" }
body = { type = "body", zh = "单位", en = "Body" }
served_on = { type = "date", zh = "送达日期", en = "Served on" }
ground = { type = "choice", choices = "grounds", zh = "理由", en = "Ground" }

[[choices.grounds]]
code = "one"
zh = "一"
en = "One"
"""

SERVE = '[[moves]]\nverb = "serve"'
TWICE = LAW[LAW.index(SERVE) :]
SERVED_AGAIN = TWICE.replace('by = ["handler"]', 'by = ["head"]')

# what is damaged in the law -> (key, what is said of it)
DAMAGED = [
    ("[rulebook]", "[rulebook", "(file)", "not valid TOML"),
    ("[clocks.answer]", "[laws]\n[clocks.answer]", "(top).laws", "unknown key"),
    ('id = "mini-2020"', "", "rulebook.id", "must be a text"),
    ('id = "mini-2020"', "id = 5", "rulebook.id", "must be a text"),
    ('source = "made up"', 'source = "made up"\nauthor = "me"', "rulebook.author", "unknown key"),
    ('title = { zh = "小法", ', "title = { ", "rulebook.title", "needs both"),
    ('en = "A small law"', 'en = " "', "rulebook.title", "must not be empty"),
    ("in_force_from = 2020-01-01", 'in_force_from = "2020"', "rulebook.in_force_from", "must be a date"),
    ("2029-12-31", "2019-12-31", "rulebook.in_force_until", "before in_force_from"),
    ("Asia/Shanghai", "Asia/Beijing", "rulebook.zone", "no time zone"),
    ('roll = "next-workday"', 'roll = "up"', "rulebook.roll", "next-workday"),
    ('evidence = "full"\nsource', 'evidence = "sure"\nsource', "rulebook.evidence", "full, memory, partial"),
    ("appeal =", "answer =", "absent.answer", "has a clock of that name"),
    ('article = "1"\nunit', 'article = "2"\nunit', "clocks.answer.article", "article 2 has no text"),
    ('unit = "day"\ndays = 15', 'unit = "week"\ndays = 15', "clocks.answer.unit", "must be one of"),
    ("days = 15", "days = 0", "clocks.answer.days", "at least 1"),
    ("days = 15", "days = true", "clocks.answer.days", "whole number"),
    ("days = 15", "", "clocks.answer.days", "whole number"),
    ('unit = "day"\ndays = 15', 'unit = "set"\ndays = 15', "clocks.answer.days", "no days of its own"),
    ('follows = "answer"', 'follows = "longer"', "clocks.longer.follows", "no other clock"),
    ("reminders = [5, 1]", "reminders = [0]", "clocks.answer.reminders", "at least 1"),
    ("reminders = [5, 1]", "reminder = 5", "clocks.answer.reminder", "unknown key"),
    ("[clocks.answer]", "[clocks.Answer]", "clocks.Answer", "is no name"),
    ('verb = "serve"', 'verb = "sreve"', "moves[4].verb", "must be one of"),
    ('verb = "serve"', 'verb = "object"', "verbs.object", "not described"),
    ('by = ["head"]', "by = []", "moves[2] (extend).by", "nobody may make"),
    ('by = ["head"]', 'by = ["boss"]', "moves[2] (extend).by", "'boss'"),
    ('by = ["head"]', 'by = "head"', "moves[2].by", "list of words"),
    ('by = ["head"]', 'by = ["head", "head"]', "moves[2].by", "same twice"),
    ('held_by = ["organ"]', 'held_by = ["ministry"]', "moves[1] (lodge).held_by", "'ministry'"),
    ('starts = ["answer"]', 'starts = ["reply"]', "moves[1] (lodge).starts", "'reply'"),
    ('starts = ["answer"]', "", "clocks.answer", "no move ever starts"),
    ('guards = ["running:answer"', 'guards = ["running"', "moves[2] (extend).guards", "guard:clock"),
    ('guards = ["running:answer"', 'guards = ["running:reply"', "moves[2] (extend).guards", "guard:clock"),
    ('"not-extended"', '"in-a-good-mood"', "moves[2] (extend).guards", "no guard named"),
    ('contents = ["days"]', "contents = []", "moves[2] (extend).contents", "'longer' reads what 'days'"),
    ('contents = ["days"]', 'contents = ["days?"]', "moves[2] (extend).contents", "required"),
    ('contents = ["days"]', 'contents = ["mood"]', "moves[2] (extend).contents", "no content named"),
    ('"served_on", "ground"', '"served_on", "ground=two"', "moves[4] (serve).contents", "'two'"),
    ('"served_on", "ground"', '"ground"', "moves[4] (serve).clock_from", "no required date"),
    ('target = ["organ"]', "", "moves[3] (transfer).target", "exactly when"),
    ('effects = ["to-target"]', 'effects = ["to-superior"]', "moves[3] (transfer).effects", "next-higher"),
    ('effects = ["to-target"]', 'effects = ["vanish"]', "moves[3] (transfer).effects", "'vanish'"),
    ('from = ["lodged"]\nby = ["head"]', 'by = ["head"]', "moves[2] (extend).from", "no state"),
    ('from = ["lodged"]\nby = ["head"]', 'from = ["gone"]\nby = ["head"]', "states.gone", "not described"),
    ('to = "served"', 'to = "*"', "moves[4] (serve).to", "must be one state"),
    ('to = "served"', 'to = "gone"', "states.gone", "not described"),
    ('to = "served"', "", "states.lodged", "no end can be reached"),
    ('to = "lodged"', 'to = "served"', "states.lodged", "cannot be reached"),
    ('to = "lodged"', "", "moves[1] (lodge).to", "first state"),
    ('by = ["author"]', 'by = ["author"]\nfrom = ["served"]', "moves[1] (lodge).from", "has none"),
    ('by = ["author"]', 'by = ["author"]\nguards = ["withdrawing"]', "moves[1] (lodge).guards", "has none"),
    ('notice = "opinion"', 'notice = "Opinion!"', "moves[4] (serve).notice", "no name"),
    ('notice = "opinion"', 'stage = "later"', "moves[4] (serve).stage", "must be one of"),
    ('notice = "opinion"', 'at = "home"', "moves[4] (serve).at", "must be one of"),
    ('notice = "opinion"', 'zh = "送达"', "moves[4] (serve)", "needs both"),
    ('notice = "opinion"', 'resumes = ["answer"]', "moves[4] (serve).resumes", "ever pauses"),
    ('notice = "opinion"', 'colour = "red"', "moves[4].colour", "unknown key"),
    ('notice = "opinion"\n', 'notice = "opinion"\n\n' + SERVED_AGAIN, "moves[5] (serve)", "another row"),
]

# the same, in the words beside it
DAMAGED_WORDS = [
    ("[states.lodged]", "[states.lodged", "(file)", "not valid TOML"),
    ("open = false", 'open = "no"', "states.served.open", "true or false"),
    ("open = false", "", "states.lodged", "no end can be reached"),
    ('explain = { zh = "已收到", en = "It arrived." }', "", "states.lodged.explain", "needs both"),
    ("[contents]", "[more]\n[contents]", "more", "unknown table"),
    ('type = "days"', 'type = "hours"', "contents.days.type", "must be one of"),
    ("most = 5", "most = 0", "contents.days.most", "at least 1"),
    ('choices = "grounds"', 'choices = "reasons"', "contents.ground.choices", "is none"),
    ('type = "choice", choices = "grounds"', 'type = "choice"', "contents.ground.choices", "is none"),
    ('type = "date"', 'type = "rows"', "contents.served_on.columns", "only rows"),
    ('code = "one"', "", "choices.grounds[1].code", "must be a text"),
    ('zh = "一"', "", "choices.grounds[1]", "needs both"),
    ('en = "One"', 'en = "One"\narticle = "9"', "choices.grounds[1].article", "article 9 has no text"),
    (', past = { zh = "已延长", en = "Extended" }', "", "verbs.extend.past", "needs both"),
]
OF_THE_LAW = {"no end can be reached", "article 9 has no text"}  # judged where the parts come together


def read(tmp_path, law, words=WORDS):
    (tmp_path / "words.toml").write_text(words, encoding="utf-8")
    file = tmp_path / "mini-2020.toml"
    file.write_text(law, encoding="utf-8")
    return load(file)


def damaged(text, sound, broken):
    assert sound in text, sound
    return text.replace(sound, broken, 1)


def test_the_sound_one_is_read(tmp_path):
    book = read(tmp_path, LAW)
    assert book.clock("longer").follows == "answer"
    assert [row.verb for row in book.rows] == ["lodge", "extend", "transfer", "serve"]


def refusal(tmp_path, law, words=WORDS):
    """The refusal of a damaged rulebook, each in a folder of its own."""
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    with pytest.raises(BrokenRulebook) as caught:
        read(folder, law, words)
    return caught.value


def test_a_broken_law_is_refused(tmp_path):
    for sound, broken, key, what in DAMAGED:
        error = refusal(tmp_path, damaged(LAW, sound, broken))
        assert (error.file, error.key) == ("mini-2020.toml", key), broken
        assert what in error.what, broken
        assert str(error) == f"mini-2020.toml: {key}: {error.what}"


def test_broken_words_are_refused(tmp_path):
    for sound, broken, key, what in DAMAGED_WORDS:
        error = refusal(tmp_path, LAW, damaged(WORDS, sound, broken))
        assert error.key == key, broken
        assert what in error.what, broken
        assert error.file == ("mini-2020.toml" if what in OF_THE_LAW else "words.toml"), broken


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(BrokenRulebook, match="cannot be read"):
        load(tmp_path / "nothing.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BrokenRulebook, match="cannot be read"):
        load(tmp_path / "bytes.toml")


@pytest.mark.parametrize("moves", ["", "moves = 5", "moves = []", "moves = [5]", "[moves]\nverb = 'lodge'"])
def test_a_law_without_moves_is_refused(tmp_path, moves):
    law = LAW[: LAW.index("[[moves]]")]
    with pytest.raises(BrokenRulebook) as caught:
        read(tmp_path, moves + "\n" + law if "=" in moves and "[moves]" not in moves else law + moves)
    assert caught.value.key.startswith("moves")


@pytest.mark.parametrize("table", ["states", "verbs", "contents", "choices", "absent", "articles", "clocks"])
def test_a_table_that_is_none_is_refused_and_no_crash(tmp_path, table):
    head = LAW[: LAW.index("[absent]")]
    rest = "" if table == "clocks" else LAW[LAW.index("[clocks.answer]") :]
    with pytest.raises(BrokenRulebook) as caught:
        read(tmp_path, f"{table} = 5\n{head}{rest}")
    assert caught.value.key == table


def test_leaving_out_any_line_of_a_shipped_law_is_read_or_refused_but_never_a_crash(tmp_path):
    """A slip of the hand in a real file, here and there."""
    source = FOLDER / "cn"
    shutil.copytree(source / "words", tmp_path / "words")
    lines = (source / "cn-2005.toml").read_text(encoding="utf-8").splitlines()
    for number in range(0, len(lines), 131):
        file = tmp_path / f"without-{number}.toml"
        file.write_text("\n".join(lines[:number] + lines[number + 1 :]), encoding="utf-8")
        with suppress(BrokenRulebook):
            load(file)


# ---- chapters


def chapters(tmp_path, *laws):
    """A law in chapters, the first of which holds everything but what the others add."""
    home = tmp_path / "mini-2020"
    home.mkdir()
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "all.toml").write_text(WORDS, encoding="utf-8")
    for number, law in enumerate(laws):
        (home / f"{'abc'[number]}.toml").write_text(law, encoding="utf-8")
    return home


def test_a_law_in_chapters_is_the_same_law(tmp_path):
    head, *moves = LAW.split("[[moves]]")
    rest = "".join(f"[[moves]]{move}" for move in moves[1:])
    whole = read(tmp_path, LAW)
    assert load(chapters(tmp_path, f"{head}[[moves]]{moves[0]}", rest)) == whole


@pytest.mark.parametrize(
    ("addition", "file", "key", "what"),
    [
        ("[clocks.answer]\narticle = '1'", "b.toml", "clocks.answer", "stands in a.toml already"),
        ("[rulebook]\nid = 'other'", "b.toml", "rulebook.id", "stands in a.toml already"),
        ("clocks = 5", "b.toml", "clocks", "not as a table"),
        ("[[moves]]\nverb = 'sing'", "b.toml", "moves[1] (sing).verb", "must be one of"),
        ("[[moves]]\nverb = 'lodge'\nspeed = 1", "b.toml", "moves[1].speed", "unknown key"),
        ("[clocks.late]\nunit = 'day'", "b.toml", "clocks.late.article", "must be a text"),
    ],
)
def test_a_broken_chapter_is_told_by_its_own_name(tmp_path, addition, file, key, what):
    with pytest.raises(BrokenRulebook) as caught:
        load(chapters(tmp_path, LAW, addition))
    assert caught.value.file == file
    assert caught.value.key == key or key.startswith("moves[1] (")
    assert what in caught.value.what


def test_what_is_broken_in_a_chapter_of_the_words_is_told_there(tmp_path):
    home = chapters(tmp_path, LAW)
    words = tmp_path / "words" / "all.toml"
    words.write_text(damaged(WORDS, "most = 5", "most = 0"), encoding="utf-8")
    with pytest.raises(BrokenRulebook) as caught:
        load(home)
    assert (caught.value.file, caught.value.key) == ("all.toml", "contents.days.most")


def test_an_unknown_mark_is_refused(tmp_path):
    for line, key in (
        ('when = ["tired"]', "when"),
        ('effects = ["mark:tired"]', "effects"),
    ):
        error = refusal(tmp_path, damaged(LAW, 'notice = "opinion"', line))
        assert error.key == f"moves[4] (serve).{key}"
    error = refusal(tmp_path, damaged(LAW, 'clock_from = "served_on"', 'clock_from = "@tired"'))
    assert error.key == "moves[4] (serve).clock_from"
