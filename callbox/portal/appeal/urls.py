"""The address of a hidden comment's page, under /p/<agency>/. The secret in it is the only key; nothing here writes addresses down."""

from django.urls import URLPattern, path

from callbox.portal.appeal import views

urlpatterns: list[URLPattern] = [path("appeal/<str:secret>/", views.appeal, name="portal_appeal")]
