"""Which nodes hold an incident: from the start by rule, later by share.

Owns: the queries. Promises: without a rule nothing leaves this node. Must not know: requests, how
a share travels (realtime.link).
"""

from typing import Any

from django.conf import settings

from realtime.link.sharing import shares_of
from realtime.models import Peer

from .models import Incident, Organisation, SharingRule


def audience_of(incident: Incident) -> list[str]:
    """The nodes that may hold this incident from the start, this one included, sorted."""
    paired = Peer.objects.filter(revoked_at=None).exclude(confirmed_at=None).values("node")
    rules = SharingRule.objects.filter(node__in=paired)
    found = {rule.node for rule in rules if _covers(rule, incident)}
    return sorted({settings.NODE_ID, *found})


def _covers(rule: SharingRule, incident: Incident) -> bool:
    if not incident.type_code.startswith(rule.type_prefix):
        return False
    if rule.least_grade is None:
        return True
    return incident.grade is not None and incident.grade <= rule.least_grade


def shares(incident: Incident) -> list[dict[str, Any]]:
    """The shares of an incident, as API and log tell them, ended ones too."""
    return shares_of(f"incident/{incident.pk}")


def node_names() -> dict[str, str]:
    """The names of nodes: of the organisation that runs them, else as they called themselves."""
    own = dict(Organisation.objects.exclude(node="").values_list("node", "name"))
    return dict(Peer.objects.values_list("node", "name")) | own
