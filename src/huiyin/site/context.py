"""What every page knows: its zone, and whether the data are a demonstration."""

from functools import cache
from typing import Any

from django.db import Error
from django.http import HttpRequest

from huiyin.registry.models import DataSet
from huiyin.site import ease


def house(request: HttpRequest) -> dict[str, Any]:
    zone = "desk" if request.path.startswith("/desk/") else "public"
    return {"zone": zone, "demonstration": is_demonstration(), "ease": ease.is_on(request)}


def is_demonstration() -> bool:
    """Asked once a process: a data set is marked before anything is served from it."""
    try:
        return kind() == "demonstration"
    except Error:
        return False


@cache
def kind() -> str:
    """`live`, `demonstration` …: what the data set was marked as, or `live` where nobody marked it."""
    row = DataSet.objects.first()
    return row.kind if row else "live"
