"""A saved map of columns: which are taken in, and as what. What it does not name stays outside."""

from __future__ import annotations

import json
from collections.abc import Mapping

from huiyin.core.text import Text
from huiyin.reading.lists import BadMap


def read(said: str) -> list[str]:
    """The map as `--map` would say it. Raises BadMap for what is none."""
    try:
        columns = json.loads(said)["columns"]
        if not isinstance(columns, dict) or not all(isinstance(each, str) for each in columns.values()):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadMap(
            Text(
                '不是列的对应表；应当是 {"columns": {"列名": "字段"}}',
                'is no map of columns; it should be {"columns": {"column": "field"}}',
            )
        ) from error
    return [f"{heading}={field}" for heading, field in columns.items()]


def written(chosen: Mapping[str, str]) -> str:
    """What was chosen (field -> heading), for the next list. Raises BadMap if it cannot be said."""
    columns: dict[str, str] = {}
    for field, heading in chosen.items():
        if heading in columns:
            raise BadMap(
                Text(
                    f"“{heading}”对应两个字段，不能保存；请在文件里把这一列写两遍",
                    f"{heading!r} stands for two fields and cannot be saved: give the file that column twice",
                )
            )
        columns[heading] = field
    return json.dumps({"columns": columns}, ensure_ascii=False, indent=1) + "\n"
