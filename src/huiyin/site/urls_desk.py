"""The doors of the desk zone: officers, supervisors, administrators; all under /desk/."""

from django.urls import include, path

from huiyin.doors.officer import urls as officer
from huiyin.site import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("desk/healthz", health.healthz),
    path("desk/i18n/", include("django.conf.urls.i18n")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("desk/", include((officer.urlpatterns, "desk"))),
]
