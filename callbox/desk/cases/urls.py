"""The addresses of updates, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.cases import views

urlpatterns: list[URLPattern] = [
    path("updates/", views.cases, name="cases"),
    path("updates/new/", views.new_case, name="new_case"),
    path("updates/<int:pk>/", views.case, name="case"),
    path("updates/<int:pk>/write/", views.write, name="write_update"),
    path("updates/<int:pk>/words/", views.words, name="case_words"),
    path("updates/<int:pk>/close/", views.close, name="close_case"),
    path("updates/<int:pk>/reopen/", views.reopen, name="reopen_case"),
    path("updates/<int:pk>/take-off/", views.take_off, name="take_off_case"),
]
