"""Made-up messages for loading: no words of anybody's."""

from __future__ import annotations


def message(number: int, lodged: str, replied: str = "", **changes: str) -> dict[str, str]:
    """One row of a message board."""
    row = {
        "id": str(number),
        "subject": f"第{number}号路灯不亮",
        "lodged_at": lodged,
        "text": f"第{number}号灯杆从上个月起不亮，\n请派人来修。",
        "reply": "已经更换灯泡。" if replied else "",
        "replied_at": replied,
    }
    return row | changes


ANSWERED = [
    message(1, "2019/4/24 16:03:40", "2019/5/9 9:49:10"),
    # The sixtieth day lies in the Spring Festival, whose days off end on 10 February.
    message(2, "2018/12/8 8:00:00", "2019/2/11 8:00:00"),
    message(3, "2018/12/8 8:00:00", "2019/2/12 8:00:00"),
]
