"""The doors of the desk zone: officers, supervisors, administrators; all under /desk/."""

from django.urls import include, path

from huiyin.doors.officer import urls as officer

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    # The later of two equal names is the one that pages point to: /i18n/ at the common address is answered by
    # the public process, which refuses the desk's token.
    path("desk/i18n/", include("django.conf.urls.i18n")),
    path("desk/", include((officer.urlpatterns, "desk"))),
]

handler500 = "huiyin.site.outage.page"
