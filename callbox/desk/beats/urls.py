"""The addresses of beats, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.beats import views

urlpatterns: list[URLPattern] = [
    path("beats/", views.beats, name="beats"),
    path("beats/look/", views.look_at_beats, name="look_at_beats"),
    path("beats/save/", views.save_beats, name="save_beats"),
    path("beats/streets/", views.save_streets, name="save_streets"),
    path("beats/<int:pk>/", views.change_beat, name="change_beat"),
    path("beats/<int:pk>/end/", views.end_beat, name="end_beat"),
]
