"""The addresses of sharing, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.shares import arriving, offering, standing

urlpatterns: list[URLPattern] = [
    path("messages/<int:pk>/offer/", offering.offer_message, name="offer_message"),
    path("alerts/<int:pk>/offer/", offering.offer_alert, name="offer_alert"),
    path("events/<int:pk>/offer/", offering.offer_event, name="offer_event"),
    path("shares/", standing.shares, name="shares"),
    path("shares/<uuid:share>/", standing.share, name="partner_share"),
    path("shares/<uuid:share>/renew/", standing.renew, name="renew_share"),
    path("shares/<uuid:share>/recall/", standing.recall, name="recall_share"),
    path("shares/again/<int:pk>/", standing.again, name="offer_again"),
    path("shared-with-us/", arriving.arrivals, name="arrivals"),
    path("shared-with-us/<int:pk>/", arriving.arrival, name="arrival"),
    path("shared-with-us/<int:pk>/take/", arriving.take, name="take_arrival"),
    path("shared-with-us/<int:pk>/know/", arriving.know, name="know_arrival"),
    path("shared-with-us/<int:pk>/decline/", arriving.decline, name="decline_arrival"),
    path("shared-with-us/<int:pk>/take-back/", arriving.take_back, name="take_back_arrival"),
]
