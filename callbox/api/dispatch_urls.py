"""The addresses of dispatch centres, under /api/v1/."""

from django.urls import URLPattern, path

from callbox.api import dispatch

urlpatterns: list[URLPattern] = [
    path("escalations/<uuid:key>/acknowledge", dispatch.acknowledge, name="api_acknowledge"),
    path("incidents", dispatch.incident, name="api_incident"),
]
