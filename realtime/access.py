"""The one door of rights: may this user see this subject, this part, this layer?

Owns: the question and the registration of who answers it. Pages, API, tiles, sockets and
exports all ask here. Promises: with no resolver registered everything is denied. Must not
know: organisations, roles or any other ground on which the answer is given; those belong to
the resolver that an app registers at start.

`Rights` is an opaque hashable value: users with equal rights share one bucket of the hub, so a
question is asked once per envelope and bucket, not once per socket. A credential is opaque text
("session:<key>", "token:<id>") that the resolver can always ask again: that is how a right
withdrawn reaches a socket that is already open.
"""

from collections.abc import Collection, Hashable
from enum import IntEnum
from typing import Any, Protocol

Rights = Hashable
Scope = Any


class View(IntEnum):
    """How much of a thing may be seen."""

    NONE = 0
    GONE = 1  # was visible once, is not any more: only its subject may be told, as `gone`
    PUBLIC = 2
    FULL = 3  # with the personal part


class Resolver(Protocol):
    """What an app registers at start with `register`."""

    def credential(self, scope: dict) -> str | None:
        """The credential that an ASGI scope carries (cookie or bearer), None = nobody."""

    def rights(self, credentials: Collection[str]) -> dict[str, Rights]:
        """Rights per credential that is still valid; an absent one has ended."""

    def user_rights(self, user: Any) -> Rights | None:
        """Rights of a request's user; None = none at all."""

    def scopes(self, abouts: Collection[str]) -> dict[str, Scope]:
        """What governs each subject, in one query for the lot."""

    def view(self, rights: Rights, topic: str, realm: str, scope: Scope | None) -> View:
        """How much these rights show of a thing with this topic, realm and scope."""

    def layer(self, rights: Rights, audience: Collection[str]) -> bool:
        """May these rights see a layer of this audience (tags; empty = every signed-in user)?"""

    def denied(self, user: Any, address: str, what: str) -> None:
        """Record a refusal; called after the answer is decided, never raises."""


class _Nobody:
    """The resolver before any is registered: denies everything."""

    def credential(self, scope: dict) -> str | None:
        return None

    def rights(self, credentials: Collection[str]) -> dict[str, Rights]:
        return {}

    def user_rights(self, user: Any) -> Rights | None:
        return None

    def scopes(self, abouts: Collection[str]) -> dict[str, Scope]:
        return {}

    def view(self, rights: Rights, topic: str, realm: str, scope: Scope | None) -> View:
        return View.NONE

    def layer(self, rights: Rights, audience: Collection[str]) -> bool:
        return False

    def denied(self, user: Any, address: str, what: str) -> None:
        return None


_resolver: Resolver = _Nobody()


def register(resolver: Resolver) -> None:
    """Make this resolver the one that answers; called once, when the app starts."""
    global _resolver
    _resolver = resolver


def resolver() -> Resolver:
    """The resolver in force."""
    return _resolver


def layer_visible(user: Any, audience: Collection[str]) -> bool:
    """May this request's user see a layer of this audience?"""
    rights = _resolver.user_rights(user)
    return rights is not None and _resolver.layer(rights, audience)
