"""The addresses of voice, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.voice import alone, calendar, deliveries, freezing, listing, media, message, writing

urlpatterns: list[URLPattern] = [
    path("messages/", listing.messages, name="messages"),
    path("messages/new/", writing.write, name="write"),
    path("messages/preview/", writing.preview, name="preview"),
    path("messages/images/<slug:sha256>/", media.image, name="image"),
    path("messages/<int:pk>/", message.message, name="message"),
    path("messages/<int:pk>/write/", writing.rewrite, name="rewrite"),
    path("messages/<int:pk>/correct/", writing.correct, name="correct"),
    path("messages/<int:pk>/submit/", message.submit, name="submit_message"),
    path("messages/<int:pk>/approve/", message.approve, name="approve_message"),
    path("messages/<int:pk>/alone/", alone.send_alone, name="send_alone"),
    path("messages/alone/", alone.sent_alone, name="sent_alone"),
    path("messages/alone/rule/", alone.rule, name="alone_rule"),
    path("messages/alone/<int:pk>/review/", alone.review_alone, name="review_alone"),
    path("messages/<int:pk>/send-back/", message.send_back, name="send_back_message"),
    path("messages/<int:pk>/hour/", message.reschedule, name="reschedule"),
    path("messages/<int:pk>/withdraw/", message.withdraw, name="withdraw_message"),
    path("messages/<int:pk>/drop/", message.drop, name="drop_message"),
    path("messages/<int:pk>/restore/", message.restore, name="restore_message"),
    path("deliveries/<int:pk>/settle/", deliveries.settle, name="settle_delivery"),
    path("deliveries/<int:pk>/release/", deliveries.release, name="release_delivery"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("freeze/", freezing.standstill, name="standstill"),
    path("freeze/press/", freezing.press, name="press_freeze"),
    path("freeze/lift/", freezing.lift, name="lift_freeze"),
]
