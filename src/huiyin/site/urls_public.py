"""The doors of the public zone: the petitioner's, the public's, the JSON API."""

from django.urls import include, path, re_path

from huiyin.doors.api import urls as api
from huiyin.doors.open311 import urls as open311
from huiyin.doors.partners import urls as partners
from huiyin.doors.petitioner import urls as petitioner
from huiyin.doors.public import urls as public
from huiyin.site import outage

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include((api.urlpatterns, "api"))),
    path("open311/v2/", include((open311.urlpatterns, "open311"))),
    path("partners/v1/", include((partners.urlpatterns, "partners"))),
    path("", include((public.urlpatterns, "public"))),
    path("", include((petitioner.urlpatterns, "petitioner"))),
    re_path(r"^desk/(?P<rest>.*)$", outage.desk),
]

handler500 = "huiyin.site.outage.page"
