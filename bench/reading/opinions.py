"""Opinions from which one part is cut: is it noticed? Made up in both languages, and of real sentences."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

from bench import report
from bench.reading.replies import Pair
from huiyin.reading.parts import missing
from huiyin.reading.sentences import sentences

CUT = ("facts", "basis", "outcome", "remedy", "date")
Opinion = dict[str, str]
"""Each part with its sentences; `filler` belongs to none."""

# Written as such opinions are written; the detector's own list of words was not at hand.
ZH: dict[str, tuple[str, ...]] = {
    "filler": (
        "您提出的信访事项收悉，现答复如下。",
        "感谢您对我们工作的监督。",
        "我局对此高度重视，专门安排人员负责。",
        "您反映的问题关系到附近居民的日常生活。",
        "路灯由市政管理所维护，公园里的由园林处维护。",
    ),
    "facts": (
        "经现场查看，{place}共有 {n} 盏路灯不亮，其中 3 盏是线缆被挖断造成的。",
        "3 月 5 日，工作人员到{place}进行了实地走访，住户王某等五人均称停水持续了四天。",
        "现查明，该公司自去年 9 月起没有支付{n}名工人的工资，合计 {n}6 万元。",
        "经查阅档案，{place}的房屋登记面积与丈量结果相差 {n} 平方米。",
        "经向物业公司和业主代表询问，电梯自上月起停用 {n} 天，维修合同已经到期。",
        "您反映的情况属实：夜间测得噪声 5{n} 分贝，超过标准。",
        "监控录像和值班记录显示，当晚施工到 23 时 {n} 分。",
        "检测结果表明，{place}的水样中铁含量为 0.{n} 毫克每升。",
        "经核对缴费记录，您的养老保险中断了 {n} 个月。",
    ),
    "basis": (
        "依据《城市道路照明管理规定》第{n}条，路灯由市政部门负责维护。",
        "《物业管理条例》第五十一条规定，供水设施由供水单位维护。",
        "根据《保障农民工工资支付条例》第三十条，总承包单位先行清偿。",
        "按照《不动产登记暂行条例》有关更正登记的规定办理。",
        "本决定适用《中华人民共和国噪声污染防治法》第四十三条。",
        "依照市政府〔2021〕{n}号文件，补助标准为每户 2000 元。",
    ),
    "outcome": (
        "支持您的请求，由市政管理所在 4 月 30 日前修好全部路灯。",
        "决定：对您的请求不予支持。",
        "您要求更正登记面积的请求，部分支持，更正为实测面积。",
        "责令该公司在 15 日内付清所欠工资。",
        "给予该施工单位罚款 {n} 万元的行政处罚。",
        "损坏的水管已于 3 月 12 日更换，供水恢复。",
        "您可以持身份证到社保中心补缴，补缴后按月领取。",
        "您关于赔偿误工费的诉求没有法律依据，我局不能支持。",
        "我局同意您的申请，五月底前完成加装。",
    ),
    "remedy": (
        "如不服本意见，可以自收到之日起三十日内向市住房和城乡建设局请求复查。",
        "对本意见有异议的，您可以在 30 日内申请复查，由上一级机关受理。",
        "您不服的，可在六十日内申请行政复议，或者六个月内向人民法院提起诉讼。",
        "请您在收到本意见书三十日内决定是否向县人民政府提出复查申请。",
    ),
    "date": ("2026年3月18日", "二〇二六年三月十八日", "2026.3.18", "县住建局　2026年4月2日"),
}
EN: dict[str, tuple[str, ...]] = {
    "filler": (
        "Thank you for writing to us.",
        "The council takes complaints of this kind very seriously.",
        "Street lamps are looked after by the highways team.",
    ),
    "facts": (
        "We inspected {place} on 5 March and found {n} lamps out of order.",
        "The records show that the lift stood still for {n} days.",
        "Our officers visited the site twice and measured 5{n} decibels at night.",
        "It was established that {n} workers have had no wages since September.",
    ),
    "basis": (
        "Under section {n} of the Highways Act the council must keep the lamps in repair.",
        "Regulation {n} of the Water Supply Regulations requires a notice of two days.",
        "This follows from article 43 of the Noise Ordinance.",
    ),
    "outcome": (
        "Your request is granted; the lamps will be repaired by 30 April.",
        "We cannot support your claim for compensation.",
        "We have ordered the company to pay the wages in full.",
        "The council has decided to refuse the request.",
    ),
    "remedy": (
        "If you disagree you may ask for a review within 30 days of receiving this letter.",
        "You have the right to appeal to the County Government within 30 days.",
        "You can request a review by the next higher body within thirty days.",
    ),
    "date": ("18 March 2026", "March 18, 2026", "2026-03-18"),
}
PLACES = ("清河路", "东湖小区", "三里村", "Mill Lane", "the north gate")

# Which sentences of real replies are which part, by marks of their own.
_REAL: dict[str, re.Pattern[str]] = {
    "facts": re.compile(r"^(?:[^。]{0,12}[，：:])?经[^。，]{0,14}(?:调查|核实|查实|核查|了解)"),
    "basis": re.compile(r"(?:根据|依据|按照)[^。]{0,6}《[^》]+(?:法|条例|办法|规定|细则|通知|意见)[^》]*》"),
    "outcome": re.compile(
        r"不予|责令|决定|已(?:经)?(?:修复|拆除|发放|整改到位|完成)|(?:月底|日|年底)前(?:完成|修复|解决)"
    ),
}
# A sentence with a word of another part is left out: cutting that part would leave it there.
_OTHERS: dict[str, re.Pattern[str]] = {
    "facts": re.compile(r"调查|核实|核查|查实|查明|经查|据查|现场|走访|检测|属实"),
    "basis": re.compile(r"《|第[一二三四五六七八九十\d]+条|号[）)]|规定"),
    "outcome": re.compile(
        r"予以|不予|责令|决定|处罚|罚款|整改|同意|已经?(?:修|拆|发|完|退|补|恢|更|清|解)|前完成|您?可以?.{0,30}(?:申请|办理)"
    ),
}
_LAST_DATE = re.compile(r"[\d二〇○一九零]{4}\s*年[^。]{1,12}日\s*$")


def measure(count: int, pairs: Sequence[Pair]) -> None:
    """Print how often a part that was cut is noticed, and how often one that is there is missed."""
    rows = []
    for name, opinions in (
        ("made up, Chinese", [_made_up(ZH, random.Random(i)) for i in range(count)]),
        ("made up, English", [_made_up(EN, random.Random(i)) for i in range(count)]),
        ("put together of real sentences", list(_of_real(pairs, count))),
    ):
        rows.append((name, *(_noticed(opinions, part) for part in CUT), _false_alarms(opinions)))
    print()
    report.table(("cut and noticed", *CUT, "said to be missing, and there"), rows)


def _noticed(opinions: Sequence[Opinion], part: str) -> str:
    cut = [_text({k: v for k, v in each.items() if k != part}) for each in opinions]
    return f"{sum(part in missing(text) for text in cut) / len(cut):.1%}"


def _false_alarms(opinions: Sequence[Opinion]) -> str:
    wrong = [len(set(missing(_text(each))) & set(CUT)) for each in opinions]
    return f"{sum(wrong) / len(wrong) / len(CUT):.1%}"


def _text(opinion: Opinion) -> str:
    return "\n".join(opinion.values())


def _made_up(words: dict[str, tuple[str, ...]], chance: random.Random) -> Opinion:
    def some(part: str, most: int) -> str:
        chosen = chance.sample(words[part], chance.randint(1, most))
        made = (
            c.replace("{place}", chance.choice(PLACES)).replace("{n}", str(chance.randint(2, 9)))
            for c in chosen
        )
        return (" " if words is EN else "").join(made)

    return {
        "filler": some("filler", 3),
        "facts": some("facts", 3),
        "basis": some("basis", 1),
        "outcome": some("outcome", 2),
        "remedy": some("remedy", 1),
        "date": some("date", 1),
    }


def _of_real(pairs: Sequence[Pair], count: int) -> Iterator[Opinion]:
    """Real sentences, each of one part by its marks; the remedy, which board replies have not, made up."""
    held: dict[str, list[str]] = {part: [] for part in _REAL}
    for pair in pairs:
        for sentence in sentences(pair.reply):
            fits = [part for part, mark in _REAL.items() if mark.search(sentence.words)]
            other = [
                part for part, mark in _OTHERS.items() if part not in fits and mark.search(sentence.words)
            ]
            if len(fits) == 1 and not other and len(sentence.words) < 200:
                held[fits[0]].append(sentence.words)
    dates = [m[0].strip() for pair in pairs if (m := _LAST_DATE.search(pair.reply))]
    for i in range(count):
        pick: Callable[[Sequence[str]], str] = random.Random(i).choice
        yield {
            **{part: pick(held[part]) for part in ("facts", "basis", "outcome")},
            "remedy": pick(ZH["remedy"]),
            "date": pick(dates),
        }
