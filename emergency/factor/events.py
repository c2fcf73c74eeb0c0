"""Event types of the second factor.

Owns: their shapes. Promises: neither secret nor code is in any of them; open screens ask their
rights again when one arrives. Must not know: who may do what.
"""

from typing import TypedDict

from realtime.registry import declare

from ..audit_events import AccountData


class FactorRuleData(TypedDict):
    """Of which roles a second factor is asked from now on, and was before."""

    asked: list[str]
    asked_before: list[str]


SIGN_IN_CHANGED = declare("signin.changed", version=1, topic="audit", data=AccountData, rights=True)
FACTOR_ASKED = declare("factor.asked", version=1, topic="audit", data=FactorRuleData, rights=True)
