"""Addresses of the geo platform outside of the API."""

from django.urls import path

from . import tiles

urlpatterns = [
    path("tiles/<slug:slug>/<str:sha256>/<int:z>/<int:x>/<int:y>", tiles.tile, name="tile"),
]
