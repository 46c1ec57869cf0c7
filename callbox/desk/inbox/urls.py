"""The addresses of the inbox, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.inbox import acts, views

urlpatterns: list[URLPattern] = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:pk>/", views.conversation, name="conversation"),
    path("inbox/<int:pk>/claim/", acts.claim, name="claim_conversation"),
    path("inbox/<int:pk>/release/", acts.release, name="release_conversation"),
    path("inbox/<int:pk>/hand-over/", acts.hand_over, name="hand_over_conversation"),
    path("inbox/<int:pk>/answer/", acts.answer, name="answer_conversation"),
    path("inbox/<int:pk>/note/", acts.note, name="note_conversation"),
    path("inbox/<int:pk>/label/", acts.label, name="label_conversation"),
    path("inbox/<int:pk>/urgent/", acts.urgent, name="urgent_conversation"),
    path("inbox/<int:pk>/close/", acts.close, name="close_conversation"),
    path("inbox/<int:pk>/reopen/", acts.reopen, name="reopen_conversation"),
]
