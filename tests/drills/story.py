"""A story of an exercise for the tests of its score, with the sheet that works it out by hand.

Owns: no rules.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from drills.scoring.score import score
from drills.scoring.timeline import Event, Timeline

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
EX = "ex:0a"
FIRE, CITY = "dept-fire", "610100"


class Story:
    """Events of an exercise at ×4, told by the minute of the exercise clock."""

    def __init__(self):
        self.events: list[Event] = []
        self.clock(0, "running", 4)

    def tell(self, minute: float, kind: str, thing: str, /, **data: Any) -> Event:
        """One envelope of `kind` about a thing, recorded when the clock showed this minute."""
        subject = f"{kind.partition('.')[0]}/{thing}"
        rev = sum(one.subject == subject for one in self.events) + 1
        event = Event(
            id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{len(self.events)}")), type=kind,
            subject=subject, about=subject, source="xian", actor="a@b c", term=1, rev=rev,
            time=NOON + timedelta(minutes=minute) / 4, data={"id": thing} | data,
        )  # fmt: skip
        self.events.append(event)
        return event

    def clock(self, minute: float, state: str, speed: int) -> None:
        since = (NOON + timedelta(minutes=minute) / 4).isoformat()
        self.tell(minute, "clock.set", "0a", since=since, at=int(minute * 60_000), speed=speed,
                  state=state)  # fmt: skip

    def inject(self, number: int, minute: float, *expected: tuple, **truth: Any) -> str:
        """An inject for the fire service; each expectation (metric, target, limit, weight)."""
        id = f"i{number}"
        lines = [
            {"metric": metric, "organisation": FIRE, "target": target, "limit": limit,
             "weight": weight, "note": ""}
            for metric, target, limit, weight in expected
        ]  # fmt: skip
        base = {"type_code": "11D02", "grade": 2, "level": "II", "lon": 108.9, "lat": 34.0,
                "share_with": [CITY, "610113"]}  # fmt: skip
        self.tell(minute, "inject.written", id, number=number, state="sent", minutes=0,
                  at=int(minute * 60_000), recipients=[FIRE], truth=base | truth,
                  expected=lines)  # fmt: skip
        return id

    def incident(self, minute: float, id: str = "n1", kind: str = "incident.reported", **said: Any):
        base = {"organisations": [{"code": FIRE, "ground": "owner"}], "state": "received",
                "grade": None, "type_code": "11D01", "location": None}  # fmt: skip
        return self.tell(minute, kind, id, **base | said)

    def score(self):
        return score(Timeline.of(self.events))

    def marks(self) -> dict[str, int]:
        return {row.metric: row.marks for row in self.score().rows}


# the sheet: a whole exercise, its marks worked out by hand
#   T1 logged 2 min after the inject, target 1, limit 5:        (5−2)/(5−1)       =  75.000
#   T2 verified after 15, target 10, limit 20:                  (20−15)/10        =  50.000
#   T3 by phone after 20, target 20, limit 40:                                      100.000
#   T4 in writing after 60, target 40, limit 80:                (80−60)/40        =  50.000
#   T6 activated 12 min after the grade, target 10, limit 30:   (30−12)/20        =  90.000
#   T7 three tasks acknowledged after 4, 6 and never (15):      median 6: (15−6)/10 = 90.000
#   T8 one of three done in time = 33.33 %, target 100, limit 60:                     0.000
#   T10 one of two opened within five minutes = 50 %, limit 60:                       0.000
#   C1 nine of twelve elements = 75 %, target 100, limit 60:    (75−60)/40        =  37.500
#   A1 same group 60 %, target 100, limit 0:                                         60.000
#   A2 one grade off 50 %:                                                           50.000
#   A3 275 m, target 50, limit 500:                             (500−275)/450     =  50.000
#   A6 the right level:                                                             100.000
SHEET = {
    "T1": 75_000, "T2": 50_000, "T3": 100_000, "T4": 50_000, "T6": 90_000, "T7": 90_000, "T8": 0,
    "T10": 0, "C1": 37_500, "A1": 60_000, "A2": 50_000, "A3": 50_000, "A6": 100_000,
}  # fmt: skip
ASKED = [
    ("T1", 1, 5, 2), ("T2", 10, 20, 1), ("T3", 20, 40, 3), ("T4", 40, 80, 3), ("T6", 10, 30, 1),
    ("T7", 5, 15, 1), ("T8", 100, 60, 1), ("T10", 100, 60, 1), ("C1", 100, 60, 2),
    ("A1", 100, 0, 1), ("A2", 100, 0, 1), ("A3", 50, 500, 1), ("A6", 100, 0, 1),
]  # fmt: skip
# Σ w·s = 150 + 50 + 300 + 150 + 90 + 90 + 0 + 0 + 75 + 60 + 50 + 50 + 100 = 1165; Σ w = 19
TOTAL = 1_165_000 // 19  # 61.315: 中


def whole() -> Story:
    story = Story()
    story.inject(1, 10, *ASKED)
    north = 34.0 + 275 / 111_195.08  # metres to degrees on the sphere of the mean radius
    place = {"lon": 108.9, "lat": north}
    story.incident(12, location=place)
    story.tell(14, "receipt.opened", "r1", incident="n1", organisation=CITY)
    story.tell(18, "receipt.opened", "r2", incident="n1", organisation="610113")  # six minutes
    story.incident(20, kind="incident.changed", grade=3, location=place)
    story.incident(25, kind="incident.advanced", state="verified", grade=3, location=place)
    by_phone = (NOON + timedelta(minutes=30) / 4).isoformat()
    told = {"incident": "n1", "filled": ["a"], "lacking": []}
    story.tell(33, "report.made", "p1", kind="phone", reported_at=by_phone, **told)
    story.tell(32, "activation.made", "v1", incident="n1", level="II")
    for number, (acknowledged, done) in enumerate([(4, 20), (6, 40), (None, None)]):
        id = f"t{number}"
        issued = NOON + timedelta(minutes=32) / 4
        story.tell(32, "task.issued", id, incident="n1", organisation=FIRE,
                   due_at=(issued + timedelta(minutes=30)).isoformat())  # fmt: skip
        for kind, after in (("acknowledged", acknowledged), ("done", done)):
            if after is not None:
                story.tell(32 + after, "step.taken", f"{id}{kind}", task=id, kind=kind)
    written = (NOON + timedelta(minutes=70) / 4).isoformat()
    told |= {"filled": list("abcdefghi"), "lacking": list("jkl")}
    story.tell(71, "report.made", "w1", kind="written", reported_at=written, **told)
    story.incident(90, kind="incident.changed", grade=2, type_code="11D02", location=place)
    return story
