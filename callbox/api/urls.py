"""Every address for machines, written out. All lie under /api/; each call proves itself by its signature."""

from django.urls import URLPattern, URLResolver, include, path

v1: list[URLPattern | URLResolver] = [
    path("", include("callbox.api.dispatch_urls")),
    path("", include("callbox.api.shares_urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [path("api/v1/", include(v1))]
