"""Many open incidents at once, for screens that have to show them.

Owns: nothing. Promises: rows as reports leave them, in bulk and without log, ties or attachments,
which a list does not show; prints how many.
"""

import json
import random
import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402

from bench.posting import incident  # noqa: E402
from emergency.models import Incident, IncidentType, Reach  # noqa: E402
from emergency.states import OPEN  # noqa: E402

DISTRICTS = (("610104", "莲湖区"), ("610112", "未央区"), ("610113", "雁塔区"))


def main(count: int) -> None:
    """Insert them."""
    chance, now = random.Random(5), datetime.now(UTC)
    kinds = list(IncidentType.objects.exclude(symbol=""))
    made = []
    for number in range(count):
        report = incident(number, chance)
        kind, (code, name) = chance.choice(kinds), chance.choice(DISTRICTS)
        made.append(
            Incident(
                home=settings.NODE_ID,
                realm="real",
                number=f"bench-{number:05d}",
                state=chance.choice(OPEN),
                title=report["title"],
                type_code=kind.code,
                type_name=kind.name,
                grade=chance.choice([None, None, 1, 2, 3, 4, 4, 4]),
                received_at=now - timedelta(seconds=number * 50),
                received_by="duty",
                lon=report["location"]["lon"],
                lat=report["location"]["lat"],
                address=report["address"],
                summary=report["summary"],
                district=code,
                district_name=name,
            )
        )
    Incident.objects.bulk_create(made, batch_size=500)
    reaches = [Reach(incident=one, organisation="610100", ground="owner") for one in made]
    Reach.objects.bulk_create(reaches, batch_size=500)
    print(json.dumps(Incident.objects.count()))


if __name__ == "__main__":
    main(int(sys.argv[1]))
