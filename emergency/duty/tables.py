"""The words of the duty desk, as an office changes them: channels of the log, posts of a shift,
kinds of documents.

Owns: every write to them. Promises: a word is taken out of use and never away, so that what was
written with it keeps its name; one of a kind stays in use; the log says what was and what is. Must
not know: HTTP.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import WrongState
from ..models import DocumentKind, DutyChannel, DutyPost, Officer
from ..models.duty import Word
from ..permissions import require
from ..services.tables import keep_row

TABLES = {
    DutyChannel: "duty_channels",
    DutyPost: "duty_posts",
    DocumentKind: "document_kinds",
}


def set_word(*, actor: Officer, kind: type[Word], code: str, in_use: bool, **said: Any) -> Word:
    """Add a word of this kind, or say it anew (name, name_en, order, source, verified; of a post
    also `needed`, of a document `number_form`). Raises WrongState for the last one in use."""
    require(actor, "table.edit")
    with transaction.atomic():
        rows = list(kind.objects.select_for_update().order_by("pk"))
        if not in_use and not any(one.in_use for one in rows if one.pk != code):
            raise WrongState(_("One stays in use."))
        word = next((one for one in rows if one.pk == code), None) or kind(code=code)
        said = said | {"in_use": in_use}
        keep_row(word, said, table=TABLES[kind], key=code, actor=actor)
    return word
