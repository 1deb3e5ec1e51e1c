"""Every door at once: for tests and for the shell."""

from django.urls import include, path

from huiyin.doors.officer import urls as officer
from huiyin.site import urls_public

urlpatterns = [
    path("desk/", include((officer.urlpatterns, "desk"))),
    *urls_public.urlpatterns,
]

handler500 = "huiyin.site.outage.page"
