"""What an officer has opened is theirs alone: no receipt for whoever wrote, no record for who leads."""

from __future__ import annotations

import ast

from huiyin.registry.models import Opened, SavedFilter
from tests.promises.source import calls, modules


def test_a_mark_of_reading_holds_no_time_and_no_count() -> None:
    assert {f.name for f in Opened._meta.concrete_fields} == {"id", "petition", "officer", "version"}


def test_a_saved_filter_names_no_petition() -> None:
    assert {f.name for f in SavedFilter._meta.concrete_fields} == {"id", "officer", "title", "wanted"}


def test_only_the_officers_own_inbox_asks_what_was_opened() -> None:
    naming = {path for path, tree in modules().items() if "Opened" in names(tree)}
    assert naming == {"registry/desk.py"}
    assert {path for path, _ in calls("has_opened")} == {"doors/officer/inbox.py", "doors/officer/sifting.py"}
    # Their own inbox, on the page and for a program of theirs.
    assert {path for path, _ in calls("with_news")} == {
        "doors/officer/inbox.py",
        "doors/officer/api/lists.py",
    }


def names(tree: ast.Module) -> set[str]:
    return {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}
