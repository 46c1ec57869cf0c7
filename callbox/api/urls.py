"""Every address for machines, written out. All lie under /api/; each call proves itself by its signature."""

from django.urls import URLPattern, URLResolver, include, path

v1: list[URLPattern | URLResolver] = []

urlpatterns: list[URLPattern | URLResolver] = [path("api/v1/", include(v1))]
