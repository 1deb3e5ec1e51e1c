"""What bodies write to one another in supervision: kinds closed by the regulation, each with its article.

Proposals (art. 40), what a joint conference may do (art. 39.3), feedback of an inspection (art. 38), and the
two reports that the law orders about officials (arts. 30.2, 41.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.core.vocabulary import Text

OFFICE, CONFERENCE, ORGAN = "office", "conference", "organ"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter between bodies."""

    code: str
    article: str
    text: Text
    by: frozenset[str]  # kinds of body that may write it
    answered: bool = True  # a written answer is owed
    down: bool = False  # only to a body below
    listed: bool = False  # names petitions by reference
    about: bool = False  # is about a body that must never see it (charter 6)
    above: bool = False  # the superior of its receiver reads it too
    counted: bool = False  # holds nothing but counts that the house made


_ANY = frozenset({OFFICE, CONFERENCE, ORGAN})
_OFFICE, _CONFERENCE = frozenset({OFFICE}), frozenset({CONFERENCE})

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("improve-work", "40", Text("改进工作的建议", "Proposal to improve work"), _OFFICE),
        Kind("improve-policy", "40", Text("完善政策的建议", "Proposal to improve policy"), _OFFICE),
        Kind(
            "pursue-responsibility",
            "40",
            Text("追究责任的建议", "Proposal to pursue responsibility"),
            _OFFICE,
            about=True,
        ),
        Kind("interview", "39.3", Text("约谈", "Interview of the body's leaders"), _CONFERENCE, down=True),
        Kind(
            "circular", "39.3", Text("通报", "Circular"), _CONFERENCE, answered=False, down=True, above=True
        ),
        Kind(
            "listing",
            "39.3",
            Text("挂牌督办", "Listed supervision"),
            _CONFERENCE,
            down=True,
            listed=True,
            above=True,
        ),
        Kind(
            "correction",
            "39.3",
            Text("责令限期整改", "Order to correct by a date"),
            _CONFERENCE,
            down=True,
            above=True,
        ),
        Kind("feedback", "38", Text("督查反馈", "Feedback of an inspection"), _ANY, down=True),
        Kind(
            "personnel-report",
            "30.2",
            Text(
                "反映干部问题信访情况通报", "Report on petitions about officials, to the personnel department"
            ),
            _OFFICE,
            answered=False,
            counted=True,
        ),
        Kind(
            "tour-report",
            "41.2",
            Text("向巡视巡察机构提供的情况", "Report on petitions about officials, to the inspection tour"),
            _OFFICE,
            answered=False,
            counted=True,
        ),
    )
}

# The grounds of a proposal to pursue responsibility: items of the regulation, so that nothing else is said.
GROUNDS: dict[str, Text] = {
    "not-sent-on": Text(
        "应当登记、转送、交办、督办而没有（第四十三条）", "Did not register, send on or supervise (art. 43)"
    ),
    "not-taken-up": Text(
        "应当登记、受理、告知而没有（第四十四条）", "Did not register, take up or notify (art. 44)"
    ),
    "delayed": Text(
        "推诿、敷衍、拖延或者未按期办结（第四十五条）", "Shirked, delayed or missed the term (art. 45)"
    ),
    "not-carried-out": Text(
        "拒不执行支持信访请求的意见（第四十二条）", "Refused to carry out an opinion (art. 42)"
    ),
    "falsified": Text("弄虚作假造成严重后果（第四十条）", "Falsified, with grave consequences (art. 40)"),
    "leaked": Text(
        "泄露、转交检举揭发材料（第四十六条）", "Passed on a report to those it is about (art. 46)"
    ),
    "retaliated": Text("打击报复信访人（第四十六条）", "Retaliated against a petitioner (art. 46)"),
}
ADOPTED: dict[str, Text] = {
    "full": Text("采纳", "Adopted"),
    "part": Text("部分采纳", "Adopted in part"),
    "none": Text("未采纳", "Not adopted"),
}

# Art. 40 sets no term for the answer. 30 days are usual where a local regulation names one (上海 art. 41,
# 山东 art. 59; 信访条例 2005 art. 36): the sender starts from it and may set another.
USUAL_DAYS = 30
# A count below this is not said: it could point at one petition.
SMALL = 5
