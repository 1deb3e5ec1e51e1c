"""Which fonts a paper is set in: what the system has, in the order that GB/T 9704 and good taste prefer.

We ship none: 方正小标宋 and 仿宋_GB2312 are other people's property. What takes whose place is told, so that
an office that must have the right ones knows which to install.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from huiyin.core.text import Text
from huiyin.papers import typesetting

# Free and found in most systems; Debian has the first two as fonts-noto-cjk.
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "Songti SC", "SimSun", "宋体")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei")
ANY = (*SERIF, *SANS, "AR PL UMing CN", "Droid Sans Fallback")
# Beside Chinese the standard wants Latin letters and digits set in a serif of their own.
LATIN = ("Times New Roman", "Liberation Serif", "Tinos", "Libertinus Serif")


@dataclass(frozen=True, slots=True)
class Role:
    """A typeface that the standard names, and what may stand in for it."""

    name: Text
    right: tuple[str, ...]  # the typeface itself, by the names that it goes by
    instead: tuple[str, ...]


ROLES: dict[str, Role] = {
    "title": Role(
        Text("小标宋", "Xiaobiaosong"),
        (
            "FZXiaoBiaoSong-B05S",
            "方正小标宋简体",
            "FZXiaoBiaoSong-B05",
            "方正小标宋_GBK",
            "STZhongsong",
            "华文中宋",
        ),
        ANY,
    ),
    "body": Role(
        Text("仿宋", "Fangsong"),
        (
            *("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "华文仿宋"),
            *("FZFangSong-Z02", "方正仿宋_GBK", "Zhuque Fangsong (technical preview)"),
        ),
        ANY,
    ),
    "heading": Role(Text("黑体", "Heiti"), ("SimHei", "黑体", "STHeiti", "FZHei-B01", *SANS), ANY),
    "kai": Role(Text("楷体", "Kaiti"), ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti"), ANY),
    "number": Role(Text("宋体", "Songti"), (*SERIF, "STSong", "NSimSun"), ANY),
}


class NoChineseFont(RuntimeError):
    """No font here can draw Chinese: a PDF would be full of empty boxes."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was found."""

    families: dict[str, list[str]]  # role -> families in order
    missing: tuple[Text, ...]  # typefaces that the standard names and this system lacks


def chosen() -> Chosen:
    """The fonts of this system for each role. Raises NoChineseFont."""
    return _choose(_installed())


@cache
def _installed() -> frozenset[str]:
    try:
        return typesetting.families()
    except typesetting.Unprintable:
        raise NoChineseFont from None


def _choose(installed: frozenset[str]) -> Chosen:
    latin = [name for name in LATIN if name in installed][:1]
    families: dict[str, list[str]] = {}
    missing = []
    for key, role in ROLES.items():
        right = [name for name in role.right if name in installed]
        found = right or [name for name in role.instead if name in installed]
        if not found:
            raise NoChineseFont
        if not right:
            missing.append(role.name)
        families[key] = found[:1]
    fallback = [name for name in ANY if name in installed][:2]
    families = {key: [*names, *fallback] for key, names in families.items()}
    return Chosen({**families, "latin": latin}, tuple(missing))
