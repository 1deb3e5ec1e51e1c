"""A hundred made-up petitions with names and numbers planted in them, and what masking finds of these.

`python -m tests.reading.planted` prints the figures that the threat model names. Names are put together from
surnames and given characters at random; some stand beside a mark (a title, "my name is"), some beside none.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from huiyin.reading import mask

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华魏陶姜谢邹喻柏窦章苏潘葛范彭郎鲁韦马凤方俞任袁柳"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀英霞平刚桂兰玉萍建国淑珍志明海燕文华德新春梅雪松俊峰晓红宇浩轩梓涵"
# {n}: a name beside a mark; {m}: the same again, bare; {u}: a name that nothing marks.
FRAMES = [
    "我叫{n}，是城东村的村民。我家门前的路灯坏了三个月，{m}多次向村委会反映，没有结果。联系电话{tel}。",
    "尊敬的领导：本小区电梯经常停运。物业经理{n}答应维修，至今未修。我住{flat}，请予处理。投诉人：{n}",
    "反映人{n}，男，1970年生，身份证号码{id}。村干部把补贴发到了别人账上，卡号是{card}。",
    "路边一辆车长期占道，车牌{plate}，车主电话{tel}，已向交警大队反映两次，第二次由{n}警官接待。",
    "去年七月，{u}家的院墙被施工震裂，施工单位说是质量问题，不肯赔偿。请住建局派人检查。",
    "请求解决拖欠工资12000元的问题。联系人：{n}，微信号{wx}，邮箱{mail}。工地在开发区二期。",
    "我父亲{n}今年七十三岁，低保被取消。{m}的材料已交民政局，至今没有答复。请依据《社会救助暂行办法》处理。",
    "关于{u}反映的噪音问题，夜间施工到凌晨两点，影响整个小区休息。要求公布监测结果。",
    "此致\n敬礼\n{n}\n2026年3月2日",
    "学校食堂饭菜不合格，家长代表{n}、{n2}和{n3}等人多次与校方沟通。校长答复将更换供应商。",
]


@dataclass
class Score:
    """What was planted and what became of it."""

    names: int = 0
    names_found: int = 0
    bare: int = 0  # of the names: those that nothing marks
    bare_found: int = 0
    numbers: int = 0
    numbers_missed: int = 0
    masked: int = 0  # spans that masking hid
    wrong: int = 0  # of these: what was not planted


def measure(texts: int = 100, seed: int = 2026) -> Score:
    """Plant, mask, and count."""
    chance, score = random.Random(seed), Score()
    for number in range(texts):
        _one(FRAMES[number % len(FRAMES)], chance, score)
    return score


def _one(frame: str, chance: random.Random, score: Score) -> None:
    said = _planted(chance)
    said["m"] = said["n"]
    text = frame.format(**said)
    spans = mask.found(text)
    hidden = mask.put(text, spans)
    for key, value in said.items():
        if f"{{{key}}}" not in frame or key == "m":
            continue
        if key in {"n", "n2", "n3", "u"}:
            score.names += 1
            score.names_found += value not in hidden
            score.bare += key == "u"
            score.bare_found += key == "u" and value not in hidden
        else:
            score.numbers += 1
            score.numbers_missed += value in hidden
    score.masked += len(spans)
    planted = [value for key, value in said.items() if f"{{{key}}}" in frame]
    score.wrong += sum(
        not any(text[s.start : s.end] in v or v in text[s.start : s.end] for v in planted) for s in spans
    )


def _planted(chance: random.Random) -> dict[str, str]:
    def digits(count: int) -> str:
        return "".join(chance.choice("0123456789") for _ in range(count))

    def name() -> str:
        return chance.choice(SURNAMES) + "".join(
            chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2)))
        )

    return {
        "n": name(),
        "n2": name(),
        "n3": name(),
        "u": name(),
        "tel": "13" + digits(9),
        "id": "430102" + "1970" + f"{chance.randint(1, 12):02}{chance.randint(1, 28):02}" + digits(3) + "X",
        "card": "6222" + digits(15),
        "plate": "湘" + chance.choice("ABCD") + digits(5),
        "wx": "wx_" + digits(6),
        "mail": f"p{digits(4)}@example.org",
        "flat": f"{chance.randint(1, 30)}栋{chance.randint(1, 4)}单元{chance.randint(101, 2900)}室",
    }


def main() -> None:
    print(measure())  # noqa: T201 this is what the command is for


if __name__ == "__main__":
    main()
