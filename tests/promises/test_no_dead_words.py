"""Nothing is declared that nothing uses: codes, verbs, guards, settings, templates."""

from __future__ import annotations

import ast
import re

from huiyin.core import rulebook
from huiyin.core.conditions import EFFECTS, GUARDS, MARK_EFFECTS
from huiyin.core.marks import MARKS
from huiyin.core.refusal import FIELD_REASONS, REASONS
from huiyin.core.vocabulary import VERBS
from huiyin.site.environment import SETTINGS
from tests.promises.source import HOUSE, SOURCE, calls, modules, strings

LAWS = rulebook.all_rulebooks()
# Pages that Django looks for by name.
BY_CONVENTION = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html"}


def refused_codes() -> set[str]:
    found = set()
    for name in ("refuse", "Refusal", "Unasked"):  # the last is a query that is not put
        for _, call in calls(name):
            if call.args:
                found |= {
                    n.value
                    for n in ast.walk(call.args[0])
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)
                }
    return found


def test_every_refusal_is_one_that_somebody_can_meet() -> None:
    assert set(REASONS) - refused_codes() == set()


def test_every_refusal_says_why_in_both_languages() -> None:
    for name, mark in MARKS.items():
        assert all(
            text.strip() for text in (mark.missing.zh, mark.missing.en, mark.present.zh, mark.present.en)
        ), name
    for code, reason in (*REASONS.items(), *FIELD_REASONS.items()):
        assert reason.zh.strip(), code
        assert reason.en.strip(), code


def test_every_reason_of_a_field_is_given_somewhere() -> None:
    assert set(FIELD_REASONS) <= strings()


def test_every_verb_guard_and_effect_is_used_by_some_law() -> None:
    rows = [row for book in LAWS for row in book.rows]
    assert {row.verb for row in rows} == set(VERBS)
    assert {guard.partition(":")[0] for row in rows for guard in row.guards} == set(GUARDS)
    effects = {effect.partition(":")[0] for row in rows for effect in row.effects}
    assert effects - MARK_EFFECTS == set(EFFECTS)


def test_every_mark_is_left_by_some_row_and_asked_for_by_some_rule() -> None:
    rows = [row for book in LAWS for row in book.rows]
    left = {effect.partition(":")[2] for row in rows for effect in row.effects if ":" in effect}
    lodging = ast.walk(modules()["registry/file.py"])  # some are there from the start
    left |= {str(node.value) for node in lodging if isinstance(node, ast.Constant)} & set(MARKS)
    asked = {name.removeprefix("!") for row in rows for name in row.when}
    asked |= {row.clock_from[1:] for row in rows if row.clock_from.startswith("@")}
    asked |= {trigger.mark for book in LAWS for trigger in book.triggers}
    assert set(MARKS) - left == set(), "nothing leaves it"
    assert {name for name in set(MARKS) - asked if name not in strings()} == set(), "nothing reads it"


def test_every_setting_that_the_source_reads_is_declared_and_every_declared_one_is_read() -> None:
    declared = {setting.name for setting in SETTINGS}
    # One with a line before it is what the house tells its own processes, not an operator's setting.
    named = {name for text in strings() for name in re.findall(r"(?<![A-Z_])HUIYIN_[A-Z_]*[A-Z]", text)}
    assert named - declared == set()
    for setting in SETTINGS:
        assert setting.meaning.strip()
    read = {
        node.value
        for path, tree in modules().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for node in call.args
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value in declared
        and not (isinstance(call.func, ast.Name) and call.func.id == "Setting")
    }
    assert declared - read == set()


def test_every_setting_is_told_of_in_the_documents() -> None:
    told = "\n".join(p.read_text(encoding="utf-8") for p in sorted((HOUSE / "docs").rglob("*.md")))
    assert {s.name for s in SETTINGS if s.name not in told} == set()


def test_every_template_is_rendered_by_somebody() -> None:
    named = {word for text in (*strings(), *_markup()) for word in re.findall(r"[\w./-]+\.html", text)}
    drawn = [re.compile(pattern) for pattern in _patterns()]
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        name = str(path.relative_to(next(p for p in path.parents if p.name == "templates")))
        known = {name, path.name} & named or any(pattern.fullmatch(name) for pattern in drawn)
        assert known or name in BY_CONVENTION, name


def _markup() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.html")]


def _patterns() -> set[str]:
    """Names of templates that are put together, as f"petitioner/lodge_{step}.html"."""
    return {
        "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in node.values)
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and ast.unparse(node).strip("'\"").endswith(".html")
    }
