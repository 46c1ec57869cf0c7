"""The addresses of the accounts page, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.accounts import views

urlpatterns: list[URLPattern] = [
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/state/", views.state_account, name="state_account"),
]
