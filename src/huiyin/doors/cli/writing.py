"""Writes down what became of each row of a load, as it happens: an interruption loses none of it."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from huiyin.doors.cli.words import Problem, both

if TYPE_CHECKING:
    from huiyin.doors.cli.filing import Loaded

Write = Callable[["Loaded"], None]
OWNER_ONLY = 0o600


@contextmanager
def rows(path: Path | None) -> Iterator[Write]:
    """For each row: its id, when handling was due, when it was served, and whether that was in time."""
    if path is None:
        yield _nothing
        return
    with _opened(path, os.O_TRUNC) as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["id", "due", "served", "in_time"])
        yield lambda loaded: lines.writerow(_row(loaded))


@contextmanager
def receipts(path: Path | None) -> Iterator[Write]:
    """For each petition filed just now, what its author is to be handed. Never over an earlier file."""
    if path is None:
        yield _nothing
        return
    with _opened(path, os.O_EXCL) as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["id", "ref", "key", "receipt"])

        def write(loaded: Loaded) -> None:
            if loaded.filed:
                lines.writerow([loaded.id, loaded.ref, loaded.filed.key, loaded.filed.receipt])
                file.flush()  # a key exists nowhere else

        yield write


def _opened(path: Path, flag: int) -> TextIO:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | flag, OWNER_ONLY)
    except OSError as error:
        raise Problem(both(f"不能写入 {path}：{error}", f"cannot write {path}: {error}")) from error
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def _nothing(_: Loaded) -> None:
    """What is written where no file was asked for."""


def _row(loaded: Loaded) -> list[str]:
    timely = {None: "", True: "true", False: "false"}[loaded.in_time]
    return [loaded.id, str(loaded.due or ""), str(loaded.served or ""), timely]
