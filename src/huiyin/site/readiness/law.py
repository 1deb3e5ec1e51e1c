"""Step 1: the law that decides, and the days on which it counts."""

from __future__ import annotations

from huiyin.core.text import Text
from huiyin.registry import law
from huiyin.site.readiness.known import Known
from huiyin.site.readiness.line import BAD, GOOD, WARN, Line, Step

NOVEMBER, DECEMBER = 11, 12


def step(known: Known) -> Step:
    return Step(
        "law",
        Text("法规和节假日", "Law and holidays"),
        Text(
            "每个期限都按生效的法规和公布的工作日计算。",
            "Every term is reckoned by the law in force, on the working days that were announced.",
        ),
        (_in_force(known), *_holidays(known)),
    )


def _in_force(known: Known) -> Line:
    book = law.in_force(known.day)
    says = Text("适用{title}", "{title} is in force").format(title=book.title)
    return Line("law", GOOD, says, None, "/rules/")


def _holidays(known: Known) -> tuple[Line, ...]:
    rules = law.in_force(known.day)
    calendar = law.calendar_for(rules.calendar)
    year = known.day.year
    return (_year(calendar.last_year >= year, year, BAD), *_next_year(calendar.last_year, known))


def _next_year(last: int, known: Known) -> tuple[Line, ...]:
    year, month = known.day.year + 1, known.day.month
    if last >= year or month >= NOVEMBER:
        return (_year(last >= year, year, BAD if month == DECEMBER else WARN, "next-holidays"),)
    says = Text(f"{year} 年的放假通知一般在 11 月公布", f"The notice for {year} usually comes in November")
    return (Line("next-holidays", GOOD, says),)


def _year(there: bool, year: int, otherwise: str, code: str = "holidays") -> Line:  # noqa: FBT001
    if there:
        return Line(code, GOOD, Text(f"{year} 年的节假日已录入", f"The holidays of {year} are entered"))
    return Line(
        code,
        otherwise,
        Text(f"{year} 年的节假日还没有录入", f"The holidays of {year} are not entered"),
        Text(
            f"国务院办公厅公布后写成文件，在服务器上运行 huiyin calendar add {year}.json；"
            "在此之前跨入该年的到期日都是暂定的（docs/operate/calendar.md）",
            f"Once the official notice is out, write it as a file and run huiyin calendar add {year}.json on "
            "the server; until then every due date in that year is provisional (docs/operate/calendar.md)",
        ),
    )
