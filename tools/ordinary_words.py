"""Prints how often ordinary words stand in Chinese texts: `uv run --no-project tools/ordinary_words.py`.

`huiyin.reading.bare_names` weighs a name against the words that the same letters may be. The counts are those
of jieba's dictionary (© 2013 Sun Junyi, MIT licence) without the names in it. Printed once, not at each
build: the dictionary has not changed for years, and it comes only as a source package.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["jieba==0.42.1"]
# ///

import math
import re
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "src" / "huiyin" / "reading" / "words.txt"
# Of words of so many letters, those that stand in the dictionary's texts at least so often.
AT_LEAST = {1: 1, 2: 3, 3: 10, 4: 5}
# The dictionary takes many a word for a name (明白, 公正). Two letters are one only after such a surname.
SURNAMES = set(
    "王李张刘陈杨赵吴周徐孙朱郭何罗郑梁谢宋韩邓曹曾许蒋蔡潘袁姚卢崔谭廖邹邱薛闫贺郝龚邵彭吕董冯苏魏"
)
# Words for holding people back are in no list: they stand only where they are refused (charter 4).
REFUSED = {"稳控", "劝返", "截访", "盯防", "包保", "遣返"}
HEAD = """# How often ordinary words stand in Chinese texts: letters of each, twice -ln(share), words.
# Printed by tools/ordinary_words.py from the dictionary of jieba 0.42.1, whose licence goes with it:
#
# The MIT License (MIT)
# Copyright (c) 2013 Sun Junyi
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
# associated documentation files (the "Software"), to deal in the Software without restriction, including
# without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
# copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
# following conditions:
# The above copyright notice and this permission notice shall be included in all copies or substantial
# portions of the Software.
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
# LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
# NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
# WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
# SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def main() -> None:
    """Write the table."""
    lines = files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines()
    counted = [(word, int(count), kind) for word, count, kind in map(str.split, lines)]
    total = sum(count for _, count, _ in counted)
    rows: dict[tuple[int, int], list[str]] = defaultdict(list)
    for word, count, kind in counted:
        is_name = kind.startswith("nr") and (len(word) > 2 or word[0] in SURNAMES) and len(word) > 1
        if (
            not is_name
            and word not in REFUSED
            and re.fullmatch(r"[\u4e00-\u9fff]+", word)
            and count >= AT_LEAST.get(len(word), total)
        ):
            rows[len(word), round(-2 * math.log(count / total))].append(word)
    body = "".join(
        f"{size} {weight} {''.join(sorted(words))}\n" for (size, weight), words in sorted(rows.items())
    )
    TABLE.write_text(HEAD + body, encoding="utf-8")
    print(f"{sum(map(len, rows.values()))} words, {TABLE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
