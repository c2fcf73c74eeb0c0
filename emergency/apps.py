"""App configuration of `emergency`; registers who answers questions of rights and of names."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string

from realtime import access


class EmergencyConfig(AppConfig):
    """The duty desk."""

    name = "emergency"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # models exist only now, so these cannot be imported at the top
        access.register(import_string("emergency.rights.OfficerRights")())
        topic = import_module("emergency.duty.topic")
        rights = import_module("emergency.rights")
        for name in ("duty", "rollcalls"):
            rights.add_topic(name, rights.Topic(topic.KINDS, topic.scopes, topic.view))
        import_string("emergency.duty.events.DUTY_LOGGED")
        import_string("emergency.handover.events.HANDOVER_SIGNED")
        import_string("emergency.documents.events.DOCUMENT_ISSUED")
        import_string("emergency.archive.events.INCIDENT_PACKED")
        import_string("emergency.roster.apply.apply_shifts")
        import_string("emergency.rollcall.apply.apply_calls")
        import_string("emergency.apply.apply_incidents")
        import_string("emergency.plans.apply.SHAPES")
        import_string("emergency.directives.apply.HAS_TO_BE")
        import_string("emergency.reporting.apply.apply_reports")
        import_string("emergency.deadlines.apply.apply_steps")
        import_string("emergency.rounds.apply.HAS_TO_BE")
        import_string("emergency.supplements.apply.HAS_TO_BE")
        area_names = import_string("emergency.selectors.area_names")
        import_string("gis.search.register_names")(area_names)
