"""Addresses of tips, under /p/<agency>/. None of them holds anything of a tip: receipts travel in forms, never in addresses."""

from django.urls import URLPattern, path

from callbox.portal.tips import views

urlpatterns: list[URLPattern] = [
    path("tip/", views.tip, name="portal_tip"),
    path("tip/again/", views.again, name="portal_tip_again"),
]
