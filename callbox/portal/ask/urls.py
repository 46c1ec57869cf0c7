"""Addresses of questions, under /p/<agency>/. The secret in an address is the only key to its page; nothing here writes addresses down."""

from django.urls import URLPattern, path

from callbox.portal.ask import views

urlpatterns: list[URLPattern] = [
    path("ask/", views.ask, name="portal_ask"),
    path("ask/<str:secret>/", views.question, name="portal_question"),
]
