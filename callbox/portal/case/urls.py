"""The address of reports, under /p/<agency>/. Number and words travel in a form, never in an address."""

from django.urls import URLPattern, path

from callbox.portal.case import views

urlpatterns: list[URLPattern] = [path("report/", views.case, name="portal_case")]
