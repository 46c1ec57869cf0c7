"""Every address of the staff desk, written out. Pages of an agency lie under /a/<short name>/."""

from allauth.account import views as account
from django.urls import include, path, re_path
from django.views.i18n import set_language

from callbox.desk import views
from callbox.desk.signin import views as signin

of_agency = [
    path("", views.agency_home, name="agency_home"),
    path("colour.css", views.agency_css, name="agency_css"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("theme", views.theme, name="theme"),
    path("language", set_language, name="set_language"),
    path("a/<slug:agency>/", include(of_agency)),
    # signing in: allauth's views, written out, because its own list opens doors that are closed here
    path("account/", signin.account, name="account"),
    path("account/second-factor/", signin.second_factor, name="second_factor"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path(
        "account/closed/", account.signup, name="account_signup"
    ),  # allauth links here; it answers that sign-up is closed
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/forgotten/", account.password_reset, name="account_reset_password"),
    path("account/password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/new/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    path("account/factors/", include("allauth.mfa.urls")),
]
