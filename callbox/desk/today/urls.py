"""The address of the first page, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.today import views

urlpatterns: list[URLPattern] = [path("today/", views.today, name="today")]
