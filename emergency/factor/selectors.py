"""Who has a second factor, and of whom one is asked.

Owns: those queries. Promises: where the node is set to ask everybody, no table says otherwise. Must
not know: codes, requests.
"""

from django.conf import settings

from ..models import FactorRule, Officer, Role, SecondFactor, UnifiedIdentity

ALL = "all"  # the setting that asks everybody


def roles_asked() -> frozenset[str]:
    """The roles whose officers sign in with a second factor."""
    if settings.SECOND_FACTOR == ALL:
        return frozenset(Role.values)
    return frozenset(FactorRule.objects.values_list("role", flat=True))


def factor_of(officer: Officer) -> SecondFactor | None:
    """The second factor of this officer."""
    return SecondFactor.objects.filter(officer=officer).first()


def identity_of(officer: Officer) -> UnifiedIdentity | None:
    """The identity at the city's provider that is this officer's."""
    return UnifiedIdentity.objects.filter(officer=officer).first()


def is_asked(officer: Officer) -> bool:
    """Does the password alone not let this officer in?"""
    return officer.role in roles_asked() or factor_of(officer) is not None
