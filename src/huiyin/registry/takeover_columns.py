"""What a list of open cases of an older system may hold."""

from __future__ import annotations

from huiyin.core.text import Text
from huiyin.reading.lists import Fields

OPEN_CASES = Fields(
    {
        "id": ("编号", "信访编号", "登记编号", "工单编号", "原编号"),
        "subject": ("标题", "主题", "信访标题"),
        "text": ("内容", "信访内容", "诉求内容"),
        "kind": ("信访目的", "性质"),
        "channel": ("渠道", "来源渠道", "信访形式"),
        "body": ("接收单位", "登记单位", "收件单位"),
        "state": ("状态", "办理状态", "当前状态"),
        "lodged_at": ("信访日期", "提出时间", "信访时间", "来信时间"),
        "registered_at": ("登记时间", "登记日期"),
        "transferred_at": ("转送时间", "转送日期", "交办时间"),
        "transferred_to": ("转送单位", "转往单位", "承办单位"),
        "accepted_at": ("受理时间", "受理日期"),
        "extended_at": ("延期时间", "延期日期"),
        "extended_days": ("延期天数",),
        "opinion": ("处理意见", "答复意见", "答复内容"),
        "opinion_at": ("答复时间", "答复日期", "出具时间"),
        "served_at": ("送达时间", "送达日期"),
        "served_way": ("送达方式",),
        "review_at": ("申请复查时间", "复查申请日期"),
        # What another installation of this house tells besides (papers/open_formats.py).
        **dict.fromkeys(("language", "stands", "terms", "documents", "files", "others"), ()),
    },
    needed=("id", "text", "body", "lodged_at"),
)

# What each field is called where somebody chooses a column for it.
LABELS = {
    "id": Text("旧系统里的编号", "Number in the older system"),
    "subject": Text("标题", "Subject"),
    "text": Text("内容（信访人的原话）", "Text, in its author's words"),
    "kind": Text("信访目的（申诉求决、建议意见）", "Class: claim or suggestion"),
    "channel": Text("渠道", "How it came"),
    "body": Text("接收单位（代码或者全称）", "Body that took it in: code or whole name"),
    "state": Text("状态（只用来核对日期）", "State, only held against the days"),
    "lodged_at": Text("提出的日期", "Day of lodging"),
    "registered_at": Text("登记的日期", "Day of registration"),
    "transferred_at": Text("转送的日期", "Day of transfer"),
    "transferred_to": Text("转往的单位", "Body that it was transferred to"),
    "accepted_at": Text("受理的日期", "Day of acceptance"),
    "extended_at": Text("延期的日期", "Day of extension"),
    "extended_days": Text("延期的天数", "Days of the extension"),
    "opinion": Text("处理意见或者答复", "Opinion or answer"),
    "opinion_at": Text("出具的日期", "Day of the opinion"),
    "served_at": Text("送达的日期", "Day of service"),
    "served_way": Text("送达的方式", "Way of service"),
    "review_at": Text("申请复查的日期", "Day on which review was asked"),
    "language": Text("语言（zh-hans、zh-hant、en）", "Language: zh-hans, zh-hant or en"),
    "stands": Text("另一个回音系统所说的状态和单位", "State and body, as another Huiyin tells them"),
    "terms": Text("另一个回音系统所说的期限", "Terms, as another Huiyin tells them"),
    "documents": Text("另一个回音系统送达的文书", "Documents that another Huiyin served"),
    "files": Text("另一个回音系统里的附件数", "How many files another Huiyin holds of it"),
    "others": Text("另一个回音系统里的其他步骤数", "How many other steps it took in another Huiyin"),
    "name": Text("信访人姓名", "Author's name"),
    "phone": Text("信访人电话", "Author's telephone"),
    "email": Text("信访人电子邮箱", "Author's e-mail"),
    "address": Text("信访人通信地址", "Author's address"),
}
