"""The addresses of connected accounts, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.connections import views

urlpatterns: list[URLPattern] = [
    path("accounts/connected/", views.connections, name="connections"),
    path("accounts/connected/new/", views.connect, name="connect"),
    path("accounts/connected/new/<slug:kind>/", views.connect_kind, name="connect_kind"),
    path("accounts/connected/<int:pk>/", views.connection, name="connection"),
    path("accounts/connected/<int:pk>/end/", views.end_connection, name="end_connection"),
]
