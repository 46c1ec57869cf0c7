"""Every address of what comes next, below /a/<agency>/."""

from django.urls import path

from callbox.desk.planning import compare, exchange, hours, roadmap, steps, trend, way, what_if

urlpatterns = [
    path("roadmap/", roadmap.roadmap, name="roadmap"),
    path("roadmap/way/", way.way, name="way"),
    path("roadmap/choose/", way.choose, name="choose_plan"),
    path("roadmap/plans/<int:pk>/end/", steps.end, name="end_plan"),
    path("roadmap/steps/<int:pk>/", steps.step, name="plan_step"),
    path("roadmap/hours/", hours.hours, name="hours"),
    path("roadmap/hours/<slug:practice>/", hours.practice_hours, name="practice_hours"),
    path("roadmap/hours/<slug:practice>/save/", hours.save_hours, name="save_hours"),
    path("roadmap/<slug:name>.<slug:ending>", roadmap.export, name="export_roadmap"),
    path("what-if/", what_if.what_if, name="what_if"),
    path("trend/", trend.trend, name="trend"),
    path("trend/trend-split.<slug:ending>", trend.export, name="export_trend"),
    path("compare/", compare.compare, name="compare"),
    path("compare/<slug:name>.<slug:ending>", compare.export, name="export_compare"),
    path("compare/share/", exchange.share, name="share"),
    path("compare/receive/", exchange.receive, name="receive"),
    path("compare/pool/", exchange.pool, name="pool"),
]
