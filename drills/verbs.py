"""What each role may do with drills.

Owns: the verbs by role. Promises: a verb that is not in a role's row is denied. Must not know: who
takes part in which exercise (selectors).
"""

from emergency.models import Role

SEE = frozenset({"drill.see"})
VERBS: dict[str, frozenset[str]] = {
    Role.DUTY_OFFICER: SEE,
    Role.SHIFT_LEADER: SEE,
    Role.EMERGENCY_OFFICE: SEE | {"drill.schedule", "drill.rule"},
    Role.DISTRICT_OFFICER: SEE,
    Role.LIAISON: SEE,
    Role.OBSERVER: SEE,
}
