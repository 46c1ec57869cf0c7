"""The addresses of the roster, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.roster import views

urlpatterns: list[URLPattern] = [
    path("roster/", views.roster, name="roster"),
    path("roster/plan/", views.plan_shift, name="plan_shift"),
    path("roster/<int:pk>/take-off/", views.take_off, name="take_off_shift"),
    path("roster/<int:pk>/put-back/", views.put_back, name="put_back_shift"),
]
