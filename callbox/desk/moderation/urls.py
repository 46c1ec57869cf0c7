"""The addresses of hidden comments, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.moderation import pages, views

urlpatterns: list[URLPattern] = [
    path("moderation/", pages.moderation, name="moderation"),
    path("moderation/grounds/", pages.law, name="moderation_grounds"),
    path("moderation/counts.csv", pages.counts_csv, name="moderation_counts_csv"),
    path("moderation/counts.json", pages.counts_json, name="moderation_counts_json"),
    path("moderation/line/<int:pk>/hide/", views.hide_comment, name="hide_comment"),
    path("moderation/<int:pk>/", pages.hiding, name="hiding"),
    path("moderation/<int:pk>/restore/", views.restore, name="restore_comment"),
    path("moderation/<int:pk>/ask/", views.ask, name="ask_network"),
    path("moderation/<int:pk>/tell/", views.tell, name="tell_author"),
    path("moderation/<int:pk>/decide/", views.decide, name="decide_appeal"),
]
