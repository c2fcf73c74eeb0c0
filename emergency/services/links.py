"""The administrator's side of links: codes, joining, confirming, revoking, a new key.

Owns: the one request that a joining node makes to the node above. Promises: permission once at the
door. Must not know: pages; what pairing means (realtime.link.pairing).
"""

from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import keys
from realtime.link import pairing, rotation
from realtime.link.session import LinkSession
from realtime.models import NodeKey, Peer
from realtime.problems import Invalid

from ..models import Officer
from ..permissions import require
from ..selectors import actor_text
from .sharing import share_all_with

PATIENCE = 10.0  # seconds


def issue_code(*, actor: Officer, node: str) -> str:
    """A code for the administrator of that node."""
    require(actor, "link.manage")
    return pairing.issue_code(node=node, actor=actor_text(actor))


def join(*, actor: Officer, url: str, code: str) -> Peer:
    """Pair with the node above at this address. Raises Invalid where it does not take the code."""
    require(actor, "link.manage")
    return join_as(by=actor_text(actor), url=url, code=code)


def join_as(*, by: str, url: str, code: str) -> Peer:
    """As `join`, for a command."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise Invalid(fields={"url": _("An address begins with http:// or https://.")})
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise Invalid(fields={"url": _("Another machine is reached with https:// only.")})
    base = f"{parts.scheme}://{parts.netloc}"
    given = {
        "node": settings.NODE_ID,
        "name": settings.NODE_NAME,
        "public": keys.signer().public.hex(),
        "code": code,
    }
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
            answer = client.post(f"{base}/api/pairing", json=given)
        found: dict[str, Any] = answer.json() if answer.status_code == 201 else {}
        public = bytes.fromhex(found["public"])
        node, name = str(found["node"]), str(found["name"])
    except httpx.HTTPError as error:
        raise Invalid(fields={"url": _("That node cannot be reached.")}) from error
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(fields={"code": _("That node does not take this code.")}) from error
    return pairing.joined(code=code, node=node, name=name, public=public, url=base, actor=by)


def confirm(*, actor: Officer, node: str, cleared: bool) -> Peer:
    """The numbers are equal: the link may speak; `cleared`: personal parts may go there."""
    require(actor, "link.manage")
    return confirm_as(by=actor_text(actor), node=node, cleared=cleared)


def confirm_as(*, by: str, node: str, cleared: bool) -> Peer:
    """As `confirm`, for a command."""
    with transaction.atomic():
        peer = pairing.confirm(node=node, actor=by, cleared=cleared)
        if peer.upper:
            share_all_with(node=node, source=_("pairing with %(node)s") % {"node": node}, by=by)
    return peer


def revoke(*, actor: Officer, node: str) -> Peer:
    """End the link and withdraw the key."""
    require(actor, "link.manage")
    return pairing.revoke(node=node, actor=actor_text(actor))


def compare_now(*, actor: Officer, node: str) -> None:
    """Ask both ends whether they hold the same, as soon as the link stands."""
    require(actor, "system.see")
    LinkSession.compare_now(node)


def rotate_key(*, actor: Officer) -> NodeKey:
    """A new key for this node. Raises Conflict while peers lag too far behind."""
    require(actor, "link.manage")
    return rotation.rotate(actor=actor_text(actor))
