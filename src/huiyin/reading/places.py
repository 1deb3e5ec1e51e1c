"""Which streets, compounds, villages and stations a text names: no finer than that, and never a house.

A place is known by what such names end in. Two characters before that are taken: enough to tell two places
apart, and the same wherever in a sentence the name stands. It is no address and is found for nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

MOST = 12  # places of one text
LONGEST = 8  # characters of a name
_HAN = re.compile(r"[\u3400-\u9fff]")

_ENDINGS = (
    *(
        "小区",
        "新城",
        "之城",
        "国际城",
        "花园",
        "家园",
        "山庄",
        "公寓",
        "大厦",
        "广场",
        "公园",
        "市场",
        "工业园",
    ),
    *(
        "物流园",
        "大道",
        "路",
        "街道",
        "街",
        "巷",
        "胡同",
        "大桥",
        "隧道",
        "立交",
        "水库",
        "河",
        "湖",
        "景区",
        "社区",
    ),
    *(
        "村",
        "镇",
        "乡",
        "学校",
        "小学",
        "中学",
        "大学",
        "学院",
        "幼儿园",
        "医院",
        "号线",
        "站",
        "湾",
        "苑",
        "郡",
    ),
)
_CHINESE = re.compile(rf"(?=([\u3400-\u9fff]{{2}}(?:{'|'.join(sorted(_ENDINGS, key=len, reverse=True))})))")
_ENGLISH = re.compile(
    r"\b([A-Z][a-z'’]+ "
    r"(?:Road|Street|Lane|Avenue|Square|Park|Market|Bridge|Estate|Gardens|Village|School|Station))\b"
)
# What no name of a person ends in.
_NOBODY = ("苑", "郡", "村", "镇", "乡", "街", "巷", "湾")
# What ends like a name and is none: 这条路, 本小区, 临街, 铁路.
_NONE = re.compile(
    r"^[这那此本该各某我你他们的在有是每条个座段家去到从往了和与为过]|^.[的条个座段们]"
    r"|[铁公道马线网出走思电水管涉弯绕]路$|[临沿上过逛]街$|(?:周边|附近|住宅|影响|安置|投诉|进入|导致)小区$"
    r"|(?:配套|附近)(?:幼儿园|学校|小学|医院)$|(?:搅拌|加油|垃圾|公交|首末|网)站$|过马路|十字路"
)


def places(text: str) -> tuple[str, ...]:
    """The places that a text names, each once, in its order."""
    found = [name for name in _CHINESE.findall(text) if not _NONE.search(name)]
    found += [name.casefold() for name in _ENGLISH.findall(text)]
    return tuple(dict.fromkeys(found))[:MOST]


# A building, a stair, a flat: 7栋, A座, 3号楼, 二单元. Not how many of them there are: 两栋楼.
_FINER = re.compile(
    r"(?:[0-9A-Za-z]{1,4}|[一二三四五六七八九十]{1,3}) ?(?:[栋幢](?![楼房])|号楼|#楼|单元(?!楼))"
    r"|(?:[0-9A-Za-z]{1,4}) ?[座户室](?![内外])"
    r"|\b(?i:building|block|tower|flat|apartment|apt|unit|house|entrance|stair|staircase)"
    r" (?:no\.? ?)?(?:\d+[A-Za-z]?|[A-Z])\b"
)


def finer(text: str) -> list[str]:
    """What in a text says more than a street or a compound: which building, stair or flat."""
    return [match[0] for match in _FINER.finditer(text)]


def goes_on(text: str, at: int) -> bool:
    """Whether what stands before this character is the beginning of a place's name: 柳苑|小区."""
    return text.startswith(_ENDINGS, at)


def in_full(name: str, texts: Iterable[str], least: int) -> str:
    """A place as so many of these texts name it, with the characters before it: 坡新村 as 北坡新村."""
    said = [text for text in texts if name in text]
    while len(name) < LONGEST:
        before = Counter(text[text.index(name) - 1] for text in said if text.index(name))
        sign, times = before.most_common(1)[0] if before else ("", 0)
        if times < max(least, len(said) * 0.8) or not _HAN.match(sign) or _NONE.search(sign + name):
            break
        name = sign + name
    return name


def is_one(name: str) -> bool:
    """Whether this names a compound or a village, and nobody: 云顶苑. A person may be called 王小路."""
    return len(name) > 2 and name.endswith(_NOBODY)


def same(one: Collection[str | int], other: Collection[str | int]) -> bool | None:
    """Whether two texts name a place in common; None where one of them names none."""
    return not set(one).isdisjoint(other) if one and other else None
