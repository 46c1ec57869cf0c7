"""The addresses of gateways, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.gateways import views

urlpatterns: list[URLPattern] = [
    path("gateways/", views.gateways, name="gateways"),
    path("gateways/new/", views.new_gateway, name="new_gateway"),
    path("gateways/<int:pk>/", views.gateway, name="gateway"),
    path("gateways/<int:pk>/test/", views.test, name="test_gateway"),
    path("gateways/<int:pk>/secret/", views.secret, name="gateway_secret"),
    path("gateways/<int:pk>/secret/end/", views.end_secret, name="end_gateway_secret"),
    path("gateways/<int:pk>/close/", views.close, name="close_gateway"),
    path("gateways/<int:pk>/reopen/", views.reopen, name="reopen_gateway"),
]
