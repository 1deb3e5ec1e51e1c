"""Petitions about one cause, in words of their own, and some about others."""

from __future__ import annotations

from typing import Any

from huiyin.registry.file import Filed
from tests.cast import lodge

LIFT = (
    ("柳苑小区电梯停运", "柳苑小区三号楼电梯停运两个月，老人困在十一楼，物业说没有维修资金，请督促修电梯。"),
    ("电梯停运没人管", "我们柳苑小区三号楼电梯停运，物业推说没有维修资金，老人困在十一楼下不来。"),
    ("请修柳苑小区的电梯", "柳苑小区三号楼电梯停运到现在，物业没有维修资金就不修电梯，老人困在楼上。"),
    ("老人出不了门", "母亲住柳苑小区三号楼，电梯停运以后困在十一楼，物业一直说没有维修资金。"),
    ("物业不修电梯", "柳苑小区物业说没有维修资金，三号楼电梯停运几个月不修，老人困在十一楼。"),
    ("三号楼电梯", "三号楼电梯停运至今，柳苑小区老人困在十一楼，物业没有维修资金，请帮帮我们。"),
)
OTHER = (
    ("工地夜里施工", "青石路工地半夜两点还在打桩，孩子睡不着觉，打过几次热线也没有人来管。"),
    ("增设公交站", "希望十二路公交车在松湖公园东门加设一站，现在走过去要二十分钟。"),
    ("养老金少发", "退休三年养老金一直少发，社保局让去街道，街道又让回社保局。"),
)


def lodged(pairs: Any = (*LIFT, *OTHER), **more: Any) -> list[Filed]:
    """Lodged at the housing bureau, in this order."""
    return [lodge(subject=subject, text=text, body="zj", **more) for subject, text in pairs]
