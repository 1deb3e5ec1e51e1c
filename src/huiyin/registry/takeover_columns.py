"""What a list of open cases of an older system may hold."""

from __future__ import annotations

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
    },
    needed=("id", "text", "body", "lodged_at"),
)
