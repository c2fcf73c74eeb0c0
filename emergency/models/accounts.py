"""Who works here: organisations, officers, API tokens.

Owns: fields and constraints. Promises: an officer has exactly one role in exactly one
organisation, so no one can hold two of the three administrator roles (三员分立); development
zones are organisations like districts and their areas may overlap. Must not know: what a role
may do (emergency/permissions.py).
"""

from datetime import UTC, datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """A city, district, development zone, department or company, under the name of its time."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        DISTRICT = "district", _("District or county")
        ZONE = "zone", _("Development zone")
        DEPARTMENT = "department", _("Department")
        COMPANY = "company", _("Company")

    code = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    aliases = models.JSONField(default=list, blank=True)
    area = models.CharField(
        max_length=120, blank=True, help_text="layer slug/feature id of the area it answers for"
    )
    node = models.CharField(
        max_length=64, blank=True, help_text="node that this organisation runs, if it has one"
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=~models.Q(area=""), name="one_organisation_per_area"
            ),
            models.UniqueConstraint(
                fields=["node"], condition=~models.Q(node=""), name="one_organisation_per_node"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """Its name in the language of the page."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class Role(models.TextChoices):
    """What an officer is here."""

    DUTY_OFFICER = "duty_officer", _("Duty officer")
    SHIFT_LEADER = "shift_leader", _("Shift leader")
    EMERGENCY_OFFICE = "emergency_office", _("Emergency office")
    DISTRICT_OFFICER = "district_officer", _("District officer")
    LIAISON = "liaison", _("Department liaison")
    OBSERVER = "observer", _("Observer")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


class OfficerManager(BaseUserManager):
    """Makes officers with a hashed password."""

    def create_user(self, username: str, password: str, **fields) -> "Officer":
        """Insert an officer; used by emergency/services/accounts.py alone."""
        officer = self.model(username=username, **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """A person who signs in."""

    username = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    rev = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = OfficerManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="officer_role")
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def in_force(self) -> bool:
        """Active, and not past the end of the appointment."""
        return self.is_active and (self.valid_until is None or self.valid_until > datetime.now(UTC))


class ApiToken(models.Model):
    """A bearer token of an officer; only its SHA-256 is kept."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE)
    label = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
