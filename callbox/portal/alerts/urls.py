"""Addresses of alerts."""

from django.urls import URLPattern, path

from callbox.portal.alerts import feeds, views

urlpatterns: list[URLPattern] = [
    path("alerts.atom", feeds.atom, name="portal_alerts_atom"),
    path("alerts-test.atom", feeds.test_atom, name="portal_alerts_test_atom"),
    path("alerts/", views.alerts, name="portal_alerts"),
    path("alerts/<slug:identifier>/", views.alert, name="portal_alert"),
    path("alerts/<slug:identifier>/cap.xml", views.cap, name="portal_alert_cap"),
    path("alerts/<slug:identifier>/signed.json", views.signed, name="portal_alert_signed"),
    path("alerts/<slug:identifier>/area-<int:wide>.svg", views.picture, name="portal_alert_picture"),
]
