"""The address of subscriptions, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.subscriptions import views

urlpatterns: list[URLPattern] = [path("subscriptions/", views.subscriptions, name="subscriptions")]
