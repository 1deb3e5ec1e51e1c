"""Promises 5 and 6: an identity opens only where it may, and nobody judges their own case."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

from huiyin.core import rulebook
from huiyin.doors.cli.commands import COMMANDS
from tests.promises.source import HOUSE, calls, imports_of, modules

LAWS = rulebook.all_rulebooks()
MAY_OPEN = {"doors/officer/", "clerk/courier.py"}


def test_only_an_officers_door_and_the_courier_reach_what_opens_a_seal() -> None:
    for path, tree in modules().items():
        opens = any(name.startswith("huiyin.vault.unseal") for name in imports_of(tree))
        if opens:
            assert any(path.startswith(place) for place in MAY_OPEN), path


def test_nobody_goes_round_the_walls_by_name() -> None:
    """Import contracts do not see a model or module that is fetched by its name."""
    for name in ("get_model", "import_string", "__import__", "get_app_config"):
        assert [path for path, _ in calls(name)] == [], name
    # The shell loads a command when it is asked for, and nothing but commands; the house, what its operator
    # named in the settings.
    assert {path for path, _ in calls("import_module")} <= {"doors/cli/commands.py", "core/extending.py"}
    assert all(place.startswith("huiyin.doors.cli.") for place, *_ in COMMANDS.values())


def test_a_box_is_opened_in_one_place() -> None:
    # `rotate` opens the key of a seal to close it for a new pair, never the seal itself; whoever holds the
    # keys does the same for who may ask (an import contract says who). The clerk opens what another
    # installation closed for this one: messages of a hand-over, and no seal.
    boxes = {"vault/holders.py", "vault/rotate.py", "vault/own.py", "clerk/handing_over.py"}
    assert {path for path, _ in calls("open_seal")} == boxes
    assert {path for path, _ in calls("unlock")} == {"vault/unseal.py", "vault/own.py"}
    keys = {path for path, call in calls("private") if ast.unparse(call.func).endswith("keys.private")}
    assert keys == {"vault/holders.py", "vault/rotate.py", "clerk/handing_over.py"}


def test_what_the_public_process_serves_never_loads_what_opens_a_seal(tmp_path: Path) -> None:
    """Asked of a real process of the public zone, with every address resolved."""
    script = """
import json, os, sys
import django
from django.urls import URLPattern, URLResolver, get_resolver
django.setup()
def walk(resolver, prefix=""):
    for part in resolver.url_patterns:
        here = prefix + str(part.pattern)
        if isinstance(part, URLResolver):
            yield from walk(part, here)
        elif isinstance(part, URLPattern):
            yield here
addresses = list(walk(get_resolver()))
loaded = sorted(name for name in sys.modules if name.startswith("huiyin."))
print(json.dumps({"addresses": addresses, "loaded": loaded}))
"""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "huiyin.site.settings",
        "HUIYIN_ZONE": "public",
        "HUIYIN_DATA_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=HOUSE, env=env, capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    assert len(told["addresses"]) > 3
    assert not [address for address in told["addresses"] if address.startswith("desk")]
    assert "huiyin.vault.unseal" not in told["loaded"]
    assert not [name for name in told["loaded"] if name.startswith(("huiyin.doors.officer", "huiyin.clerk"))]


SAME_HOUSE = "uk-housing"  # its independent look is the Ombudsman's, outside, and no move of ours


def test_opening_a_seal_is_a_move_with_a_purpose_that_the_author_is_told_of() -> None:
    for book in LAWS:
        for row in book.rows_of("unseal"):
            purpose = next(c for c in row.contents if c.name == "purpose")
            assert purpose.required, book.id
            assert purpose.choices, book.id
            assert row.notice, book.id
            assert not row.by & {"author", "clerk", "courier", "importer"}, book.id


def test_review_is_by_another_body_and_other_people() -> None:
    for book in LAWS:
        for row in book.rows:
            if row.verb in {"request-review", "request-rereview"} and book.jurisdiction != SAME_HOUSE:
                assert "next-higher-body" in row.guards, (book.id, row.verb)
                assert "to-superior" in row.effects, (book.id, row.verb)
            if row.verb in {
                "issue-review-opinion",
                "issue-rereview-opinion",
                "order-acceptance",
                "uphold-refusal",
            }:
                assert "different-person" in row.guards, (book.id, row.verb)


def test_a_second_stage_in_the_same_house_is_by_others_and_names_the_body_that_looks_after_it() -> None:
    """The housing code has both stages with the landlord (6.10), by another person (6.13)."""
    (book,) = [book for book in LAWS if book.jurisdiction == SAME_HOUSE]
    second = {"escalated", "stage2-acknowledged", "review-issued"}
    for row in book.rows:
        if row.sources & second and row.by & {"reviewer", "registrar", "head"}:
            assert "different-person" in row.guards, row.verb
    (last,) = book.rows_of("issue-review-opinion")
    assert "ombudsman" in {content.name for content in last.contents if content.required}


def test_no_row_sends_a_report_where_it_must_not_go() -> None:
    for book in LAWS:
        for row in book.rows:
            moves_it = "to-target" in row.effects
            if moves_it and (not row.kinds or "report" in row.kinds):
                assert "not-the-accused" in row.guards, (book.id, row.verb, row.target)
