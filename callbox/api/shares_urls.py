"""The addresses partners of other installations call, under /api/v1/."""

from django.urls import URLPattern, path

from callbox.api import shares

urlpatterns: list[URLPattern] = [
    path("shares/<slug:agency>/bundles", shares.bundles, name="api_share_bundles"),
    path("shares/<slug:agency>/receipts", shares.receipts, name="api_share_receipts"),
    path("shares/<slug:agency>/files/<slug:share>/<slug:sha256>", shares.file, name="api_share_file"),
]
