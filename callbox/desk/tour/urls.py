"""Addresses of the tour, included in the demonstration alone."""

from django.urls import URLPattern, path

from callbox.desk.tour import views

urlpatterns: list[URLPattern] = [
    path("", views.tour, name="tour"),
    path("enter/", views.enter, name="tour_enter"),
    path("resident/", views.speak, name="tour_resident"),
]
