"""The addresses of incidents and escalations, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.incidents import acts, escalation_views, views

urlpatterns: list[URLPattern] = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new/", views.new_incident, name="new_incident"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
    path("incidents/<int:pk>/close/", views.close, name="close_incident"),
    path("incidents/<int:pk>/change/", acts.change, name="change_incident"),
    path("incidents/<int:pk>/note/", acts.note, name="note_incident"),
    path("incidents/<int:pk>/first-word/", acts.first_word, name="first_word"),
    path("incidents/<int:pk>/unlink/", acts.unlink, name="unlink_incident"),
    path("incidents/link/", acts.link, name="link_incident"),
    path("incidents/<int:pk>/reopen/", acts.reopen, name="reopen_incident"),
    path("incidents/from/<str:subject>/", acts.open_from, name="open_incident_from"),
    path("escalations/", escalation_views.escalations, name="escalations"),
    path("escalations/<int:pk>/", escalation_views.escalation, name="escalation"),
    path("escalations/<int:pk>/settle/", escalation_views.settle, name="settle_escalation"),
    path("escalate/<str:subject>/", escalation_views.escalate, name="escalate"),
]
