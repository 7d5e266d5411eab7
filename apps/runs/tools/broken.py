"""How a document breaks its schema, in the reader's words for the commonest rules, in jsonschema's for the others."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .judge import Broken, Violation


def told(broken: Broken) -> Violation:
    """The place and what is wrong there."""
    path, sentence, rule, facts = broken
    template = _counted(rule, facts) if "count" in facts else _templates().get(rule, "") if facts else ""
    return path, template.format(**facts) if template else sentence


def _templates() -> dict[str, str]:
    return {
        "type": _("must be of type {wanted} and is of type {found}"),
        "required": _("lacks the property {name}"),
        "enum": _("must be one of {wanted}"),
        "const": _("must be {wanted}"),
        "additionalProperties": _("has properties that the schema does not allow: {names}"),
        "minimum": _("must be at least {wanted}"),
        "exclusiveMinimum": _("must be more than {wanted}"),
        "maximum": _("must be at most {wanted}"),
        "exclusiveMaximum": _("must be less than {wanted}"),
        "pattern": _("does not match the pattern {wanted}"),
        "format": _("is not written as a {wanted}"),
        "nested": _("is nested too deeply to be checked"),
        "unresolvable": _("the schema refers to {reference}, which is not in it"),
        "inapplicable": _("the schema cannot be applied: {reason}"),
        "slow": _("checking took longer than {seconds} s and was ended"),
        "unchecked": _("it could not be checked"),
    }


def _counted(rule: str, facts: Mapping[str, str]) -> str:
    count = int(facts["count"])
    templates = {
        "minLength": ngettext("must have at least {count} character", "must have at least {count} characters", count),
        "maxLength": ngettext("must have at most {count} character", "must have at most {count} characters", count),
        "minItems": ngettext("must have at least {count} entry", "must have at least {count} entries", count),
        "maxItems": ngettext("must have at most {count} entry", "must have at most {count} entries", count),
    }
    return templates.get(rule, "")
