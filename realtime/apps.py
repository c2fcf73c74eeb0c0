"""App configuration of `realtime`; owns the name only."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """The log, and what reads it live."""

    name = "realtime"
    default_auto_field = "django.db.models.BigAutoField"
