"""What each role may do with drills.

Owns: the verbs by role. Promises: a verb that is not in a role's row is denied. Must not know: who
takes part in which exercise (selectors).
"""

from emergency.models import Role

SEE = frozenset({"drill.see"})
TAKE = SEE | {
    "drill.control",
    "drill.evaluate",
    "drill.improve",
}  # where the own organisation does so
VERBS: dict[str, frozenset[str]] = {
    Role.DUTY_OFFICER: TAKE,
    Role.SHIFT_LEADER: TAKE,
    Role.EMERGENCY_OFFICE: TAKE | {"drill.schedule", "drill.rule"},
    Role.DISTRICT_OFFICER: TAKE,
    Role.LIAISON: TAKE,
    Role.OBSERVER: SEE,
}
