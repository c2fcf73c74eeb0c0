"""What the audit page calls what was refused.

Owns: the words of refusals and of what roles may do. Promises: a refusal it does not know is shown
as it is, never hidden. Must not know: who was refused, how often, where it is shown
(emergency/audit_words.py).
"""

from django.utils.translation import gettext, gettext_noop

from .link_words import in_words, reason_text

ACTS = {  # what is done by verb, and what is asked for by kind
    "attachment.add": gettext_noop("adding an attachment"),
    "audit.see": gettext_noop("reading the audit page"),
    "directive.see": gettext_noop("reading how directives are followed up"),
    "directive.record": gettext_noop("recording a directive"),
    "duty.roster": gettext_noop("changing the roster"),
    "duty.see": gettext_noop("reading the duty log and the roster"),
    "duty.write": gettext_noop("writing into the duty log"),
    "entry.write": gettext_noop("writing an entry"),
    "incident.advance": gettext_noop("advancing an incident"),
    "incident.archive": gettext_noop("archiving an incident"),
    "incident.edit": gettext_noop("changing an incident"),
    "incident.grade": gettext_noop("grading an incident"),
    "incident.receive": gettext_noop("acknowledging an incident"),
    "incident.report": gettext_noop("reporting an incident"),
    "incident.share": gettext_noop("sharing an incident"),
    "layer.import": gettext_noop("importing a layer"),
    "link.manage": gettext_noop("managing links"),
    "officer.manage": gettext_noop("managing accounts"),
    "plan.activate": gettext_noop("putting a plan in force"),
    "plan.edit": gettext_noop("changing a plan"),
    "plan.see": gettext_noop("reading plans"),
    "report.draft": gettext_noop("drafting a report"),
    "report.sign": gettext_noop("signing a report"),
    "round.report": gettext_noop("reporting in a round"),
    "rights.audit": gettext_noop("asking who sees what"),
    "rights.explain": gettext_noop("asking why somebody sees an incident"),
    "system.see": gettext_noop("reading how the system stands"),
    "table.edit": gettext_noop("changing tables"),
    "task.answer": gettext_noop("answering a task"),
    "incident": gettext_noop("incident"),
    "entry": gettext_noop("entry"),
    "attachment": gettext_noop("attachment"),
    "request": gettext_noop("request"),
    "task": gettext_noop("task"),
}
UNIFIED = [  # why the unified identity let nobody in
    (r"another sign-in than this browser's", gettext_noop("another sign-in than this browser's")),
    (r"the sign-in took too long", gettext_noop("the sign-in took too long")),
    (r"the answer of another issuer", gettext_noop("the answer of another issuer")),
    (r"the provider refused: (?P<name>.*)", gettext_noop("the provider refused: %(name)s")),
    (r"a token without a subject", gettext_noop("a token without a subject")),
    (
        r"somebody who signed in there before",
        gettext_noop("somebody who signed in there before"),
    ),
    (r"a token that proves nothing: (?P<name>.*)", gettext_noop("no proof in the token: %(name)s")),
    (r"the description of another provider", gettext_noop("the description of another provider")),
    (r"an address in the clear", gettext_noop("an address in the clear")),
    (r"the provider does not answer: (?P<name>.*)", gettext_noop("it does not answer: %(name)s")),
    (r"the provider answers something else", gettext_noop("the provider answers something else")),
    (r"nobody here", gettext_noop("an account that is not in force")),
]
REFUSALS = [  # patterns; what varies is kept
    (r"sign-in failed", gettext_noop("sign-in failed")),
    (r"sign-in failed: (?P<name>.*)", gettext_noop("sign-in failed: %(name)s")),
    (r"second factor failed: (?P<name>.*)", gettext_noop("second factor failed: %(name)s")),
    (r"unified sign-in: (?P<why>.*)", gettext_noop("unified sign-in: %(why)s")),
    (r"sign-in while locked out", gettext_noop("sign-in while locked out")),
    (r"api without a valid sign-in", gettext_noop("API without a valid sign-in")),
    (r"feed without a valid sign-in", gettext_noop("feed without a valid sign-in")),
    (r"tiles without a valid sign-in", gettext_noop("tiles without a valid sign-in")),
    (r"feed frame refused \((?P<code>\d+)\)", gettext_noop("feed frame refused (%(code)s)")),
    (r"tiles of layer (?P<name>\S+)", gettext_noop("tiles of the layer %(name)s")),
    (r"features of layer (?P<name>\S+)", gettext_noop("features of the layer %(name)s")),
    (r"pairing refused", gettext_noop("pairing refused")),
    (r"link: (?P<reason>.+)", gettext_noop("link ended: %(reason)s")),
    (r"change of one's own rights", gettext_noop("change of one's own rights")),
    (r"a thing of another realm", gettext_noop("a thing of another realm than that of the desk")),
    (
        r"writing in a realm of others",
        gettext_noop("writing in an exercise in which one does not act"),
    ),
    (r"(?P<act>\w+) not found or hidden", gettext_noop("%(act)s not found or hidden")),
    (
        r"(?P<act>[a-z.]+) on a hidden incident",
        gettext_noop("%(act)s that is not found or hidden"),
    ),
    (
        r"(?P<act>[a-z.]+) on an incident of others",
        gettext_noop("%(act)s that others answer for"),
    ),
    (r"(?P<act>[a-z]+\.[a-z]+)", gettext_noop("%(act)s, which the role may not")),
]


def learn(acts: dict[str, str], refusals: list[tuple[str, str]]) -> None:
    """Take in the words of an app that stands on this one, at the start of the process."""
    ACTS.update(acts)
    REFUSALS[:0] = refusals


def refusal_text(what: str) -> str:
    """What was refused, in the language of the page."""
    return in_words(REFUSALS, what, _inner)


def _inner(name: str, text: str) -> str:
    if name == "act":
        return gettext(ACTS[text]) if text in ACTS else text
    if name == "why":
        return in_words(UNIFIED, text, _inner)
    return reason_text(text) if name == "reason" else text
