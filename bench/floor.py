"""The floor under filing: the same rows, committed by the database alone, with nothing of ours in between.

SQLite: Python's own sqlite3 module, one thread, WAL and synchronous=FULL as in production. One writer is all
that SQLite has; several would only get in each other's way. PostgreSQL: pgbench, prepared statements, as many
clients as the bench has connections. In both, several filings with texts of their own, in turn or by chance.
"""

from __future__ import annotations

import base64
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests import postgres

Inserts = Sequence[tuple[str, Sequence[Any]]]
Filings = Sequence[dict[str, Any]]  # each with `ref` and `inserts`, as `capture` has them
TABLE = re.compile(r'INSERT INTO "(\w+)"')
PLACE = re.compile(r"%s|\$\d+")  # of a value


# ---- SQLite


def on_sqlite(file: Path, filings: Filings, seconds: float) -> float:
    """Commits per second of one thread."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    prepared = [
        (one["ref"], [(_for_sqlite(sql), list(params)) for sql, params in one["inserts"]]) for one in filings
    ]
    mark, count, started = str(time.time_ns())[-9:], 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        ref, inserts = prepared[count % len(prepared)]
        _commit(connection, inserts, ref, f"F{mark}{count:07d}")
        count += 1
    took = time.perf_counter() - started
    connection.close()
    return count / took


def _commit(
    connection: sqlite3.Connection, prepared: list[tuple[str, list[Any]]], ref: str, new: str
) -> None:
    numbers: dict[str, int] = {}
    connection.execute("BEGIN IMMEDIATE")
    for sql, params in prepared:
        cursor = connection.execute(sql, [_value(p, numbers, ref, new) for p in params])
        cursor.fetchall()
        table = TABLE.match(sql)
        if table and table[1] in ROWS:
            numbers[ROWS[table[1]]] = cursor.lastrowid or 0
    connection.execute("COMMIT")


ROWS = {"registry_petition": "petition", "registry_entry": "entry"}


def _for_sqlite(sql: str) -> str:
    return sql.replace("%s", "?")


def _value(param: Any, numbers: dict[str, int], ref: str, new: str) -> Any:
    match param:
        case {"row": row}:
            return numbers[row]
        case {"bytes": encoded}:
            return base64.b64decode(encoded)
    return new if param == ref else param


def statements(filings: Filings) -> list[str]:
    """What the floor commits again and again, in one transaction."""
    return [sql for sql, _ in filings[-1]["inserts"]]


# ---- PostgreSQL


def on_postgres(url: str, filings: Filings, seconds: float, *, clients: int, folder: Path) -> float:
    """Transactions per second by pgbench's own count."""
    values: dict[str, str] = {}
    scripts = [folder / f"floor-{nth}.sql" for nth in range(len(filings))]
    for script, one in zip(scripts, filings, strict=True):
        lines = _script(one["inserts"], one["ref"], values)
        script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    parts = urlsplit(url)
    command: list[str] = [_pgbench(), "-n", "-M", "prepared", "-c", str(clients), "-j", "2"]
    command += ["-T", str(max(1, round(seconds)))]
    command += [word for script in scripts for word in ("-f", str(script))]
    command += [word for name, value in values.items() for word in ("-D", f"{name}={value}")]
    command += ["-h", parts.hostname or "", "-p", str(parts.port), "-U", parts.username or ""]
    done = subprocess.run(
        [*command, parts.path.strip("/")], capture_output=True, text=True, check=False,
        env={"PGPASSWORD": parts.password or "", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or not found:
        raise RuntimeError(f"pgbench failed: {done.stderr[-2000:]}")
    return float(found[1])


def _script(inserts: Inserts, ref: str, values: dict[str, str]) -> Iterator[str]:
    """The statements in pgbench's words. Values go as parameters each time, as they do for us."""
    yield "\\set one random(1, 9000000000000000)"
    # A single statement is a transaction by itself, for us as for the floor.
    several = len(inserts) > 1
    yield from ["BEGIN;"] if several else []
    for sql, params in inserts:
        said = [_for_pgbench(param, ref, values) for param in params]
        table = TABLE.match(sql)
        row = ROWS.get(table[1]) if table else None
        plain = re.sub(r' RETURNING "\w+"\."\w+"$', "", sql)
        filled = PLACE.sub("{}", plain).format(*said)
        yield f"{filled} RETURNING id AS {row} \\gset" if row else f"{filled};"
    yield from ["COMMIT;"] if several else []


def _for_pgbench(param: Any, ref: str, values: dict[str, str]) -> str:
    match param:
        case None:
            return "NULL"
        case "":  # pgbench has no empty variables
            return "''"
        case {"row": row}:
            return f":{row}"
        case {"bytes": encoded}:
            said = "\\x" + base64.b64decode(encoded).hex()
        case bool():
            return "true" if param else "false"
        case int():
            return str(param)
        case _ if param == ref:
            return "CAST(:one AS text)"
        case _:
            said = str(param)
    name = f"v{len(values)}"
    values[name] = said
    return f":{name}"


def _pgbench() -> str:
    beside = postgres.find() / "pgbench"
    found = str(beside) if beside.exists() else shutil.which("pgbench")
    if not found:
        raise RuntimeError("pgbench is not installed: apt-get install postgresql-contrib")
    return found
