"""Fill the peer with COUNT tickets and a follow-up each: `python -m fill COUNT`; prints what to ask of it."""

from __future__ import annotations

import json
import random
import sys
from datetime import timedelta
from urllib.parse import quote, urlencode

import django

WORDS = ("电梯", "物业", "路灯", "工资", "噪音")
SENTENCES = (
    "我们小区的电梯坏了两个月，物业一直说在等配件。",
    "村口的路灯不亮，晚上老人出门看不见路。",
    "工资从六月拖到现在，项目部每次都说下周发。",
    "工地夜里还在浇筑，噪音很大，孩子睡不着觉。",
    "楼下的餐馆没有烟道，油烟直接排到窗口。",
    "请求有关部门到现场看一看，给出修复的时间。",
)
A_BATCH = 2_000


def fill(count: int) -> None:
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket

    queue = Queue.objects.create(title="All", slug="all", allow_public_submission=True)
    draw, now = random.Random(1), timezone.now()
    for start in range(0, count, A_BATCH):
        tickets = [
            Ticket(
                queue=queue,
                title=f"第{number}件：{draw.choice(SENTENCES)[:12]}",
                description="".join(draw.choices(SENTENCES, k=12)),
                submitter_email=f"person{number}@example.test",
                created=now - timedelta(minutes=number),
                status=Ticket.OPEN_STATUS if draw.random() < 0.2 else Ticket.CLOSED_STATUS,
                priority=draw.randint(1, 5),
            )
            for number in range(start, min(start + A_BATCH, count))
        ]
        made = Ticket.objects.bulk_create(tickets)
        FollowUp.objects.bulk_create(
            [
                FollowUp(ticket=ticket, date=ticket.created, title="Ticket Opened", public=True)
                for ticket in made
            ]
        )


def asks() -> dict[str, dict[str, object]]:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client
    from helpdesk.models import Ticket
    from helpdesk.query import query_to_base64

    staff = get_user_model().objects.create_superuser("staff", "staff@example.test", "staff")
    client = Client()
    client.force_login(staff)
    cookie = {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    }
    open_ones = {"status__in": [Ticket.OPEN_STATUS]}

    def listed(**params: object) -> str:
        asked = quote(query_to_base64({"sorting": "created", "sortreverse": True, **params}), safe="/=+")
        return f"/datatables_ticket_list/{asked}?draw=1&start=0&length=50"

    numbers = list(Ticket.objects.order_by("?").values_list("pk", flat=True)[:200])
    form = {"title": "{n}", "submitter_email": "person@example.test"}
    bodies = [
        urlencode({**form, "body": "".join(random.Random(n).choices(SENTENCES, k=12))}).replace(
            "%7Bn%7D", "{n}"
        )
        for n in range(64)
    ]
    return {
        "file": {
            "method": "POST",
            "paths": ["/tickets/submit_iframe/"],
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            "bodies": bodies,
            "status": 302,
        },
        "list of 50": {"method": "GET", "paths": [listed(filtering=open_ones)], "headers": cookie},
        "detail": {
            "method": "GET",
            "paths": [f"/tickets/{number}/" for number in numbers],
            "headers": cookie,
        },
        "keyword search": {
            "method": "GET",
            "paths": [listed(search_string=word) for word in WORDS],
            "headers": cookie,
        },
    }


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    fill(int(sys.argv[1]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    json.dump(asks(), sys.stdout)
