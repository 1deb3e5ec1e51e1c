"""What `bench.peer` asks of Huiyin, made ready inside the installation: prints JSON, an ask for each work."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import django

OFFICER = "handler"  # of the demonstration
WORDS = ("电梯", "物业", "路灯", "工资", "噪音")


def asks() -> dict[str, dict[str, Any]]:
    """By the name of the work."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from bench.load import BODIES
    from huiyin.registry import access, law
    from huiyin.registry.access import Acting
    from huiyin.registry.models import Officer

    officer = Officer.objects.get(login=OFFICER)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(officer)
    cookie = {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    }
    seen = access.visible_to(Acting(officer, law.at(timezone.now())[1]))
    refs = list(seen.order_by("?").values_list("ref", flat=True)[:200])
    found = [client.post(reverse("desk:search"), {"q": word}).headers["Location"] for word in WORDS]
    bodies = [(body % 0).decode().replace("000000000000", "{n}", 1) for body in BODIES]
    return {
        "file": {
            "method": "POST",
            "paths": ["/api/v1/petitions"],
            "headers": {"Content-Type": "application/json"},
            "bodies": bodies,
            "status": 201,
        },
        "list of 50": {"method": "GET", "paths": ["/desk/"], "headers": cookie},
        "detail": {
            "method": "GET",
            "paths": [reverse("desk:petition", args=[ref]) for ref in refs],
            "headers": cookie,
        },
        "keyword search": {"method": "GET", "paths": found, "headers": cookie},
    }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.site.settings"
    django.setup()
    json.dump(asks(), sys.stdout)
