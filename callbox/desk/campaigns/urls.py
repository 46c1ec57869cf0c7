"""The addresses of the campaigns, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.campaigns import views

urlpatterns: list[URLPattern] = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/new/", views.new_campaign, name="new_campaign"),
    path("campaigns/<int:pk>/", views.campaign, name="campaign"),
    path("campaigns/<int:pk>/change/", views.change_campaign, name="change_campaign"),
    path("campaigns/<int:pk>/messages/", views.add_message, name="add_campaign_message"),
    path("campaigns/<int:pk>/messages/<int:message>/remove/", views.remove_message, name="remove_campaign_message"),
    path("campaigns/<int:pk>/count/", views.count, name="count_campaign"),
]
