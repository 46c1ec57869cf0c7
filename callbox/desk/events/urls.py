"""The addresses of events, under /a/<agency>/. None of them takes a name: posts and authors are reached by the number of a row alone."""

from django.urls import URLPattern, path

from callbox.desk.events import acts, hits, reveals, views

urlpatterns: list[URLPattern] = [
    path("events/", views.events, name="events"),
    path("events/<int:pk>/", views.event, name="event"),
    path("events/<int:pk>/take/", acts.take, name="take_event"),
    path("events/<int:pk>/release/", acts.release, name="release_event"),
    path("events/<int:pk>/name/", acts.name, name="name_event"),
    path("events/<int:pk>/finding/", acts.finding, name="judge_event"),
    path("events/<int:pk>/close/", acts.close, name="close_event"),
    path("events/<int:pk>/merge/", acts.merge, name="merge_event"),
    path("events/<int:pk>/unmerge/", acts.unmerge, name="unmerge_event"),
    path("events/<int:pk>/keep/", acts.keep, name="keep_event"),
    path("events/posts/<int:pk>/split/", acts.split, name="split_sighting"),
    path("events/posts/<int:pk>/author/", reveals.ask, name="ask_reveal"),
    path("events/authors/", reveals.reveals, name="reveals"),
    path("events/authors/<int:pk>/decide/", reveals.decide, name="decide_reveal"),
    path("events/authors/<int:pk>/look/", reveals.look, name="look_reveal"),
    path("events/watches/", hits.hit_rates, name="hit_rates"),
]
