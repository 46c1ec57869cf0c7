"""The addresses of the retention pages, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.governance import certificates, holds, retention

urlpatterns: list[URLPattern] = [
    path("retention/", retention.calendar, name="retention"),
    path("retention/holds/", holds.holds, name="holds"),
    path("retention/holds/place/", holds.place, name="place_hold"),
    path("retention/holds/<int:pk>/release/", holds.release, name="release_hold"),
    path("retention/certificates/", certificates.certificates, name="disposals"),
    path("retention/certificates/table.<slug:ending>", certificates.export, name="export_disposals"),
    path("retention/kinds/<slug:class_id>/", retention.kind, name="retention_class"),
    path("retention/kinds/<slug:class_id>/days/", retention.set_days, name="set_retention"),
    path("retention/kinds/<slug:class_id>/clear/", retention.clear, name="clear_retention"),
]
