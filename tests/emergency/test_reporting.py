"""Reports in writing: drafted from the log, signed, numbered, never changed; 不详 stays open."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from emergency.models import Entry, Incident, Report, ReportDraft, ReportElement
from realtime.models import Envelope, LogHead
from tests import factories
from tests.emergency.desk import Api

FIELDS = "dead injured serious missing trapped affected".split()
UNKNOWN = dict.fromkeys(FIELDS)


@pytest.fixture
def api(duty) -> Api:
    return Api(duty, "zh-hans")


@pytest.fixture
def leader(duty) -> Api:
    return Api(factories.officer("shift_leader"), "zh-hans")


@pytest.fixture
def made(duty) -> Incident:
    return factories.incident(duty, title="沣峪口山洪", summary="三人失联", missing=3)


def submit(api: Api, incident: Incident, kind: str = "written", **body):
    told = proposed(api, incident, kind)
    said = {"kind": kind, "recipient": "市总值班室", "text": "如下"}
    said |= {name: told[name] for name in ("rev", "covers")}
    return api.post(f"/incidents/{incident.pk}/drafts", **said | body)


def sign(api: Api, draft: dict, **body):
    return api.post(f"/drafts/{draft['id']}/signature", **body)


def issue(api: Api, leader: Api, incident: Incident, kind: str = "written", **body) -> dict:
    """The report that is issued."""
    draft = submit(api, incident, kind, **body)
    assert draft.status_code == 201, draft.content
    answer = sign(leader, draft.json())
    assert answer.status_code == 201, answer.content
    return next(one for one in answer.json()["reports"] if one["id"] == draft.json()["id"])


def proposed(api: Api, incident: Incident, kind: str) -> dict:
    return api.get(f"/incidents/{incident.pk}/reports/next", kind=kind).json()


def change(api: Api, incident: Incident, **fields) -> None:
    rev = Incident.objects.get(pk=incident.pk).rev
    answer = api.send("PATCH", f"/incidents/{incident.pk}", {"rev": rev} | fields)
    assert answer.status_code == 200, answer.content


def test_a_first_report_in_writing_says_what_is_known(api, made):
    told = proposed(api, made, "written")
    assert "事件经过：三人失联" in told["text"] or "三人失联" in told["text"]
    assert "失联 3" in told["text"] and "死亡 不详" in told["text"]
    assert {"summary", "type_code", "received_at"} <= set(told["filled"])
    assert {"address", "casualties", "cause"} <= set(told["lacking"])


def test_a_follow_up_says_only_what_changed_and_what_was_done_since(api, leader, made):
    api.post(f"/incidents/{made.pk}/entries", text="首报之前的一条")
    issue(api, leader, made)
    change(api, made, casualties=UNKNOWN | {"missing": 3, "injured": 5}, cause="强降雨")
    api.post(f"/incidents/{made.pk}/entries", text="消防到场搜救")
    told = proposed(api, made, "followup")
    assert told["before"].keys() == {"casualties", "cause"}
    assert "受伤 不详 → 5" in told["text"] and "强降雨" in told["text"]
    assert "消防到场搜救" in told["text"]
    assert "首报之前的一条" not in told["text"] and "三人失联" not in told["text"]
    assert "失联" not in told["text"], "a figure that is the same is not said again"


def test_what_is_written_while_a_report_waits_for_its_signature_is_in_the_next(api, leader, made):
    draft = submit(api, made).json()
    api.post(f"/incidents/{made.pk}/entries", text="送签之后的一条")
    sign(leader, draft)
    api.post(f"/incidents/{made.pk}/reports", kind="phone", recipient="市总值班室")
    assert "送签之后的一条" in proposed(api, made, "followup")["text"]


def test_a_report_is_issued_as_it_was_submitted_whatever_changes_meanwhile(api, leader, made):
    draft = submit(api, made, text="经领导审定的原文").json()
    assert Report.objects.count() == 0
    change(api, made, title="后来的标题", summary="后来的经过")
    read = leader.get(f"/drafts/{draft['id']}").json()
    assert (read["text"], read["since"]) == ("经领导审定的原文", {"summary": "三人失联"})
    told = sign(leader, draft).json()
    (report,) = told["reports"]
    assert (report["text"], report["elements"]["summary"]) == ("经领导审定的原文", "三人失联")
    assert report["signed_by"] == f"{leader.officer.username}@xian shift_leader"
    assert report["author"] == f"{api.officer.username}@xian duty_officer"
    assert told["state"] == "reported"
    change(api, made, summary="再后来的经过")
    assert api.get(f"/incidents/{made.pk}").json()["reports"] == [report]


def test_words_made_from_an_older_state_are_asked_about(api, made):
    told = proposed(api, made, "written")
    change(api, made, casualties=UNKNOWN | {"missing": 5})
    stale = submit(api, made, rev=told["rev"])
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_revision")
    assert not ReportDraft.objects.exists()
    assert submit(api, made).json()["elements"]["casualties"]["missing"] == 5


def test_after_a_report_by_phone_alone_a_follow_up_says_the_figures_that_are_known(api, made):
    api.post(f"/incidents/{made.pk}/reports", kind="phone", recipient="市总值班室")
    assert "失联 不详 → 3" in proposed(api, made, "followup")["text"]


def test_what_came_late_from_another_node_is_in_the_next_follow_up(api, leader, made):
    issue(api, leader, made)
    entry = api.post(f"/incidents/{made.pk}/entries", text="断线时在现场写的").json()
    early = datetime.now(UTC) - timedelta(hours=3)
    Entry.objects.filter(pk=entry["id"]).update(recorded_at=early, home="xian-yanta")
    assert "断线时在现场写的" in proposed(api, made, "followup")["text"]


def test_a_draft_from_before_a_restore_is_not_signed(api, leader, made):
    draft = submit(api, made).json()
    LogHead.objects.update(epoch=b"another epoch   ")
    assert sign(leader, draft).status_code == 409
    assert Report.objects.count() == 0


def test_who_was_only_shown_the_incident_reads_no_draft_of_it(api, made):
    factories.organisation("610122")
    api.post(f"/incidents/{made.pk}/organisations", code="610122")
    draft = submit(api, made).json()
    for role in ("duty_officer", "district_officer"):
        there = Api(factories.officer(role, "610122"))
        assert there.get(f"/incidents/{made.pk}").status_code == 200
        assert there.get(f"/drafts/{draft['id']}").status_code == 404


def test_after_a_takeover_persons_that_were_never_told_are_not_called_unknown(api, leader, made):
    change(api, made, reporter={"name": "王某", "phone": "13900000000"})
    report = issue(api, leader, made)
    assert report["elements"]["reporter"] == "known"
    Incident.objects.filter(pk=made.pk).update(reporter={}, site_contact={}, term=2)
    Envelope.objects.filter(subject=f"incident/{made.pk}").update(personal=None)
    told = proposed(api, made, "followup")
    assert "reporter" not in {*told["before"], *told["lacking"], *told["elements"]}


def test_who_may_not_sign_writes_down_who_approved_it_and_when(api, made):
    draft = submit(api, made).json()
    assert sign(api, draft).status_code == 403
    assert sign(api, draft, oral_name="赵建国").status_code == 403
    before = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    assert sign(api, draft, oral_name="赵建国", oral_at=before).status_code == 422
    assert Report.objects.count() == 0
    now = datetime.now(UTC).isoformat()
    (report,) = sign(api, draft, oral_name="赵建国", oral_at=now).json()["reports"]
    assert report["oral"]["name"] == "赵建国"
    assert report["signed_by"] == report["author"]


def test_follow_ups_are_numbered_without_a_gap_also_after_one_was_returned(api, leader, made):
    issue(api, leader, made)
    assert issue(api, leader, made, "followup")["number"] == 1
    draft = submit(api, made, "followup").json()
    assert api.post(f"/drafts/{draft['id']}/return", reason="补伤情").status_code == 403
    assert leader.post(f"/drafts/{draft['id']}/return", reason=" ").status_code == 422
    returned = leader.post(f"/drafts/{draft['id']}/return", reason="补伤情").json()
    assert (returned["state"], returned["reason"]) == ("returned", "补伤情")
    assert sign(leader, draft).status_code == 409
    taken_back = submit(api, made, "followup").json()
    assert api.post(f"/drafts/{taken_back['id']}/withdrawal").json()["state"] == "withdrawn"
    assert issue(api, leader, made, "followup")["number"] == 2
    numbers = Report.objects.filter(kind="followup").values_list("number", flat=True)
    assert sorted(numbers) == [1, 2]


def test_one_draft_waits_at_a_time_and_the_same_id_twice_is_one(api, made):
    id = str(uuid.uuid4())
    assert submit(api, made, id=id).json() == submit(api, made, id=id).json()
    assert submit(api, made, id=id, text="别的").status_code == 409
    assert submit(api, made).status_code == 409
    assert ReportDraft.objects.count() == 1


def test_a_report_comes_in_its_turn(api, leader, made):
    assert submit(api, made, "followup").status_code == 409
    assert submit(api, made, "final").status_code == 409
    issue(api, leader, made)
    assert submit(api, made).status_code == 409
    concluded = issue(api, leader, made, "final")
    assert concluded["number"] == 0
    made.refresh_from_db()
    assert made.state == "concluded"
    assert submit(api, made, "followup").status_code == 409


def test_after_a_first_report_by_phone_a_follow_up_may_come(api, leader, made):
    api.post(f"/incidents/{made.pk}/reports", kind="phone", recipient="市总值班室")
    told = issue(api, leader, made, "followup")
    assert told["number"] == 1


def test_the_final_report_says_everything_and_asks_for_more(api, leader, made):
    issue(api, leader, made)
    change(api, made, loss_cny="1200000.50")
    told = proposed(api, made, "final")
    assert {"leaders_present", "site_contact"} <= set(told["lacking"])
    assert "loss_cny" in told["filled"] and "三人失联" in told["text"]
    assert "1200000.50" in told["text"]


def test_a_figure_that_fell_is_asked_about_and_not_refused(api, leader, made):
    issue(api, leader, made)
    change(api, made, casualties=UNKNOWN | {"missing": 1})
    asked = submit(api, made, "followup")
    assert (asked.status_code, asked.json()["code"]) == (422, "contradicts_last")
    assert asked.json()["hints"] == [{"code": "missing", "message": "3 → 1"}]
    assert ReportDraft.objects.filter(kind="followup").count() == 0
    assert submit(api, made, "followup", confirmed={"missing": 2}).status_code == 422
    assert submit(api, made, "followup", confirmed={"missing": 1}).status_code == 201


def test_what_is_said_to_be_unknown_counts_and_stays_open(api, leader, made):
    told = proposed(api, made, "written")
    report = issue(api, leader, made, unknown=["cause", "summary", "nonsense"])
    assert report["unknown"] == ["cause"], "what is known is not unknown"
    assert "cause" in report["filled"] and "cause" not in report["lacking"]
    assert report["complete"] > told["complete"]


def test_what_an_office_asks_for_and_how_much_it_weighs_is_its_own(api, leader, made):
    ReportElement.objects.exclude(name="summary").update(needed="never")
    assert proposed(api, made, "written")["complete"] == 100
    ReportElement.objects.filter(name="cause").update(needed="first", weight=3)
    told = proposed(api, made, "written")
    assert (told["filled"], told["lacking"], told["complete"]) == (["summary"], ["cause"], 25)


def test_an_element_asked_for_after_it_was_submitted_is_lacking_in_the_report(api, leader, made):
    ReportElement.objects.filter(name="cause").delete()
    draft = submit(api, made).json()
    ReportElement.objects.create(name="cause", place=99, needed="first")
    (report,) = sign(leader, draft).json()["reports"]
    assert "cause" in report["lacking"]


def test_the_words_of_a_draft_are_for_who_drafts(api, made):
    fire = factories.officer("liaison", factories.organisation("dept-fire").code)
    api.post(f"/incidents/{made.pk}/organisations", code="dept-fire")
    draft = submit(api, made, text="未经签发的话").json()
    assert Api(fire).get(f"/drafts/{draft['id']}").status_code == 404
    assert Api(fire).get(f"/incidents/{made.pk}").status_code == 200
    told = [bytes(row.public).decode() for row in Envelope.objects.filter(subject__startswith="dr")]
    assert told and not any("未经签发的话" in one for one in told)


def test_drafts_of_an_incident_that_another_node_has_are_not_signed(leader, api, made):
    issue(api, leader, made)
    draft = submit(api, made, "followup").json()
    Incident.objects.filter(pk=made.pk).update(home="xian-yanta")
    assert sign(leader, draft).status_code == 421
    assert Report.objects.count() == 1
