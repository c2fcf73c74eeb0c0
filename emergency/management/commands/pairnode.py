"""`manage.py pairnode`: what the administrators' page does for links, for scripts.

    pairnode code NODE           issue a one-use code for that node
    pairnode join URL CODE       pair with the node above at this address
    pairnode confirm NODE        the numbers on both ends are equal [--cleared: personal parts too]
    pairnode compare NODE        ask both ends whether they hold the same
    pairnode revoke NODE         end the link and withdraw the key

Owns: the words of the command. Promises: prints JSON. Must not know: what pairing means.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from emergency.services import links
from realtime.link import pairing
from realtime.link.session import LinkSession
from realtime.log import SYSTEM
from realtime.models import Peer
from realtime.problems import Problem


class Command(BaseCommand):
    help = "Pair this node with another, confirm a pairing, or end it."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("code").add_argument("node")
        join = verbs.add_parser("join")
        join.add_argument("url")
        join.add_argument("code")
        confirm = verbs.add_parser("confirm")
        confirm.add_argument("node")
        confirm.add_argument("--cleared", action="store_true", help="personal parts may go there")
        verbs.add_parser("compare").add_argument("node")
        verbs.add_parser("revoke").add_argument("node")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = getattr(self, f"_{options['verb']}")(options)
        except Problem as problem:
            said = {"message": str(problem.message)} | {
                name: str(text) for name, text in problem.fields.items()
            }
            raise CommandError(json.dumps(said, ensure_ascii=False)) from problem
        self.stdout.write(json.dumps(told, ensure_ascii=False))

    def _code(self, options: dict[str, Any]) -> dict[str, Any]:
        code = pairing.issue_code(node=options["node"], actor=SYSTEM)
        return {"node": options["node"], "code": code}

    def _join(self, options: dict[str, Any]) -> dict[str, Any]:
        return _told(links.join_as(by=SYSTEM, url=options["url"], code=options["code"]))

    def _confirm(self, options: dict[str, Any]) -> dict[str, Any]:
        return _told(links.confirm_as(by=SYSTEM, node=options["node"], cleared=options["cleared"]))

    def _compare(self, options: dict[str, Any]) -> dict[str, Any]:
        LinkSession.compare_now(options["node"])
        return {"node": options["node"]}

    def _revoke(self, options: dict[str, Any]) -> dict[str, Any]:
        return _told(pairing.revoke(node=options["node"], actor=SYSTEM))


def _told(peer: Peer) -> dict[str, Any]:
    return {
        "node": peer.node,
        "name": peer.name,
        "number": peer.number,
        "confirmed": peer.confirmed_at is not None,
        "revoked": peer.revoked_at is not None,
    }
