"""The addresses of alerts, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.alerts import acts, views, writing

urlpatterns: list[URLPattern] = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/new/", writing.new, name="new_alert"),
    path("alerts/from/", writing.begin_from, name="alert_from"),
    path("alerts/<int:pk>/", views.alert, name="alert"),
    path("alerts/<int:pk>/write/", writing.rewrite, name="write_alert"),
    path("alerts/<int:pk>/area-<int:wide>.svg", views.picture, name="alert_picture"),
    path("alerts/<int:pk>/cap.xml", views.download, name="alert_xml"),
    path("alerts/<int:pk>/follow/", writing.follow, name="follow_alert"),
    path("alerts/<int:pk>/submit/", acts.submit, name="submit_alert"),
    path("alerts/<int:pk>/approve/", acts.approve, name="approve_alert"),
    path("alerts/<int:pk>/send-back/", acts.send_back, name="send_back_alert"),
    path("alerts/<int:pk>/publish/", acts.publish, name="publish_alert"),
    path("alerts/<int:pk>/drop/", acts.drop, name="drop_alert"),
]
