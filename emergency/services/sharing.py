"""Which nodes hold an incident: shared by hand, withdrawn, and the rules for new ones.

Owns: the officer's side of sharing; every write to a sharing rule. Promises: permission once at the
door; a share that has to travel by way of the node above is given to that node too; a rule is for
new incidents alone, and the log says what was and what is. Must not know: how a share travels
(realtime.link), requests.
"""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gis.events import TABLE_CHANGED
from realtime import log
from realtime.link import sharing
from realtime.models import NodeKey, Peer, Share
from realtime.problems import Invalid, NotFound

from ..models import Incident, IncidentType, Officer, SharingRule
from ..permissions import require
from ..selectors import actor_text

RULE_FIELDS = ("node", "type_prefix", "least_grade", "source", "verified")


def share_incident(
    *, actor: Officer, incident: Incident, node: str, until: datetime | None = None
) -> Share:
    """Let one more node hold an incident and all that is written about it.

    Raises Invalid for a node that is not known, Conflict where another node has to give it.
    """
    require(actor, "incident.share", incident)
    if node == settings.NODE_ID or not NodeKey.objects.filter(node=node, retired_at=None).exists():
        raise Invalid(fields={"node": _("There is no such node.")})
    thing, by = f"incident/{incident.pk}", actor_text(actor)
    with transaction.atomic():
        for step in [*_way_to(node), node]:
            known = sharing.Sharing.of([thing])
            if step == node or not known.has(thing, step):
                share = sharing.grant(thing=thing, node=step, actor=by, until=until)
    return share


def _way_to(node: str) -> list[str]:
    """The nodes between this one and that: none, or the one above."""
    if Peer.objects.filter(node=node, revoked_at=None).exists():
        return []
    return list(Peer.objects.filter(upper=True, revoked_at=None).values_list("node", flat=True))


def unshare_incident(*, actor: Officer, incident: Incident, node: str) -> Share:
    """Send nothing more of it to that node, which is asked to erase what it has."""
    require(actor, "incident.share", incident)
    given = Share.objects.filter(thing=f"incident/{incident.pk}", node=node, ended_at=None)
    share = given.filter(by=settings.NODE_ID).first()
    if share is None:
        raise NotFound
    return sharing.end(share=share, actor=actor_text(actor))


def share_all_with(*, node: str, source: str, by: str) -> None:
    """The rule that a new pairing begins with: the node above holds every new incident."""
    with transaction.atomic():
        rule, new = SharingRule.objects.get_or_create(
            node=node, type_prefix="", defaults={"source": source}
        )
        if new:
            _append(rule, None, _state(rule), by)


def set_rule(
    *,
    actor: Officer,
    node: str,
    type_prefix: str,
    least_grade: int | None,
    source: str,
    verified: bool,
) -> SharingRule:
    """Let a node hold new incidents of these classes from the start; replaces the rule for the
    same node and classes. Without a change nothing is written. Raises Invalid."""
    require(actor, "table.edit")
    if not Peer.objects.filter(node=node, revoked_at=None).exists():
        raise Invalid(fields={"node": _("There is no such node.")})
    if type_prefix and not IncidentType.objects.filter(code__startswith=type_prefix).exists():
        raise Invalid(fields={"type_prefix": _("There is no such class.")})
    with transaction.atomic():
        rule, new = SharingRule.objects.select_for_update().get_or_create(
            node=node, type_prefix=type_prefix
        )
        before = None if new else _state(rule)
        rule.least_grade, rule.source, rule.verified = least_grade, source, verified
        if _state(rule) != before:
            rule.save(update_fields=["least_grade", "source", "verified"])
            _append(rule, before, _state(rule), actor_text(actor))
    return rule


def remove_rule(*, actor: Officer, rule: SharingRule) -> None:
    """New incidents do not go there by this rule any more; those that went stay there."""
    require(actor, "table.edit")
    with transaction.atomic():
        found = SharingRule.objects.select_for_update().filter(pk=rule.pk).first()
        if found is None:
            raise NotFound
        before = _state(found)
        found.delete()
        _append(rule, before, None, actor_text(actor))


def _state(rule: SharingRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in RULE_FIELDS}


def _append(rule: SharingRule, before: dict | None, after: dict | None, by: str) -> None:
    key = f"{rule.node}/{rule.type_prefix or '*'}"
    log.append(
        TABLE_CHANGED,
        subject=f"audit/{uuid.uuid4()}",
        about=f"table/sharing_rules/{key}",
        actor=by,
        realm="real",
        rev=1,
        public={"table": "sharing_rules", "key": key, "before": before, "after": after},
    )
