"""Bearer tokens for sockets and writers, of demo officers who may see every incident.

Owns: nothing. Promises: the tokens go to stdout as a JSON list, spread over desk roles (who see
personal parts) and the observer (who does not), so that a hub has two views to build.
"""

import json
import sys

import django

django.setup()

from emergency.models import Officer  # noqa: E402
from emergency.services import accounts  # noqa: E402

NAMES = ("duty", "duty2", "leader", "office", "observer")


def main(count: int) -> None:
    """Issue them."""
    officers = {officer.username: officer for officer in Officer.objects.all()}
    tokens = [
        accounts.issue_token(officer=officers[NAMES[number % len(NAMES)]], label="bench")
        for number in range(count)
    ]
    print(json.dumps(tokens))


main(int(sys.argv[1]))
