"""What no agreement, opinion or promise may say: that somebody gives up petitioning, or is to be held back.

Neither closing, settlement, payment nor relief asks for or rewards a promise not to petition (charter 3), and
no person is the object of a task (charter 4). Such a sentence is refused before it is stored, with the words
that made it one. It is found by its form; whoever writes around the patterns still writes to the petitioner,
who reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_ASKING = "(?:上访|信访|走访|申诉|投诉|举报|申请(?:复查|复核|复议))"
_WHERE = (
    "(?:再|再次|继续|重复|就(?:此事|本事项|同一事项|该事项)|以任何(?:方式|形式|理由)"
    "|[到向]任何(?:部门|单位|机关|地方)|进京|赴省|越级)*"
)
_UNDERTAKING = "(?:保证|承诺|约定|同意|自愿)"
_ZH = (
    rf"(?:不再|不得|停止|放弃|终止){_WHERE}{_ASKING}",
    r"放弃[^。；，]{0,8}(?:复查|复核|复议|申诉|信访|举报|投诉)",
    r"息诉|罢访|息访|停访",
    rf"{_UNDERTAKING}[^。；]{{0,6}}不(?:再|会)?[^。；，]{{0,10}}(?:{_ASKING}|复查|复核)",
)
_WILL = r"\b(?:will|shall|agrees?|undertakes?|promises?)\b[^.;]{0,40}"
_NEVER = r"\b(?:not|never|no longer|no further)\b[^.;]{0,25}"
_WAIVE = r"\b(?:waives?|gives? up|forgoes?|renounces?|drops?)\b[^.;]{0,40}"
_EN = (
    rf"{_WILL}{_NEVER}\b(?:petition|complain|appeal|review)\w*",
    rf"{_WAIVE}\b(?:petition|review|re-review|appeal|complaint)\w*",
)
GIVING_UP = re.compile("|".join((*_ZH, *_EN)), re.IGNORECASE)
HOLDING_BACK = re.compile("稳控|劝返|截访|盯防|包保|遣返")
# What no identity is opened for (charter 4, 5): to keep somebody quiet, away or in sight.
_STEADY = (
    r"维稳|(?:社会|大局|地区|维护|保持|影响)[^。；，]{0,6}稳定|重点人|落地查人|管控|布控|训诫|劝阻|摸底",
    r"(?:掌握|核查|了解|查明|跟踪)[^。；，]{0,6}(?:动向|行踪|去向|背景)|敏感(?:时期|节点|期)|拦截",
    r"\bstability\b|\bunrest\b|\bintercept\w*|\bdissuad\w*|\bsurveil\w*|\bwhereabouts\b",
    r"\b(?:hold|keep|stop|prevent)\w*\b[^.;]{0,20}\b(?:back|away|from (?:petition|travel|com|go|gather)\w*)",
    r"\b(?:watch|monitor|track)\w*\b[^.;]{0,12}\b(?:him|her|them|petitioner|author|person)\b",
)
STEADYING = re.compile("|".join(_STEADY), re.IGNORECASE)
# Where others are quoted, what they were told to sign may have to be named.
QUOTING = frozenset({"request", "facts", "hearing_minutes", "grounds", "information", "mediation_record"})


def forbidden(words: str) -> str:
    """The passage that gives up petitioning or holds somebody back, or '' where there is none."""
    found = GIVING_UP.search(words) or HOLDING_BACK.search(words)
    return found.group() if found else ""


def no_purpose(words: str) -> str:
    """The passage that makes stability or holding back the reason to look at an identity, or ''."""
    found = STEADYING.search(words)
    return found.group() if found else forbidden(words)


def first_forbidden(said: Mapping[str, Any]) -> str:
    """The first such passage in what a move says, its lines included; quotations are left alone."""
    texts = (text for name, value in said.items() if name not in QUOTING for text in _texts(value))
    return next((found for text in texts if (found := forbidden(text))), "")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Mapping):
        return (text for name, part in value.items() if name not in QUOTING for text in _texts(part))
    return (text for part in value for text in _texts(part)) if isinstance(value, list) else ()
