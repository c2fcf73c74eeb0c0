"""Rows of the duty desk. Owns the list of models; fields and constraints stand in the files."""

from .accounts import ApiToken, Officer, Organisation, Role
from .deadlines import Deadline, DeadlineStep, LimitRule, ReminderRule
from .directives import Directive, TaskReminder
from .documents import Document, DocumentKind, DocumentTemplate
from .duty import DutyChannel, DutyEntry
from .factor import FactorRule, SecondFactor, UnifiedIdentity
from .family import AlikeRule
from .grading import GradeRule
from .handover import Handover
from .incidents import (
    Grade,
    Incident,
    IncidentType,
    NumberSeries,
    Reach,
    SharingRule,
    WarningColour,
)
from .plans import Activation, Plan, ResponseEnd, Task, TaskStep
from .records import Attachment, Entry, Receipt, Request, Tie
from .reports import Report, ReportDraft, ReportElement, ReportReceipt
from .rollcall import RollAnswer, RollCall
from .roster import DutyPost, Shift, Swap
from .rounds import RoundOrder, RoundReminder, RoundReport, RoundShift
from .supplements import SupplementReminder, SupplementRule
from .written import Written

__all__ = [
    "Deadline",
    "DeadlineStep",
    "Directive",
    "Document",
    "DocumentKind",
    "DocumentTemplate",
    "DutyChannel",
    "DutyEntry",
    "DutyPost",
    "FactorRule",
    "LimitRule",
    "ReminderRule",
    "TaskReminder",
    "TaskStep",
    "Task",
    "Plan",
    "Report",
    "ReportDraft",
    "SecondFactor",
    "ReportElement",
    "ReportReceipt",
    "RollAnswer",
    "RollCall",
    "RoundOrder",
    "RoundReminder",
    "RoundReport",
    "RoundShift",
    "SupplementReminder",
    "SupplementRule",
    "UnifiedIdentity",
    "Written",
    "ResponseEnd",
    "Activation",
    "AlikeRule",
    "ApiToken",
    "Attachment",
    "Entry",
    "Grade",
    "GradeRule",
    "Handover",
    "Incident",
    "IncidentType",
    "NumberSeries",
    "Officer",
    "Organisation",
    "Reach",
    "Receipt",
    "Request",
    "Role",
    "SharingRule",
    "Shift",
    "Swap",
    "Tie",
    "WarningColour",
]
