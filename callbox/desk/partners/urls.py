"""The addresses of partners, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.partners import agreements, views

urlpatterns: list[URLPattern] = [
    path("partners/", views.partners, name="partners"),
    path("partners/new/", views.new_partner, name="new_partner"),
    path("partners/<int:pk>/", views.partner, name="partner"),
    path("partners/<int:pk>/change/", views.change, name="change_partner"),
    path("partners/<int:pk>/contact/", views.contact, name="contact_partner"),
    path("partners/<int:pk>/key/", views.key, name="check_partner_key"),
    path("partners/<int:pk>/end/", views.end, name="end_partner"),
    path("partners/<int:pk>/take-up/", views.take_up, name="take_up_partner"),
    path("partners/<int:pk>/agreement/", agreements.new_agreement, name="new_agreement"),
    path("agreements/<int:pk>/sign/", agreements.sign, name="sign_agreement"),
    path("agreements/<int:pk>/end/", agreements.end, name="end_agreement"),
]
