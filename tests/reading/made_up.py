"""Made-up messages on three topics, for learning: many of them, none from anybody."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

WHERE = ("东街", "西门", "南苑小区", "北河村", "中心小学旁边", "客运站对面")
HOW_LONG = ("已经三个月", "从去年开始", "每天晚上", "一直没有人管")
ABOUT = {
    "交通运输": (
        "公交车经常不来，候车很久",
        "公路坑坑洼洼，货车超载",
        "红绿灯坏了，路口很乱",
        "停车场收费，车位不够",
    ),
    "劳动和社会保障": (
        "工地拖欠工资，老板不见了",
        "社保没有交，养老金办不下来",
        "加班没有工资，劳动合同也不签",
        "工伤认定没有结果，单位推脱",
    ),
    "环境保护": (
        "工厂夜里排放废气，味道刺鼻",
        "河里污水发黑，鱼都死了",
        "施工噪声很大，粉尘很多",
        "养猪场臭味熏人，污染水源",
    ),
}
ENDING = ("希望有关部门尽快处理。", "请领导过问。", "谢谢！")


def messages(endings: int = 2) -> Iterator[tuple[str, str, str]]:
    """Subject, text and topic of each: 96 a topic for each two endings."""
    for topic, whats in ABOUT.items():
        for where, what, since, end in product(WHERE, whats, HOW_LONG, ENDING[:endings]):
            yield "", f"{where}{what}，{since}。{end}", topic
