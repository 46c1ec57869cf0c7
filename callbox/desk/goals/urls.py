"""The addresses of the first-week guide and of the goals, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.goals import guide, views

urlpatterns: list[URLPattern] = [
    path("guide/", guide.overview, name="guide"),
    path("guide/aside/", guide.aside, name="guide_aside"),
    path("guide/hand-in/", guide.hand_in, name="guide_hand_in"),
    path("guide/answers/<slug:question>/", guide.history, name="guide_history"),
    path("guide/<slug:chapter>/", guide.chapter, name="guide_chapter"),
    path("goals/", views.goals, name="goals"),
    path("goals/new/", views.new_goal, name="new_goal"),
    path("goals/<int:pk>/", views.goal, name="goal"),
    path("goals/<int:pk>/change/", views.change_goal, name="change_goal"),
    path("goals/<int:pk>/look/", views.look_at_goal, name="look_at_goal"),
    path("goals/<int:pk>/end/", views.end_goal, name="end_goal"),
]
