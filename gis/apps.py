"""The app of the city's geo platform: layers, coordinates, tiles, spatial analysis.

Owns: nothing but its registration with Django. Promises: importing it costs no file and no
query; layers are loaded when first asked for. Must not know: who asks, and what for.
"""

from django.apps import AppConfig


class GisConfig(AppConfig):
    name = "gis"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Geo platform"
