"""The addresses of tips, under /a/<agency>/."""

from django.urls import URLPattern, path

from callbox.desk.tips import keys, views

urlpatterns: list[URLPattern] = [
    path("tips/", views.tips, name="tips"),
    path("tips/keys/", keys.tip_keys, name="tip_keys"),
    path("tips/keys/add/", keys.add_tip_key, name="add_tip_key"),
    path("tips/keys/<int:pk>/allow/", keys.allow_tip_key, name="allow_tip_key"),
    path("tips/keys/<int:pk>/refuse/", keys.refuse_tip_key, name="refuse_tip_key"),
    path("tips/keys/<int:pk>/end/", keys.end_tip_key, name="end_tip_key"),
    path("tips/<uuid:pk>/", views.tip, name="tip"),
    path("tips/<uuid:pk>/read/", views.read_tip, name="read_tip"),
    path("tips/<uuid:pk>/letters/<int:number>/", views.sealed_letter, name="sealed_letter"),
    path("tips/<uuid:pk>/answer/", views.answer_tip, name="answer_tip"),
    path("tips/<uuid:pk>/judge/", views.judge_tip, name="judge_tip"),
    path("tips/<uuid:pk>/settle/", views.settle_tip, name="settle_tip"),
    path("tips/<uuid:pk>/reopen/", views.reopen_tip, name="reopen_tip"),
]
