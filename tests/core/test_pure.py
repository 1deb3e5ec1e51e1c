"""The core is pure: it brings in no Django, and neither looks at a clock nor tosses a coin."""

import ast
import subprocess
import sys
from pathlib import Path

import huiyin.core

FILES = sorted(Path(huiyin.core.__file__).parent.glob("*.py"))
ASKS = {"now", "today", "utcnow", "time", "urandom", "getenv"}  # as calls: `situation.today` is handed in
BANNED = {"random", "secrets", "uuid", "time", "os", "sqlite3", "socket", "subprocess", "django", "psycopg"}


def brought_in(tree: ast.Module) -> set[str]:
    names = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return names | {node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def called(tree: ast.Module) -> set[str]:
    """The last names of all that is called: `now` of `datetime.now(...)`."""
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {f.attr for f in functions if isinstance(f, ast.Attribute)}


def test_the_whole_core_comes_without_django_or_a_database():
    lines = [f"import huiyin.core.{path.stem}" for path in FILES if path.stem != "__init__"]
    lines += ["huiyin.core.rulebook.all_rulebooks()", "import sys"]
    lines += ["print([m for m in ('django', 'psycopg', 'sqlite3') if m in sys.modules])"]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_core_never_asks_what_time_it_is_and_leaves_nothing_to_chance():
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not called(tree) & ASKS, path.name
        assert not {name.partition(".")[0] for name in brought_in(tree)} & BANNED, path.name


def test_the_core_knows_no_other_room():
    for path in FILES:
        for name in brought_in(ast.parse(path.read_text(encoding="utf-8"))):
            assert not name.startswith("huiyin.") or name.startswith("huiyin.core"), (path.name, name)
