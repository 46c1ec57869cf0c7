"""Every address, written out by the rooms that answer it."""

from django.urls import include, path

urlpatterns = [
    path("", include("callbox.api.urls")),
    path("", include("callbox.desk.urls")),
]

handler400 = "callbox.desk.errors.bad_request"
handler403 = "callbox.desk.errors.forbidden"
handler404 = "callbox.desk.errors.not_found"
handler500 = "callbox.desk.errors.server_error"
