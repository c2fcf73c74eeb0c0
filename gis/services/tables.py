"""What the log says when an office changes a row of a table.

Owns: that one envelope. Promises: part of the caller's transaction, what was beside what is. Must
not know: what a table holds, who may change it.
"""

import uuid
from typing import Any

from realtime import log

from ..events import TABLE_CHANGED


def tell(
    *, table: str, key: str, before: dict[str, Any] | None, after: dict[str, Any] | None, actor: str
) -> None:
    """The row `key` of this table was `before` and is `after`; None where it was or is not."""
    log.append(
        TABLE_CHANGED,
        subject=f"audit/{uuid.uuid4()}",
        about=f"table/{table}/{key.replace(' ', '/')}",
        actor=actor,
        realm="real",
        rev=1,
        public={"table": table, "key": key, "before": before, "after": after},
    )
