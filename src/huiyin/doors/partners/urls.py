"""Addresses of the partners' door."""

from django.urls import URLPattern, path, re_path

from huiyin.doors.partners import door
from huiyin.site import problem

urlpatterns: list[URLPattern] = [
    path("messages", problem.address(POST=door.messages), name="messages"),
    re_path("", problem.no_such_address),
]
