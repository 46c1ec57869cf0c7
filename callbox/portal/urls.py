"""Every address of the public plane, written out. Pages of an agency lie under /p/<short name>/, in another language under /es/p/..."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from callbox.portal import front

of_agency: list[URLPattern | URLResolver] = [
    path("", front.agency_front, name="portal_agency"),
    path("colour.css", front.colour, name="portal_colour"),
    path("", include("callbox.portal.alerts.urls")),
    path("", include("callbox.portal.newsroom.urls")),
    path("", include("callbox.portal.beats.urls")),
    path("", include("callbox.portal.ask.urls")),
    path("", include("callbox.portal.subscribe.urls")),
    path("", include("callbox.portal.tips.urls")),
    path("", include("callbox.portal.case.urls")),
    path("", include("callbox.portal.appeal.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    # Only on a portal of its own; beside the desk these two are the desk's.
    path("", front.home, name="portal_root"),
    path("health", front.health, name="portal_health"),
    *i18n_patterns(
        path("p/", front.home, name="portal_home"),
        path("p/<slug:agency>/", include(of_agency)),
        prefix_default_language=False,
    ),
]

handler400 = "callbox.portal.errors.bad_request"
handler403 = "callbox.portal.errors.forbidden"
handler404 = "callbox.portal.errors.not_found"
handler500 = "callbox.portal.errors.server_error"
