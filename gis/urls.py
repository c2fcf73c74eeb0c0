"""Addresses of the geo platform outside of the API."""

from django.urls import path, register_converter

from . import tiles


class Sha256:
    """A content hash in an address; anything else is no address of ours."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256, "sha256")

urlpatterns = [
    path("tiles/<slug:slug>/<sha256:sha256>/<int:z>/<int:x>/<int:y>", tiles.tile, name="tile"),
]
