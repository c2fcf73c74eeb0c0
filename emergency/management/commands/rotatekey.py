"""`manage.py rotatekey`: this node signs with a new key from now on.

Peers hear of it over their links, or by the next letter; the old private key is removed when the
last of them has. Say it while the node runs or not; a process that runs goes on with the new key.

Owns: the words of the command. Promises: prints JSON. Must not know: the steps (link/rotation.py).
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from realtime.link import rotation
from realtime.log import SYSTEM
from realtime.problems import Problem
from realtime.start import open_log


class Command(BaseCommand):
    help = "Give this node a new signing key and tell every node that it knows."

    def handle(self, *args: Any, **options: Any) -> None:
        open_log()
        try:
            key = rotation.rotate(actor=SYSTEM)
        except Problem as problem:
            raise CommandError(str(problem.message)) from problem
        self.stdout.write(json.dumps({"key": key.pk, "replaces": key.replaces}))
