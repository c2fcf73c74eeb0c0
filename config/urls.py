"""Addresses of a node: wiring only."""

from django.urls import include, path

from . import pages
from .api import api

urlpatterns = [
    path("", include("emergency.urls")),
    path("", include("drills.urls")),
    path("", include("gis.urls")),
    path("api/", api.urls),
    path("healthz", pages.healthz, name="healthz"),
    path("metrics", pages.metrics, name="metrics"),
    path("language", pages.language, name="language"),
    path("messages.js", pages.messages, name="messages"),
]
handler404 = "config.pages.not_found"
handler500 = "config.pages.fault"
handler403 = "config.pages.forbidden"
handler400 = "config.pages.bad_request"
