"""How well scanned letters are read: pages drawn from sentences of ours, made worse, and read back.

Each page is set in a Chinese font, then turned, given noise, blurred and packed as a poor JPEG, by degrees.
Printed is the share of characters wrong (edit distance over length, spaces left out), how many of the wrong
lines were marked as unsure, and the seconds a page takes.
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import time
from typing import Any

from bench import report
from huiyin.reading import pages

LINES = [
    "尊敬的信访局领导：您好！",
    "我是城东区幸福小区三栋的业主，今年六十二岁。",
    "本小区的电梯自二〇二六年三月起经常停运，物业公司",
    "答应一个月内修好，至今没有动工。老人上下楼很困难，",
    "有两位邻居因此摔伤，医药费共计4,380.50元。",
    "我们于3月15日和4月2日两次向街道办反映，得到的答复",
    "都是“正在协调”。根据《特种设备安全法》第四十条，",
    "使用单位应当在检验合格有效期届满前申请定期检验。",
    "现提出三点请求：一、立即停用并检修电梯；二、公布",
    "维修资金的使用情况；三、书面答复处理的期限。",
    "The lift has been out of order since March 2026.",
    "Two neighbours were hurt; the bill was 4,380.50 yuan.",
    "Please inspect it and tell us by when it will be mended.",
    "附：照片四张，缴费单据两张，检验报告复印件一份。",
    "此致",
    "敬礼",
    "全体业主代表　二〇二六年四月二十日",
]
# Degrees turned, deviation of noise (of 255), radius of blur (pixels), quality of the JPEG, contrast.
WORSE = {
    "clean": (0.0, 0, 0.0, 90, 1.0),
    "scanned": (0.7, 6, 0.6, 60, 0.9),
    "photographed": (2.5, 12, 1.0, 40, 0.7),
    "poor": (-4.0, 22, 1.5, 25, 0.5),
    "hardly legible": (6.0, 40, 2.6, 12, 0.35),
}


def add(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument("--pages", type=int, default=5, help="pages of each degree")
    parser.add_argument("--seed", type=int, default=0)


def run(said: argparse.Namespace) -> int:
    """Draw, spoil, read, compare."""
    if not pages.available():
        print("what reads letters is not installed: make letters")
        return 1
    font = _font()
    print(f"measured on: {report.machine()}", flush=True)
    began = time.perf_counter()
    reader = pages.Reader()
    print(f"model loaded in {time.perf_counter() - began:.1f} s")
    rows, chance = [], random.Random(said.seed)
    for name, spoiled in WORSE.items():
        wrong = letters = marked = bad = 0
        spent = used = 0.0
        for _ in range(said.pages):
            lines = chance.sample(LINES, len(LINES))
            picture = next(pages.pictures(drawn(lines, font, spoiled, chance), "image/jpeg"))
            began, began_cpu = time.perf_counter(), time.process_time()
            page = reader.read(picture)
            spent, used = spent + time.perf_counter() - began, used + time.process_time() - began_cpu
            read = [_bare(line.text) for line in page.lines]
            wrong += distance("".join(read), "".join(map(_bare, lines)))
            letters += len("".join(map(_bare, lines)))
            missed = [line for line in page.lines if _bare(line.text) not in set(map(_bare, lines))]
            bad, marked = bad + len(missed), marked + sum(not line.sure for line in missed)
        rows.append(
            [
                name,
                f"{wrong / letters:.4f}",
                f"{marked} of {bad}",
                f"{spent / said.pages:.1f}",
                f"{used / said.pages:.1f}",
            ]
        )
    report.table(["page", "characters wrong", "wrong lines marked", "s a page", "CPU s a page"], rows)
    return 0


def _bare(text: str) -> str:
    return "".join(text.split()).replace("：", ":").replace("，", ",").replace("；", ";").replace("！", "!")


def _font() -> str:
    listed = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=True)
    found = sorted(line.strip().rstrip(":") for line in listed.stdout.splitlines())
    if not found:
        raise SystemExit("no font with Chinese characters: apt-get install fonts-noto-cjk")
    return next((each for each in found if "Regular" in each), found[0])


def drawn(
    lines: list[str], font: str, spoiled: tuple[float, int, float, int, float], chance: random.Random
) -> bytes:
    """A page of A4 at 150 dpi as a JPEG, spoiled."""
    import numpy
    from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

    turned, noise, blur, quality, contrast = spoiled
    sheet: Any = Image.new("L", (1240, 1754), 250)
    pen, face = ImageDraw.Draw(sheet), ImageFont.truetype(font, 32)
    for number, line in enumerate(lines):
        pen.text((130, 140 + number * 78), line, font=face, fill=25)
    sheet = sheet.rotate(turned, fillcolor=250, resample=Image.Resampling.BICUBIC)
    sheet = ImageEnhance.Contrast(sheet.filter(ImageFilter.GaussianBlur(blur))).enhance(contrast)
    grain = numpy.random.default_rng(chance.randrange(2**32)).normal(0, noise, (1754, 1240))
    spoilt = Image.fromarray(numpy.clip(numpy.asarray(sheet) + grain, 0, 255).astype("uint8"))
    out = io.BytesIO()
    spoilt.save(out, "JPEG", quality=quality)
    return out.getvalue()


def distance(one: str, other: str) -> int:
    """Letters to change, add or leave out to come from one text to the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        above, row[0] = row[0], at
        for to, wanted in enumerate(other, 1):
            above, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, above + (letter != wanted))
    return row[-1]
