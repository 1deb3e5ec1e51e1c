"""The list that an officer walks through goes along in the addresses, so that no page on the way loses it.

It is the query of that list, in codes of filters: an address says no more than that of the list itself.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

LIST, NEXT = "list", "next"  # the list, and the petition to go to from here


def query_of(request: HttpRequest) -> str:
    """The list that this page was reached from, as its address says it; empty for all open."""
    return request.GET.get(LIST, "")[:300]


def suffix(request: HttpRequest, following: str = "") -> str:
    """What an address carries on, so that the list is not lost on the way."""
    return suffix_of(query_of(request), following)


def suffix_of(query: str, following: str = "") -> str:
    said = {LIST: query, NEXT: following}
    kept = urlencode({name: value for name, value in said.items() if value})
    return f"?{kept}" if kept else ""


def list_address(request: HttpRequest) -> str:
    query = query_of(request)
    return reverse("desk:inbox") + (f"?{query}" if query else "")
