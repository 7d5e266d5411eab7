"""What stands in the audit log, in the reader's language."""

from collections import defaultdict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.usage.budgets.words import name_from

SENTENCES: dict[str, str | Promise] = {
    "instance.set_up": _("Set this playground up"),
    "person.appoint": _("Made %(target)s an administrator"),
    "person.demote": _("Made %(target)s a member"),
    "person.disable": _("Disabled %(target)s and ended their sessions"),
    "person.enable": _("Let %(target)s sign in again"),
    "person.groups": _("Set the groups of %(target)s: %(groups)s"),
    "person.sign_out": _("Signed %(target)s out everywhere"),
    "person.export": _("Exported everything of %(target)s"),
    "person.delete": _("Deleted %(target)s with everything of theirs"),
    "group.make": _("Made the group %(target)s"),
    "group.rename": _("Renamed the group %(target)s to %(name)s"),
    "group.delete": _("Deleted the group %(target)s"),
    "invitation.make": _("Invited %(target)s, for %(days)s days"),
    "invitation.revoke": _("Took the invitation of %(target)s back"),
    "invitation.accept": _("Joined by invitation, as %(target)s"),
    "signup.change": _("Changed who may sign up: %(target)s"),
    "upstream.connect": _("Connected the upstream %(target)s"),
    "upstream.change": _("Changed the upstream %(target)s: %(fields)s"),
    "upstream.delete": _("Deleted the upstream %(target)s"),
    "model.on": _("Switched %(target)s of %(upstream)s on"),
    "model.off": _("Switched %(target)s of %(upstream)s off"),
    "model.change": _("Changed %(target)s of %(upstream)s: %(fields)s"),
    "probe.accept": _("Took what a probe of %(target)s found, for %(models)s models"),
    "probe.forget": _("Took back what a probe found of %(target)s"),
    "budget.create": _("Set a budget: %(target)s"),
    "budget.change": _("Changed a budget: %(before)s is now %(target)s"),
    "budget.on": _("Switched a budget on: %(target)s"),
    "budget.off": _("Switched a budget off: %(target)s"),
    "budget.delete": _("Deleted a budget: %(target)s"),
    "price.set": _("Set a price of %(target)s of %(upstream)s, from %(starts)s on"),
    "price.remove": _("Removed a price of %(target)s, from %(starts)s on"),
    "sharing.revoke": _("Revoked a share link of %(target)s"),
    "sharing.public": _("Switched public sharing: %(target)s"),
    "glass.all": _("Opened all conversations of %(target)s for %(minutes)s minutes. Reason: %(reason)s"),
    "glass.one": _("Opened a conversation of %(target)s for %(minutes)s minutes. Reason: %(reason)s"),
    "glass.read": _("Read a conversation of %(target)s: %(conversation)s"),
    "glass.end": _("Ended the reading of conversations of %(target)s"),
    "admin.add": _("Added %(target)s (%(model)s)"),
    "admin.change": _("Changed %(target)s (%(model)s): %(fields)s"),
    "admin.delete": _("Deleted %(target)s (%(model)s)"),
    "admin.export": _("Exported %(count)s rows of %(model)s"),
}
OTHER = _("%(action)s: %(target)s")
# Of what has no name to be told by.
NAMELESS = {"invitation.make": _("whoever has the link"), "invitation.revoke": _("whoever has the link")}
AS_ADMINISTRATOR = _("Invited %(target)s as an administrator, for %(days)s days")
BUDGETS = {"target": "budget", "before": "was"}


def sentence(action: str, target: str, details: dict) -> str:
    """What was done, in one sentence. An action that is not known here is told by its own name."""
    told = {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in details.items()}
    told |= {name: name_from(details[kept]) for name, kept in BUDGETS.items() if kept in details}
    values = defaultdict(lambda: "–", {"action": action, "target": target or NAMELESS.get(action, "–"), **told})
    if action == "invitation.make" and details.get("administrator"):
        return str(AS_ADMINISTRATOR) % values
    return str(SENTENCES.get(action, OTHER)) % values
