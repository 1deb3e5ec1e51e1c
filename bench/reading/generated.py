"""Made-up petitions that read like real ones, the same for the same seed, as many as are asked for.

Places are put together from syllables, so that some words are in every tenth petition and some in three of a
million; nothing of it comes from anybody's petition.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate


def _words(said: str) -> tuple[str, ...]:
    return tuple(said.split())


PLACE = "云清河溪山泉石桥柳湖金沙龙凤白鹤松竹梅兰青枫杏桃榆槐荷塘洲浦岭坡湾渡台墩寨坊阁亭园圃畈垸汀屿洼垄圩"
KINDS = ("小区", "花园", "村", "社区", "新村", "家园", "公寓", "街道", "工业园", "大院")
THINGS = _words("""
电梯 路灯 下水道 暖气 自来水 物业费 停车位 绿化带 消防通道 垃圾站 围墙 屋顶 外墙 水管 电表 燃气 监控
门禁 健身器材 人行道 井盖 公厕 河道 水渠 农田 宅基地 征地补偿款 拆迁安置房 房产证 维修资金 公积金
养老金 医保 低保 工资 加班费 工伤 社保 学费 校车 食堂 幼儿园 公交车 站台 红绿灯 斑马线 快递柜 菜市场
夜市 广场舞 工地 打桩机 渣土车 油烟 污水 废气 粉尘 噪音 化粪池 养殖场 基站 变压器 高压线 光缆 网络
电视 信号 合同 发票 押金 预付卡 健身房 培训班 驾校 旅行社 保健品 药店 卫生院 救护车 疫苗
""")
TROUBLES = _words("""
长期无人管理 坏了三个月 一直没有修好 存在安全隐患 多次投诉无果 经常停用 被人占用 收费不合理 没有公示
严重扰民 渗漏严重 至今没有办理 拖欠不发 标准不一 质量低劣 堵塞发臭 私自改建 无证经营 超期施工
年久失修 突然涨价 停供半年 无法使用 被拆除 堆满杂物 倾斜开裂 锈蚀断裂 数量不足 手续不全 说法前后矛盾
没有验收 私自收取 挪作他用 水压不足 时断时续
""")
BODIES = _words("""
物业公司 居委会 村委会 街道办事处 住建局 城管局 开发商 施工单位 用人单位 供水公司 供电公司 教育局
人社局 市场监管所 环保局 交通局 自然资源局 卫健委 民政局 乡政府 业主委员会 项目部
""")
ANSWERS = _words("""
答应处理却没有下文 互相推诿 说要等上级批复 让我们自己想办法 没有任何答复 说不归他们管 只派人看了一眼
说资金还没有到位 要求提供更多材料 电话始终打不通 承诺的期限早已过去 表示正在研究
""")
WHO = _words("""
老人和孩子 全体业主 附近居民 三十多户村民 来往行人 学生家长 租户 种粮大户 退休工人 商户 工友们
行动不便的邻居
""")
EFFECTS = _words("""
出行非常不便 夜里无法休息 生活受到很大影响 随时可能发生事故 家里被水淹过两次 只能绕路
冬天没有办法取暖 不敢开窗 收入没有着落 孩子上学要走很远 多花了不少冤枉钱 庄稼减产 墙面发霉
""")
ASKS = _words("""
请有关部门尽快核实并督促整改 希望给出明确的解决时间 请依法查处并公布结果 要求退还多收的费用
请安排专人到现场查看 希望公开资金的使用情况 请按照政策落实补偿 请责令限期恢复
希望听取群众意见后再作决定 请说明法律依据
""")
SINCE = _words(
    "去年冬天 今年春节以后 两年前 上个月底 交房以来 改造完成以后 换了管理单位以后 汛期以来 开学以来 半年前"
)
LINKS = _words("而且 另外 此外 更严重的是 同时 据了解")


class Writer:
    """Draws petitions, each from the same chain of chance."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        # As words are in life: the tenth as often as the first by ten.
        self._weights = {n: list(accumulate(1 / (k + 1) ** 0.7 for k in range(n))) for n in range(2, 120)}

    def _one(self, words: tuple[str, ...]) -> str:
        return self._draw.choices(words, cum_weights=self._weights[len(words)])[0]

    def _place(self) -> str:
        draw = self._draw
        return "".join(draw.choices(PLACE, k=draw.choice((2, 2, 3)))) + self._one(KINDS)

    def one(self) -> tuple[str, str]:
        """Subject and text."""
        one = self._one
        place, thing, trouble, body = self._place(), one(THINGS), one(TROUBLES), one(BODIES)
        parts = [f"我们是{place}的居民，{one(SINCE)}，{thing}{trouble}，{one(WHO)}{one(EFFECTS)}。"]
        parts += (
            f"{one(LINKS)}，{self._place()}的{one(THINGS)}也{one(TROUBLES)}，{one(WHO)}{one(EFFECTS)}。"
            for _ in range(self._draw.choice((1, 2, 3)))
        )
        parts.append(f"我们向{body}反映过，{body}{one(ANSWERS)}。{one(ASKS)}。")
        return f"{place}{thing}{trouble}", "".join(parts)

    def many(self, count: int) -> Iterator[tuple[str, str]]:
        for _ in range(count):
            yield self.one()
