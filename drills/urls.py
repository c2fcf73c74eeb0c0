"""Addresses of the drill pages. Owns nothing else."""

from django.urls import path

from .views import exercises, rules

urlpatterns = [
    path("drills", exercises.calendar, name="drills"),
    path("drills/new", exercises.new_exercise, name="drill-new"),
    path("drills/rules", rules.rules, name="drill-rules"),
    path("drills/rules/<int:pk>/remove", rules.remove_rule, name="drill-rule-remove"),
    path("drills/of/<uuid:pk>", exercises.exercise, name="drill"),
    path("drills/of/<uuid:pk>/edit", exercises.edit_exercise, name="drill-edit"),
    path("drills/of/<uuid:pk>/cancel", exercises.cancel, name="drill-cancel"),
    path("drills/of/<uuid:pk>/held", exercises.held, name="drill-held"),
]
