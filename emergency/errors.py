"""Typed errors of the duty desk; HTTP status and code stand on the class."""

from django.utils.translation import gettext_lazy as _

from realtime.problems import Conflict, Problem


class WrongState(Conflict):
    """The state table has no such step from here."""

    code = "wrong_state"
    message = _("This step is not possible in the present state.")


class StaleRevision(Conflict):
    """Somebody else wrote in between."""

    code = "stale_revision"
    message = _("Somebody has changed this meanwhile. Look at the new state and try again.")


class OtherRealm(Conflict):
    """From the desk of one realm something of another was touched."""

    code = "other_realm"
    message = _("This is not of this desk: an exercise and what is real are never mixed.")


class NotHomeNode(Problem):
    """Another node is the home of this thing; only it writes it."""

    status = 421
    code = "not_home_node"
    message = _("Another node is in charge of this. Ask it, or write an entry.")


class NotHereYet(Conflict):
    """The content of an attachment of another node has not come; it is being fetched."""

    code = "not_here_yet"
    message = _("This file is still at the other node. It is being fetched; try again shortly.")


class SameIdOtherContent(Conflict):
    """The same id was used for something else."""

    code = "same_id_other_content"
    message = _("This id is already used for a record with other content.")


class ContradictsLast(Problem):
    """A figure fell since the last report; the officer is asked before it is submitted."""

    status = 422
    code = "contradicts_last"
    message = _("A figure is lower than in the last report. Check it, or confirm it as it is.")

    def __init__(self, fallen: list[dict]):
        super().__init__(fields={"casualties": self.message})
        self.hints = [
            {"code": one["name"], "message": f"{one['before']} → {one['now']}"} for one in fallen
        ]


class DoubtfulLocation(Problem):
    """The coordinate looks wrong; the officer is asked before it is saved."""

    status = 422
    code = "doubtful_location"
    message = _("The location is doubtful. Check it, or confirm it as it is.")

    def __init__(self, hints: list[dict]):
        super().__init__(fields={"location": hints[0]["message"]})
        self.hints = hints
