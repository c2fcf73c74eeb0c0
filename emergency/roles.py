"""What each role may do, in one table.

Owns: the verbs by role. Promises: a verb that is not in a role's row is denied; what is of the
node's own desk is for the organisation that runs the node; what stands on this app adds its own
verbs at the start. Must not know: what is acted on (emergency/permissions.py), who may see what
(emergency/rights.py).
"""

from django.conf import settings

from .models import Officer, Role

WRITE = frozenset({"incident.report", "incident.edit", "entry.write", "attachment.add"})
STEERING = frozenset(  # for those who wrote the incident down or in whose area it lies
    "incident.edit incident.advance incident.grade incident.share incident.archive "
    "plan.activate report.draft report.sign directive.record".split()
)
RECEIVE = frozenset(  # acknowledge, and do what is asked
    {"incident.receive", "task.answer", "round.report"}
)
READ = frozenset({"plan.see", "directive.see"})
DUTY = frozenset({"duty.see", "duty.write"})
PAPERS = frozenset({"document.see", "document.issue"})  # of the own organisation
ROSTER = frozenset({"duty.roster"})
EXPLAIN = frozenset({"rights.explain", "rights.audit"})  # why anybody sees what
OF_THE_NODE = DUTY | ROSTER  # for the organisation that runs the node alone
LEAD = (
    READ
    | WRITE
    | RECEIVE
    | {"incident.advance", "incident.grade", "incident.share", "plan.activate", "report.draft"}
    | {"directive.record", "rights.explain"}
    | PAPERS
)
VERBS: dict[str, frozenset[str]] = {
    Role.DUTY_OFFICER: LEAD | DUTY,
    Role.SHIFT_LEADER: LEAD | DUTY | ROSTER | {"incident.archive", "report.sign"},
    Role.EMERGENCY_OFFICE: LEAD
    | DUTY
    | ROSTER
    | {"incident.archive", "report.sign", "plan.edit", "table.edit"},
    Role.DISTRICT_OFFICER: LEAD | {"report.sign"},
    Role.LIAISON: READ | RECEIVE | {"entry.write", "attachment.add"},
    Role.OBSERVER: READ,
    Role.SYSTEM_ADMIN: frozenset({"layer.import", "link.manage", "system.see", "table.edit"}),
    Role.SECURITY_ADMIN: frozenset({"officer.manage", "system.see"}) | EXPLAIN,
    Role.AUDIT_ADMIN: frozenset({"audit.see", "system.see"}) | EXPLAIN,
}


def verbs_of(officer: Officer) -> frozenset[str]:
    """What this officer may do at this node."""
    verbs = VERBS.get(officer.role, frozenset())
    return verbs if officer.organisation.node == settings.NODE_ID else verbs - OF_THE_NODE


def add_verbs(more: dict[str, frozenset[str]]) -> None:
    """Let these roles do more, from the start of the process on."""
    for role, verbs in more.items():
        VERBS[role] |= verbs
