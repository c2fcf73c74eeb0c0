"""What the audit page calls what drills tell the log.

Owns: the words. Must not know: how they are shown (emergency/audit_words.py).
"""

from django.utils.translation import gettext_noop

TOPICS = {"exercises": gettext_noop("Exercises")}
TYPES = {
    "exercise.scheduled": gettext_noop("Exercise scheduled"),
    "exercise.changed": gettext_noop("Exercise changed"),
    "exercise.cancelled": gettext_noop("Exercise cancelled"),
    "exercise.held": gettext_noop("Exercise held"),
    "script.opened": gettext_noop("Script begun"),
    "inject.written": gettext_noop("Inject written"),
    "inject.answered": gettext_noop("Inject answered"),
    "inject.delivered": gettext_noop("Inject sent"),
    "exercise.clock": gettext_noop("Clock of the exercise set"),
}
FIELDS = {
    "months": gettext_noop("At least once in months"),
    "last_on": gettext_noop("Last exercised on, before this platform"),
    "target": gettext_noop("Target"),
    "limit": gettext_noop("Limit"),
    "warn_days": gettext_noop("Warn how many days before"),
}
VALUES = {
    ("table", "due_rules"): gettext_noop("What is due"),
    ("table", "metrics"): gettext_noop("Metrics"),
}
