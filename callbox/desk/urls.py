"""Every address of the staff desk, written out. Pages of an agency lie under /a/<short name>/."""

from allauth.account import views as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language

from callbox.desk import views
from callbox.desk.agency import approvers, audit, people
from callbox.desk.agency import portal as agency_portal
from callbox.desk.agency import settings as agency_settings
from callbox.desk.signin import views as signin

of_agency: list[URLPattern | URLResolver] = [
    path("", views.agency_home, name="agency_home"),
    path("colour.css", views.agency_css, name="agency_css"),
    path("", include("callbox.desk.today.urls")),
    path("", include("callbox.desk.assessments.urls")),
    path("", include("callbox.desk.reports.urls")),
    path("", include("callbox.desk.planning.urls")),
    path("", include("callbox.desk.accounts.urls")),
    path("", include("callbox.desk.goals.urls")),
    path("", include("callbox.desk.campaigns.urls")),
    path("", include("callbox.desk.inbox.urls")),
    path("", include("callbox.desk.moderation.urls")),
    path("", include("callbox.desk.cases.urls")),
    path("", include("callbox.desk.alerts.urls")),
    path("", include("callbox.desk.tips.urls")),
    path("", include("callbox.desk.watches.urls")),
    path("", include("callbox.desk.sources.urls")),
    path("", include("callbox.desk.incidents.urls")),
    path("", include("callbox.desk.gateways.urls")),
    path("", include("callbox.desk.drills.urls")),
    path("", include("callbox.desk.beats.urls")),
    path("", include("callbox.desk.subscriptions.urls")),
    path("", include("callbox.desk.events.urls")),
    path("", include("callbox.desk.connections.urls")),
    path("", include("callbox.desk.roster.urls")),
    path("", include("callbox.desk.voice.urls")),
    path("", include("callbox.desk.partners.urls")),
    path("", include("callbox.desk.shares.urls")),
    path("", include("callbox.desk.governance.urls")),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("people/<int:pk>/", people.member, name="member"),
    path("portal/", agency_portal.portal_settings, name="portal_settings"),
    path("messages/approvers/", approvers.approval_rule, name="approval_rule"),
    path("messages/approvers/set/", approvers.set_approval_rule, name="set_approval_rule"),
    path("settings/", agency_settings.agency_settings, name="agency_settings"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verify/", audit.audit_verify, name="audit_verify"),
    path("audit/export/", audit.audit_export, name="audit_export"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("favicon.ico", views.icon, name="icon"),
    path("theme", views.theme, name="theme"),
    path("language", set_language, name="set_language"),
    path("a/<slug:agency>/", include(of_agency)),
    # signing in: allauth's views, written out, because its own list opens doors that are closed here
    path("welcome/<str:secret>/", people.welcome, name="welcome"),
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

if settings.DEMO:  # signs in with one click, so it exists nowhere else
    urlpatterns.append(path("tour/", include("callbox.desk.tour.urls")))
