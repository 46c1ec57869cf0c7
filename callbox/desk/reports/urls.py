"""Every address of the reports, below /a/<agency>/. The files themselves are those of an assessment's export."""

from django.urls import path

from callbox.desk.reports import views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/<int:pk>/chief/", views.chief, name="report_chief"),
    path("reports/<int:pk>/full/", views.full, name="report_full"),
    path("reports/<int:pk>/<slug:name>.json", views.as_json, name="report_json"),
]
