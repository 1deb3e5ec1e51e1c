"""Which columns of a list tell who people are or judge them: never taken in, under whatever name.

A list of an older system often has them. What the author needs to be answered, and is named by the operator,
is none of them; everything else about a person has no place here (charter 1), least of all inside a text.
"""

from __future__ import annotations

import re

# Pieces of headings, as such lists have them.
_CHINESE = tuple(
    re.findall(
        r"\w+",
        """
    身份证 证件 护照 社保号 银行账号 银行卡 卡号 车牌 性别 民族 出生 生日
    年龄 籍贯 户籍 户口 政治面貌 党派 宗教 信仰 学历 职业 婚姻 健康状 病史
    精神状 情绪 本人态度 信访人态度 亲属 家属 家庭成员 配偶 子女 父母 关系人
    同行人 社会关系 重点人 重点对象 老户 缠访 闹访 非访 稳控 稳定风险 风险等级
    黑名单 人员标签 身份标签 人员类别 人员类型 信访次数 上访次数 来访次数 进京
    轨迹 串号 人脸 指纹 化解人 包保 管控 前科 犯罪 积分 信用
    """,
    )
)
_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """
    identity identification passport ssn birth birthday birthdate dob age gender sex ethnicity ethnic
    nationality religion political marital spouse children parents relatives relative family kin education
    occupation health medical mental mood attitude risk score watchlist blacklist visits trips imei face
    fingerprint criminal credit
    """,
    )
)


def is_about_persons(heading: str) -> bool:
    """Whether a column of that heading tells who somebody is or judges them."""
    plain = heading.strip().lower()
    if any(piece in plain for piece in _CHINESE):
        return True
    return bool(_ENGLISH & set(re.findall(r"[a-z]+", plain)))
