"""Which nodes hold an incident: from the start by rule, later by share; and the nodes there are.

Owns: the queries. Promises: without a rule nothing leaves this node. Must not know: requests, how
a share travels (realtime.link).
"""

from collections import defaultdict
from typing import Any

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language

from realtime.link.nodes import NODE_INTRODUCED
from realtime.link.sharing import SHARE_ENDED, SHARE_GRANTED, shares_of
from realtime.models import Envelope, NodeKey, Peer, Share
from realtime.registry import EventType

from . import realms
from .models import Incident, IncidentType, Organisation, SharingRule

BY_RULE, ON_THE_WAY = "rule", "way"  # after the actor of a share that no person asked for as such


def audience_of(incident: Incident) -> list[str]:
    """The nodes that may hold this incident from the start, this one included, sorted."""
    found = {rule.node for rule in rules_in_force() if _covers(rule, incident)}
    may = {node for node in found if realms.may_go(incident.realm, node)}
    return sorted({settings.NODE_ID, *may})


def rules_in_force() -> QuerySet[SharingRule]:
    """The rules for nodes that are paired with this one; the others wait for a pairing."""
    paired = Peer.objects.filter(revoked_at=None).exclude(confirmed_at=None).values("node")
    return SharingRule.objects.filter(node__in=paired)


def _covers(rule: SharingRule, incident: Incident) -> bool:
    if not incident.type_code.startswith(rule.type_prefix):
        return False
    if rule.least_grade is None:
        return True
    return incident.grade is not None and incident.grade <= rule.least_grade


def shares(incident: Incident) -> list[dict[str, Any]]:
    """The shares of an incident, as API and log tell them, ended ones too."""
    return shares_of(f"incident/{incident.pk}")


def withdrawn(incident: Incident) -> set[str]:
    """The nodes from which a person of this node has withdrawn this incident."""
    thing = f"incident/{incident.pk}"
    ended = Share.objects.filter(thing=thing, by=settings.NODE_ID).exclude(ended_at=None)
    words = _words(thing, SHARE_ENDED)
    return {node for pk, node in ended.values_list("pk", "node") if not words.get(str(pk))}


def is_by_hand(share: Share) -> bool:
    """Did a person give it, and not a rule or the need of another share?"""
    return not _words(share.thing, SHARE_GRANTED).get(str(share.pk))


def is_on_the_way(share: Share) -> bool:
    """Was it given only so that the node can pass on what others were given?"""
    return _words(share.thing, SHARE_GRANTED).get(str(share.pk)) == ON_THE_WAY


def _words(thing: str, kind: EventType) -> dict[str, str]:
    """Why shares of a thing were given or ended, by share: the word after `name@node role`."""
    rows = Envelope.objects.filter(about=thing, type=kind.name, source=settings.NODE_ID)
    found = rows.order_by("rev").values_list("subject", "actor")
    return {subject.partition("/")[2]: " ".join(actor.split(" ")[2:]) for subject, actor in found}


def node_names() -> dict[str, str]:
    """The names of nodes: of the organisation that runs them, else as they called themselves."""
    introduced = {}
    told = Envelope.objects.filter(type=NODE_INTRODUCED.name).order_by("position")
    for public in told.exclude(public=None).values_list("public", flat=True):
        data = orjson.loads(bytes(public))
        introduced[data["node"]] = data["name"]
    own = dict(Organisation.objects.exclude(node="").values_list("node", "name"))
    return introduced | dict(Peer.objects.values_list("node", "name")) | own


def shown_node_names() -> dict[str, str]:
    """The same in the language of the page, as far as an organisation has a name in it."""
    english = (get_language() or "").startswith("en")
    return node_names() | (_english_names() if english else {})


def _english_names() -> dict[str, str]:
    own = Organisation.objects.exclude(node="").exclude(name_en="")
    return dict(own.values_list("node", "name_en"))


def known_nodes() -> list[dict[str, Any]]:
    """Every other node by name.

    `shareable`: it has a key, so that things can be shared with it; `peer`: linked with this node
    directly, `upper`: above it, `cleared`: personal parts go there; `rules`: which new incidents
    it holds from the start.
    """
    english = _english_names()
    keys = set(NodeKey.objects.filter(retired_at=None).values_list("node", flat=True))
    peers = Peer.objects.filter(revoked_at=None).exclude(confirmed_at=None).in_bulk()
    rules = defaultdict(list)
    for rule in rules_in_force():
        rules[rule.node].append({"type_prefix": rule.type_prefix, "least_grade": rule.least_grade})
    names = dict.fromkeys(keys, "") | node_names()
    names.pop(settings.NODE_ID, None)
    return [
        {
            "node": node,
            "name": names[node] or node,
            "name_en": english.get(node, ""),
            "shareable": node in keys,
            "peer": node in peers,
            "upper": node in peers and peers[node].upper,
            "cleared": node in peers and peers[node].cleared,
            "rules": rules[node],
        }
        for node in sorted(names)
    ]


def reached() -> set[str]:
    """Other nodes that can be given something: those of which there is a key, but those that are
    not paired any more, or not yet."""
    known = NodeKey.objects.filter(retired_at=None).exclude(node=settings.NODE_ID)
    closed = Peer.objects.exclude(revoked_at=None, confirmed_at__isnull=False)
    return set(known.values_list("node", flat=True)) - set(closed.values_list("node", flat=True))


def class_names() -> dict[str, str]:
    """The beginning of its code to the name of each class, in the language of the page."""
    kinds = IncidentType.objects.exclude(parent=None)
    return {prefix_of(kind.code): kind.shown_name for kind in kinds}


def rule_rows() -> list[dict[str, Any]]:
    """Every sharing rule for the page of the tables: names, and whether the node is paired."""
    names = shown_node_names()
    paired = {rule.pk for rule in rules_in_force()}
    classes = class_names()
    return [
        {
            "rule": rule,
            "name": names.get(rule.node, rule.node),
            "class_name": classes.get(rule.type_prefix, ""),
            "grades": "ⅠⅡⅢⅣ"[: rule.least_grade or 0],
            "in_force": rule.pk in paired,
        }
        for rule in SharingRule.objects.all()
    ]


def prefix_of(code: str) -> str:
    """What the codes of a class and of all classes below it begin with."""
    if code.endswith("000"):
        return code[:2]
    return code[:3] if code.endswith("00") else code
