"""Addresses of GeoReport v2: each ends in its format, .json or .xml."""

from django.urls import URLPattern, re_path

from huiyin.doors.open311 import asking, posting, services
from huiyin.doors.open311.formats import address
from huiyin.site import problem

FORM = r"\.(?P<form>json|xml)\Z"

urlpatterns: list[URLPattern] = [
    re_path(rf"^discovery{FORM}", address(GET=services.discovery), name="discovery"),
    re_path(rf"^services{FORM}", address(GET=services.services), name="services"),
    re_path(rf"^services/(?P<code>[^/]+){FORM}", address(GET=services.definition), name="service"),
    re_path(rf"^requests{FORM}", address(GET=asking.requests, POST=posting.post), name="requests"),
    re_path(rf"^requests/(?P<named>[^/]+){FORM}", address(GET=asking.one), name="request"),
    re_path(rf"^tokens/(?P<token>[^/]+){FORM}", address(GET=asking.token), name="token"),
    re_path("", problem.no_such_address),
]
