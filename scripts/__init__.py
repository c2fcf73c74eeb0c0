"""Tools around the project: preparing a machine and checking the tree. The nodes never import them.

What runs before the virtual environment exists (`bootstrap` and its parts) uses the standard
library alone; the checks run inside the environment.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - asked of the machine's Python, before all else
    sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0])
