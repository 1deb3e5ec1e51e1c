"""Translations survive being collected, and what is missing is named."""

import gettext
import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract

from tools import messages, traditional


def found(*msgids: str | tuple[str, ...]) -> list[messages.Found]:
    return [("page.html", msgid, None, []) for msgid in msgids]


def words(**said: str) -> dict[object, Message]:
    return {messages.key(msgid, None): Message(msgid, text) for msgid, text in said.items()}


def test_keeps_a_translation_that_is_still_asked_for():
    merged = messages.merge(found("Sent"), words(Sent="已送达"), keep_unused=False)
    assert merged["Sent"].string == "已送达"


def test_keeps_the_words_of_a_screen_that_is_away_for_now():
    away = messages.as_po(messages.merge([], words(Sent="已送达"), keep_unused=True))
    assert "已送达" in away.decode()


def test_tidying_drops_words_that_nothing_asks_for():
    assert (
        "已送达" not in messages.as_po(messages.merge([], words(Sent="已送达"), keep_unused=False)).decode()
    )


def test_names_what_has_no_translation_and_where_it_stands():
    assert list(messages.faults(messages.merge(found("Late"), {}, keep_unused=False))) == [
        "untranslated: 'Late' (page.html)"
    ]


def test_refuses_a_translation_with_a_placeholder_nobody_fills():
    merged = messages.merge(
        found("%(n)s late"), {(None, "%(n)s late"): Message("", "逾期 %(m)s")}, keep_unused=False
    )
    assert [fault.split(":")[0] for fault in messages.faults(merged)] == ["malformed"]


def test_one_chinese_form_serves_both_english_ones():
    merged = messages.merge(
        found(("%(n)d day", "%(n)d days")), words(**{"%(n)d day": "%(n)d 天"}), keep_unused=False
    )
    chinese = gettext.GNUTranslations(io.BytesIO(messages.as_mo(merged)))
    assert chinese.ngettext("%(n)d day", "%(n)d days", 5) == "%(n)d 天"


def test_writes_the_same_bytes_on_any_day():
    catalogue = messages.merge(found("Sent"), words(Sent="已送达"), keep_unused=True)
    assert b"Date" not in messages.as_po(catalogue) + messages.as_mo(catalogue)


def test_reads_templates_whatever_their_indentation(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text(
        '      {% load i18n %}\n   <p title="\'">{% translate "Sent" %}</p>\n  {# note #}', encoding="utf-8"
    )
    said = extract("python", io.BytesIO(messages.as_python(page)), messages.KEYWORDS)
    assert [msgid for _line, msgid, _comments, _context in said] == ["Sent"]


def test_what_is_fuzzy_is_not_done():
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("Sent", "已送达", flags={"fuzzy"})
    assert [fault.split(":")[0] for fault in messages.faults(catalogue)] == ["fuzzy"]


def test_a_language_has_as_many_forms_as_it_has():
    days = found(("%(n)d day", "%(n)d days"))
    catalogue = messages.merge(days, {}, keep_unused=False, language="ar")
    assert b"nplurals=6" in messages.as_po(catalogue)
    assert [fault.split(":")[0] for fault in messages.faults(catalogue)] == ["untranslated"]


def test_traditional_letters_are_printed_from_the_simplified_ones():
    merged = messages.merge(
        found("Sent", ("%(n)d day", "%(n)d days")),
        words(Sent="三天后已送达", **{"%(n)d day": "%(n)d 天"}),
        keep_unused=False,
    )
    other = messages.derived(merged)
    assert other["Sent"].string == "三天後已送達"
    assert other["%(n)d day"].string == ("%(n)d 天",)
    assert not list(messages.faults(other))
    assert b"change that" in messages.as_po(other)


def test_a_phrase_is_kept_where_a_letter_changes_its_form():
    made = traditional.table(["干部管若干", "皇后之后"])
    said = {run: traditional.replaced(run, made) for run in ("干部管若干", "皇后之后")}
    assert said == {"干部管若干": "幹部管若干", "皇后之后": "皇后之後"}
    assert traditional.as_file(made) == traditional.as_file(dict(reversed(made.items())))
