"""A report of a district is taken at the city, across a line that was cut; drafts stay at home."""

from emergency import selectors
from emergency.models import Incident, Report, ReportDraft
from emergency.reporting import services
from emergency.reporting.selectors import arrivals
from emergency.services import sharing
from realtime.link import applying
from realtime.models import Envelope, Parked, Quarantined
from tests import factories
from tests.link.world import CHANGAN, YANTA, Wire


def submit(node, made, kind: str = "written", text: str = "三人失联") -> ReportDraft:
    with node.here():
        incident = Incident.objects.get(pk=made.pk)
        said = factories.report_said(incident, kind, text=text)
        return services.submit_draft(actor=node.officer, incident=incident, **said)


def sign(node, draft) -> Report:
    with node.here():
        leader = factories.officer("shift_leader")
        return services.sign_draft(actor=leader, draft=ReportDraft.objects.get(pk=draft.pk))


def told(node, made) -> dict:
    with node.here():
        whole = selectors.detail(node.officer, Incident.objects.get(pk=made.pk))
        return {name: whole[name] for name in ("reports", "report_receipts")}


def test_an_issued_report_goes_up_and_its_receipt_comes_down(city, paired):
    yanta = paired(YANTA)
    made = yanta.report("山洪")
    wire = Wire(yanta, city).settle()
    draft = submit(yanta, made)
    wire.settle()
    assert told(city, made)["reports"] == []
    with city.here():
        assert not Envelope.objects.filter(type__startswith="draft.").exists()
        assert not ReportDraft.objects.exists()
    wire.cut()
    report = sign(yanta, draft)
    with yanta.here():
        incident = Incident.objects.get(pk=made.pk)
        assert arrivals(incident) == {str(report.pk): []}
    Wire(yanta, city).settle()
    with yanta.here():
        assert arrivals(incident) == {str(report.pk): [city.name]}
    assert told(city, made) == told(yanta, made)
    assert told(city, made)["reports"][0]["text"] == "三人失联"
    with city.here():
        services.take_report(actor=city.officer, report=Report.objects.get(pk=report.pk))
        services.take_report(actor=city.officer, report=Report.objects.get(pk=report.pk))
    Wire(yanta, city).settle()
    (receipt,) = told(yanta, made)["report_receipts"]
    assert (receipt["home"], receipt["report"]) == (city.name, str(report.pk))
    for node in (city, yanta):
        with node.here():
            assert not Quarantined.objects.exists() and not Parked.objects.exists()


def test_a_report_has_arrived_where_it_was_sent_and_nowhere_else(city, paired):
    yanta, changan = paired(YANTA), paired(CHANGAN)
    wires = [Wire(yanta, city).settle(), Wire(changan, city).settle()]
    made = city.report("只在市级的事件")
    report = sign(city, submit(city, made))
    for wire in wires:
        wire.settle()
    with city.here():
        incident = Incident.objects.get(pk=made.pk)
        assert arrivals(incident) == {str(report.pk): []}
        sharing.share_incident(actor=city.officer, incident=incident, node=YANTA)
        assert arrivals(incident) == {str(report.pk): []}, "shared, and not sent yet"
    for wire in wires:
        wire.settle()
    with city.here():
        assert arrivals(incident) == {str(report.pk): [YANTA]}


def test_a_draft_whose_report_comes_back_after_a_restore_waits_no_more(city, paired):
    yanta = paired(YANTA)
    made = yanta.report("山洪")
    draft = submit(yanta, made)
    report = sign(yanta, draft)
    Wire(yanta, city).settle()
    with yanta.here():
        Report.objects.filter(pk=report.pk).delete()
        ReportDraft.objects.filter(pk=draft.pk).update(state="submitted")
        row = Envelope.objects.get(subject=f"report/{report.pk}")
        applying.apply([row])
        assert Report.objects.get(pk=report.pk).text == "三人失联"
        assert ReportDraft.objects.get(pk=draft.pk).state == "signed"
