"""How officers sign in beside the password: second factor, by which roles, unified identity.

Owns: fields and constraints. Promises: at most one an officer; neither secret nor codes stand here
in the clear. Must not know: how a code is worked out (emergency/factor/codes.py).
"""

from django.db import models

from .accounts import Officer, Role


class SecondFactor(models.Model):
    """An authenticator of an officer; `step` is the last whose code was used."""

    officer = models.OneToOneField(Officer, primary_key=True, on_delete=models.CASCADE)
    secret = models.TextField()
    step = models.BigIntegerField(default=0)
    since = models.DateTimeField()
    codes = models.JSONField(default=list)


class UnifiedIdentity(models.Model):
    """The identity of the city's own provider that an officer signs in with."""

    officer = models.OneToOneField(Officer, primary_key=True, on_delete=models.CASCADE)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once")]


class FactorRule(models.Model):
    """A role whose officers sign in with a second factor."""

    role = models.CharField(primary_key=True, max_length=20, choices=Role.choices)
