"""What can go wrong at a door, as small typed errors with an HTTP status each.

Owns: the base class and the kinds every layer shares. Apps add their own subclasses beside
their services. Promises: `code` is stable and English, `message` is in the user's language,
`fields` maps a field's name to its message. Must not know: any domain word, any view.
"""

from django.utils.translation import gettext_lazy as _


class Problem(Exception):
    """Base: answered as `{code, message, fields}` with `status`."""

    status = 400
    code = "bad_request"
    message = _("The request cannot be carried out.")

    def __init__(self, message: object | None = None, *, fields: dict[str, object] | None = None):
        self.message = message or self.message
        self.fields = fields or {}
        super().__init__(str(self.message))


class Invalid(Problem):
    """Shape or value is wrong; `fields` says where."""

    status = 422
    code = "invalid"
    message = _("Some values are not right.")


class NotFound(Problem):
    """Absent, or not yours: the same answer for both."""

    status = 404
    code = "not_found"
    message = _("Not found.")


class NotAllowed(Problem):
    """You see the thing, but may not do this to it."""

    status = 403
    code = "not_allowed"
    message = _("Your role does not allow this.")


class Conflict(Problem):
    """The state of the thing has moved on or forbids the step."""

    status = 409
    code = "conflict"
    message = _("The record is not in a state that allows this.")


class TooLarge(Problem):
    """More than a door takes in at once."""

    status = 413
    code = "too_large"
    message = _("This is larger than allowed.")
