"""Addresses of the drill pages. Owns nothing else."""

from django.urls import path

from . import views

urlpatterns = [
    path("drills", views.calendar, name="drills"),
    path("drills/new", views.new_exercise, name="drill-new"),
    path("drills/rules", views.rules, name="drill-rules"),
    path("drills/rules/<int:pk>/remove", views.remove_rule, name="drill-rule-remove"),
    path("drills/of/<uuid:pk>", views.exercise, name="drill"),
    path("drills/of/<uuid:pk>/edit", views.edit_exercise, name="drill-edit"),
    path("drills/of/<uuid:pk>/cancel", views.cancel, name="drill-cancel"),
    path("drills/of/<uuid:pk>/held", views.held, name="drill-held"),
]
