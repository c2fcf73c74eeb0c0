"""Addresses of the drill pages. Owns nothing else."""

from django.urls import path

from .views import conduct, desk, exercises, rules, score, script

INJECT = "drills/of/<uuid:pk>/script/<uuid:inject>"

urlpatterns = [
    path("drills", exercises.calendar, name="drills"),
    path("drills/new", exercises.new_exercise, name="drill-new"),
    path("drills/metrics", rules.metrics, name="drill-metrics"),
    path("drills/rules", rules.rules, name="drill-rules"),
    path("drills/rules/<int:pk>/remove", rules.remove_rule, name="drill-rule-remove"),
    path("drills/of/<uuid:pk>", exercises.exercise, name="drill"),
    path("drills/of/<uuid:pk>/edit", exercises.edit_exercise, name="drill-edit"),
    path("drills/of/<uuid:pk>/cancel", exercises.cancel, name="drill-cancel"),
    path("drills/of/<uuid:pk>/held", exercises.held, name="drill-held"),
    path("drills/of/<uuid:pk>/desk", desk.desk, name="drill-desk"),
    path(
        "drills/of/<uuid:pk>/received/<uuid:inject>/files/<str:sha256>",
        desk.received,
        name="received-file",
    ),
    path("drills/of/<uuid:pk>/run", conduct.console, name="console"),
    path("drills/of/<uuid:pk>/run/<str:act>", conduct.turn, name="console-turn"),
    path("drills/of/<uuid:pk>/run/<uuid:inject>/<str:act>", conduct.inject, name="console-inject"),
    path("drills/of/<uuid:pk>/score", score.score, name="score"),
    path("drills/of/<uuid:pk>/script", script.script, name="script"),
    path("drills/of/<uuid:pk>/script/new", script.new_inject, name="inject-new"),
    path("drills/of/<uuid:pk>/script/workbook", script.workbook, name="workbook"),
    path(INJECT, script.edit_inject, name="inject-edit"),
    path(f"{INJECT}/cancel", script.cancel, name="inject-cancel"),
    path(f"{INJECT}/back", script.put_back, name="inject-back"),
    path(f"{INJECT}/attach", script.attach, name="inject-attach"),
    path(f"{INJECT}/files/<str:sha256>", script.attached, name="inject-file"),
    path(f"{INJECT}/files/<str:sha256>/detach", script.detach, name="inject-detach"),
]
