"""A saved map of columns: which are taken in, and as what. What it does not name stays outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from huiyin.doors.cli.words import Problem, both


def read(path: Path) -> list[str]:
    """The map as `--map` would say it. Ends the command for a file that is none."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        columns = said["columns"]
        if not isinstance(columns, dict) or not all(isinstance(each, str) for each in columns.values()):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(
            both(
                f'{path}：不是列的对应表；应当是 {{"columns": {{"列名": "字段"}}}}',
                f'{path}: is no map of columns; it should be {{"columns": {{"column": "field"}}}}',
            )
        ) from error
    return [f"{heading}={field}" for heading, field in columns.items()]


def write(path: Path, chosen: Mapping[str, str]) -> None:
    """Keep what was chosen for the next list of its kind. Ends the command where it cannot be written."""
    columns: dict[str, str] = {}
    for field, heading in chosen.items():
        if heading in columns:
            raise Problem(
                both(
                    f"“{heading}”对应两个字段，不能保存；请在文件里把这一列写两遍",
                    f"{heading!r} stands for two fields and cannot be saved: give the file that column twice",
                )
            )
        columns[heading] = field
    try:
        path.write_text(
            json.dumps({"columns": columns}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise Problem(both(f"不能写入 {path}：{error}", f"cannot write {path}: {error}")) from error
