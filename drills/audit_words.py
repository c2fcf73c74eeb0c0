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
    "inject.late": gettext_noop("Inject came late"),
    "exercise.clock": gettext_noop("Clock of the exercise set"),
    "criteria.set": gettext_noop("What is judged was set"),
    "mark.given": gettext_noop("Judged by an evaluator"),
    "improvement.recorded": gettext_noop("Finding recorded"),
    "progress.made": gettext_noop("Progress of a finding"),
}
FIELDS = {
    "months": gettext_noop("At least once in months"),
    "last_on": gettext_noop("Last exercised on, before this platform"),
    "target": gettext_noop("Target"),
    "limit": gettext_noop("Limit"),
    "points": gettext_noop("Points of a hundred"),
    "warn_days": gettext_noop("Warn how many days before"),
}
ACTS = {
    "drill.control": gettext_noop("controlling an exercise"),
    "drill.evaluate": gettext_noop("judging an exercise"),
    "drill.improve": gettext_noop("following up findings"),
    "drill.rule": gettext_noop("changing the rules of drills"),
    "drill.schedule": gettext_noop("scheduling exercises"),
    "drill.see": gettext_noop("reading exercises"),
}
REFUSALS = [
    (r"control of an exercise", gettext_noop("control of an exercise of others")),
    (r"evaluation of an exercise", gettext_noop("judging in an exercise of others")),
    (r"findings of an exercise", gettext_noop("findings of an exercise of others")),
    (r"progress of an improvement", gettext_noop("progress of a finding of others")),
]
VALUES = {
    ("table", "due_rules"): gettext_noop("What is due"),
    ("table", "metrics"): gettext_noop("Metrics"),
    ("table", "scales"): gettext_noop("Scales"),
}
