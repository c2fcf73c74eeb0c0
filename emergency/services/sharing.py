"""Which nodes hold an incident: shared by hand, withdrawn, and the rules for new ones.

Owns: the officer's side of sharing; every write to a sharing rule. Promises: permission once at the
door; a share that has to travel by way of the node above is given to that node too, for as long as
it is needed; a rule is for new incidents and for those that are graded or classed anew, never
against a person who withdrew, and the log says what was and what is. Must not know: how a share
travels (realtime.link), requests.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gis.services import tables
from realtime.link import sharing
from realtime.models import NodeKey, Peer, Share
from realtime.problems import Invalid, NotFound

from .. import realms
from ..models import Incident, IncidentType, Officer, SharingRule
from ..permissions import require
from ..selectors import actor_text
from ..selectors_proposals import proposals
from ..selectors_sharing import (
    BY_RULE,
    ON_THE_WAY,
    audience_of,
    is_by_hand,
    is_on_the_way,
    withdrawn,
)
from ..share_events import PROPOSAL_DECLINED
from . import notes

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
    if not all(realms.may_go(incident.realm, one) for one in (node, *sharing.way_to(node))):
        raise Invalid(fields={"node": _("That node takes no part in the exercise.")})
    thing, by = f"incident/{incident.pk}", actor_text(actor)
    with transaction.atomic():
        _lock(incident)
        share = grant_with_way(thing=thing, node=node, by=by, until=until)
        if share.by == settings.NODE_ID and not is_by_hand(share):
            share = sharing.renew(share=share, actor=by, until=until)
        _keep_way(thing, by)
    return share


def grant_with_way(*, thing: str, node: str, by: str, until: datetime | None = None) -> Share:
    """Let a node hold a thing, and those between that pass it on; part of the caller's
    transaction."""
    for step in sharing.way_to(node):
        if not sharing.Sharing.of([thing]).has(thing, step):
            sharing.grant(thing=thing, node=step, actor=f"{by} {ON_THE_WAY}", until=until)
    return sharing.grant(thing=thing, node=node, actor=by, until=until)


def _lock(incident: Incident) -> None:
    """Shares of one incident are given and ended one after the other."""
    Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)


def _keep_way(thing: str, by: str) -> None:
    """A share on the way lasts as long as the longest that needs it, and ends with the last."""
    mine = Share.objects.filter(thing=thing, by=settings.NODE_ID, ended_at=None)
    given = [one for one in mine if sharing.is_in_force(one)]
    for way in given:
        if not is_on_the_way(way):
            continue
        ends = [one.until for one in given if way.node in sharing.way_to(one.node)]
        until = None if None in ends else max(ends, default=None)
        if not ends:
            sharing.end(share=way, actor=f"{by} {ON_THE_WAY}")
        elif until != way.until:
            sharing.renew(share=way, actor=f"{by} {ON_THE_WAY}", until=until)


def share_by_rule(*, incident: Incident, by: str) -> None:
    """Share an incident that has changed with those for whom a rule holds now; part of the
    caller's transaction. What a person has withdrawn stays withdrawn."""
    thing, never = f"incident/{incident.pk}", {settings.NODE_ID, *withdrawn(incident)}
    for node in audience_of(incident):
        if node not in never and not sharing.Sharing.of([thing]).has(thing, node):
            sharing.grant(thing=thing, node=node, actor=f"{by} {BY_RULE}")


def unshare_incident(*, actor: Officer, incident: Incident, node: str) -> Share:
    """Send nothing more of it to that node, which is asked to erase what it has."""
    require(actor, "incident.share", incident)
    thing, by = f"incident/{incident.pk}", actor_text(actor)
    with transaction.atomic():
        _lock(incident)
        given = Share.objects.filter(thing=thing, node=node, by=settings.NODE_ID, ended_at=None)
        share = given.first()
        if share is None:
            raise NotFound
        share = sharing.end(share=share, actor=by)
        _keep_way(thing, by)
    return share


def decline_proposal(*, actor: Officer, incident: Incident, node: str) -> None:
    """Propose this node no more for this incident, as long as its area is the same.

    Raises NotFound where it is not proposed.
    """
    with transaction.atomic():
        _lock(incident)
        found = [one for one in proposals(actor, incident) if one["node"] == node]
        if not found:
            raise NotFound
        notes.append(PROPOSAL_DECLINED, incident, actor, node=node, area=found[0]["area"])


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
    tables.tell(table="sharing_rules", key=key, before=before, after=after, actor=by)
