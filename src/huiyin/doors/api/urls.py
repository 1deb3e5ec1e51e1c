"""Addresses of the JSON door."""

from django.urls import URLPattern, path, re_path

from huiyin.doors.api import answers, openapi, petitions
from huiyin.site import problem

# `path` takes slashes too: whatever stands where a reference belongs gets one and the same answer.
urlpatterns: list[URLPattern] = [
    path("petitions", problem.address(POST=petitions.lodge), name="petitions"),
    path("signatures", problem.address(POST=petitions.sign), name="signatures"),
    path("petitions/<path:ref>/moves", problem.address(POST=petitions.move), name="moves"),
    path("petitions/<path:ref>", problem.address(GET=petitions.show), name="petition"),
    path("answers", problem.address(POST=answers.find), name="answers"),
    path("openapi.json", problem.address(GET=openapi.show), name="openapi"),
    re_path("", problem.no_such_address),
]
