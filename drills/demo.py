"""The demo city's rules of what is due.

Owns: the data. Promises: made once; what an office changed or removed stays so as long as one rule
is left.
"""

from datetime import date

from .models import DueRule

SOURCE = "《突发事件应急预案管理办法》（国办发〔2024〕5号）：专项、部门预案至少每3年演练一次"
LAST = {"610100": date(2024, 6, 18), "610113": date(2023, 7, 5), "610116": None}


def seed_due_rules() -> int:
    """The flood plan every three years, by city and districts; how many rules there are."""
    if not DueRule.objects.exists():
        DueRule.objects.bulk_create(
            DueRule(plan="xian-flood", organisation=code, months=36, last_on=last, source=SOURCE)
            for code, last in LAST.items()
        )
    return DueRule.objects.count()
