"""Addresses of subscriptions, under /p/<agency>/. Opening one changes nothing: mail scanners open every link."""

from django.urls import URLPattern, path

from callbox.portal.subscribe import views

urlpatterns: list[URLPattern] = [
    path("subscribe/", views.subscribe, name="portal_subscribe"),
    path("subscribe/<str:secret>/", views.subscription, name="portal_subscription"),
    path("subscribe/<str:secret>/change/", views.change, name="portal_change_subscription"),
    path("subscribe/<str:secret>/end/", views.unsubscribe, name="portal_unsubscribe"),
]
