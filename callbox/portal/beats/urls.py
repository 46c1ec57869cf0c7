"""Addresses of beats, under /p/<agency>/. What somebody looks for travels in forms, never in addresses that a log could keep."""

from django.urls import URLPattern, path

from callbox.portal.beats import views

urlpatterns: list[URLPattern] = [
    path("beats/", views.beats, name="portal_beats"),
    path("beats/map-<int:wide>.svg", views.picture, name="portal_beats_map"),
    path("beats/<slug:code>/", views.beat, name="portal_beat"),
    path("beats/<slug:code>/meetings.ics", views.meetings, name="portal_beat_meetings"),
]
