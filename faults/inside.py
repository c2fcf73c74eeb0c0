"""Several management commands of one node in one process, since each start costs seconds.

`python -m faults.inside` with BELLTOWER_* in the environment; a JSON list of commands on stdin, a
JSON list of what they printed on stdout.
"""

import io
import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

if __name__ == "__main__":
    told = []
    for name, *arguments in json.load(sys.stdin):
        output = io.StringIO()
        call_command(name, *arguments, stdout=output)
        told.append(output.getvalue())
    json.dump(told, sys.stdout)
