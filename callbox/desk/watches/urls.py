"""The addresses of watches, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.watches import acts, views

urlpatterns: list[URLPattern] = [
    path("watches/", views.watches, name="watches"),
    path("watches/new/", views.new_watch, name="new_watch"),
    path("watches/<int:pk>/", views.watch, name="watch"),
    path("watches/<int:pk>/edit/", views.edit_watch, name="edit_watch"),
    path("watches/<int:pk>/submit/", acts.submit, name="submit_watch"),
    path("watches/<int:pk>/sign/", acts.sign, name="sign_watch"),
    path("watches/<int:pk>/allow/", acts.allow, name="allow_watch"),
    path("watches/<int:pk>/send-back/", acts.send_back, name="send_back_watch"),
    path("watches/<int:pk>/refuse/", acts.refuse, name="refuse_watch"),
    path("watches/<int:pk>/end/", acts.end, name="end_watch"),
]
