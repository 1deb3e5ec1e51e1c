"""Who sees what of a petition: one table, printed in `docs/reference/permissions.md` and tried cell by cell.

Whoever is not named sees nothing, and what is not named is shown to nobody.
`tests/promises/test_permissions.py` asks for every page of every reader and holds it against this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huiyin.core.text import Text

AS_IT_IS, MASKED, NOTHING = "as it is", "masked", "no"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of reader, as this petition sees them."""

    name: str
    text: Text
    who: Text


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a petition that somebody may want to read, and what each reader gets of it."""

    name: str
    text: Text
    seen: Mapping[str, str]  # reader -> AS_IT_IS or MASKED; whoever is missing gets nothing

    def for_reader(self, reader: str) -> str:
        return self.seen.get(reader, NOTHING)


READERS = (
    Kind("author", Text("信访人", "author"), Text("持有查询码的人", "who holds its key")),
    Kind(
        "handler",
        Text("承办人员", "handler"),
        Text("现承办单位中承担办理工作的人员", "officers who work on petitions at the body that has it now"),
    ),
    Kind(
        "before",
        Text("经手单位人员", "had it before"),
        Text("曾经承办或者被请协办的单位的人员", "officers of a body that had it, or was called in"),
    ),
    Kind(
        "supervisor",
        Text("督办人员", "supervisor"),
        Text("上级督办人员", "who supervises the body that has it"),
    ),
    Kind("auditor", Text("审计员", "auditor"), Text("审计员", "who reads who opened a seal")),
    Kind(
        "administrator",
        Text("管理员", "administrator"),
        Text("管理员", "who keeps bodies and accounts"),
    ),
    Kind(
        "stranger",
        Text("其他工作人员", "other officer"),
        Text("与本件无关的工作人员", "every other officer of this installation"),
    ),
    Kind(
        "accused",
        Text("被检举单位人员", "reported"),
        Text(
            "检举控告所涉单位及其下级的人员",
            "officers of a body that a report is about, and of all below",
        ),
    ),
    Kind("public", Text("公众", "public"), Text("任何人", "anybody")),
)
READER_NAMES = tuple(reader.name for reader in READERS)

_CLEAR = {"author": AS_IT_IS, "handler": AS_IT_IS}
_MASKED_ABOVE = {**_CLEAR, "before": MASKED, "supervisor": MASKED}
PARTS = (
    Part(
        "exists",
        Text("是否存在", "that it exists"),
        dict.fromkeys(("author", "handler", "before", "supervisor"), AS_IT_IS),
    ),
    Part("subject", Text("主题", "subject"), _MASKED_ABOVE),
    Part("text", Text("正文", "text"), _MASKED_ABOVE),
    Part("added", Text("补充的内容", "what the author added"), _MASKED_ABOVE),
    Part("answer", Text("答复意见", "what the body answers"), _MASKED_ABOVE),
    Part("file", Text("附件", "attached files"), _CLEAR),
    Part("identity", Text("姓名和联系方式", "name and contact, under seal"), {}),
)
