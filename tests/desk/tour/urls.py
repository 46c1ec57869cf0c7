"""The desk with its tour, as the demonstration serves it."""

from django.urls import include, path

from callbox.config.urls import handler400, handler403, handler404, handler500
from callbox.desk.urls import urlpatterns as desk

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*desk, path("tour/", include("callbox.desk.tour.urls"))]
