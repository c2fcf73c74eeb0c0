"""The elements of a first report, and which of them an incident still lacks.

Owns: the list. Promises: 不详 is said and still open; the same as `static/js/elements.js`, a test
compares them. Must not know: who asks.
Source: the union of the national and city report forms (国办 and Xi'an flood plan 2024).
"""

from ..events import CASUALTIES
from ..models import Incident
from ..selectors import withheld

ELEMENTS = (
    "summary address type_code grade casualties occurred_at received_at source reporter measures "
    "cause"
).split()
UNCLASSIFIED = "10000"


def standing(incident: Incident) -> tuple[list[str], list[str]]:
    """Names of the elements that are known and that are open, in the order of the form; of a
    reporter whose name this node was never given neither can be said."""
    known = {
        "address": incident.lon is not None,
        "type_code": incident.type_code not in ("", UNCLASSIFIED),
        "casualties": all(getattr(incident, name) is not None for name in CASUALTIES),
        "reporter": any(incident.reporter.values()),
    }
    counted = [name for name in ELEMENTS if name != "reporter" or not withheld([incident])]
    filled = [
        name for name in counted if (known[name] if name in known else getattr(incident, name))
    ]
    return filled, [name for name in counted if name not in filled]
