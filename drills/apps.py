"""App configuration of `drills`; registers what it adds to the desk: facts, verbs, realms, page."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class DrillsConfig(AppConfig):
    """The emergency office's drills."""

    name = "drills"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # models exist only now, so these cannot be imported at the top
        import_string("drills.apply.apply_exercises")
        import_string("emergency.roles.add_verbs")(import_string("drills.verbs.VERBS"))
        words = import_module("drills.audit_words")
        import_string("emergency.audit_words.learn")(
            topics=words.TOPICS, types=words.TYPES, fields=words.FIELDS, values=words.VALUES
        )
        import_string("emergency.refusal_words.learn")(words.ACTS, words.REFUSALS)
        topic = import_module("drills.topic")
        rights = import_module("emergency.rights")
        rights.add_topic("exercises", rights.Topic(topic.KINDS, topic.scopes, topic.view))
        import_string("emergency.realms.register")(import_string("drills.realms.look_up"))
        plans = import_module("emergency.views.plans")
        plans.add_notes(import_string("drills.selectors_improvement.notes_on_plans"))
        timers = import_module("drills.timers")
        import_string("emergency.timers.add_job")(timers.TICK, timers.InjectWatch())
        import_string("emergency.timers.add_job")(
            timers.OPEN_EVERY, import_string("drills.services.answers.open_after_end")
        )
        page = import_string("emergency.views.office.Page")
        import_string("emergency.views.office.add_page")(
            page("drills", _("Drills"), "drill.see"), after="plans"
        )
