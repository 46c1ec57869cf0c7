"""The addresses of sources, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.sources import views

urlpatterns: list[URLPattern] = [
    path("sources/", views.sources, name="sources"),
    path("sources/new/", views.new_source, name="new_source"),
    path("sources/<int:pk>/", views.source, name="source"),
    path("sources/<int:pk>/terms/", views.renew, name="renew_source"),
    path("sources/<int:pk>/token/", views.token, name="source_token"),
    path("sources/<int:pk>/close/", views.close, name="close_source"),
    path("sources/<int:pk>/reopen/", views.reopen, name="reopen_source"),
]
