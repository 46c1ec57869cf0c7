"""The addresses of drills, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.drills import views

urlpatterns: list[URLPattern] = [
    path("drills/", views.drills, name="drills"),
    path("drills/hold/", views.hold, name="hold_drill"),
    path("drills/write-down/", views.write_down, name="write_down_drill"),
    path("drills/<int:pk>/", views.drill, name="drill"),
    path("drills/<int:pk>/end/", views.end, name="end_drill"),
    path("drills/<int:pk>/break-off/", views.break_off, name="break_off_drill"),
    path("drills/<int:pk>/clean/", views.clean, name="clean_drill"),
    path("drills/<int:pk>/review/", views.review, name="review_drill"),
    path("drills/<int:pk>/actions/", views.add_action, name="add_drill_action"),
    path("drills/actions/<int:pk>/", views.close_action, name="close_drill_action"),
]
