"""Addresses of the drill pages. Owns nothing else."""

from django.urls import path

from .views import conduct, desk, evaluation, exercises, improvement, report, rules, score, script

INJECT = "drills/of/<uuid:pk>/script/<uuid:inject>"

FINDING = "drills/of/<uuid:pk>/findings/<uuid:item>"

urlpatterns = [
    path("drills", exercises.calendar, name="drills"),
    path("drills/new", exercises.new_exercise, name="drill-new"),
    path("drills/metrics", rules.metrics, name="drill-metrics"),
    path("drills/scales", rules.scales, name="drill-scales"),
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
    path("drills/of/<uuid:pk>/report", report.report, name="report"),
    path("drills/of/<uuid:pk>/report/document", report.as_document, name="report-document"),
    path("drills/of/<uuid:pk>/report/replay", report.as_replay, name="report-replay"),
    path("drills/of/<uuid:pk>/replay", score.replay, name="replay"),
    path("drills/of/<uuid:pk>/score", score.score, name="score"),
    path("drills/of/<uuid:pk>/criteria", evaluation.criteria, name="criteria"),
    path("drills/improvements", improvement.improvements, name="improvements"),
    path("drills/of/<uuid:pk>/findings", improvement.findings, name="findings"),
    path(FINDING, improvement.edit_finding, name="finding-edit"),
    path(f"{FINDING}/progress", improvement.progress, name="finding-progress"),
    path("drills/of/<uuid:pk>/marks", evaluation.marks, name="marks"),
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
