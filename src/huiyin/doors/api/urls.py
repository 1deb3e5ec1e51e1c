"""Addresses of the JSON door."""

from django.urls import URLPattern, path, re_path

from huiyin.doors.api import openapi
from huiyin.site import operations, problem

urlpatterns: list[URLPattern] = [
    *operations.patterns(openapi.OPERATIONS, operations.plain),
    path("openapi.json", problem.address(GET=openapi.show), name="openapi"),
    re_path("", problem.no_such_address),
]
