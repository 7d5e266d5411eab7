"""Times and sizes in words, each with its unit."""

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from apps.work.figures import decimal


def milliseconds(micros: int) -> str:
    return decimal(micros / 1000, 0 if micros >= 10_000 else 1, grouped=True)


def duration(micros: int) -> str:
    if micros < 1_000_000:
        return _("%(number)s ms") % {"number": decimal(micros / 1000, 0 if micros >= 10_000 else 1)}
    return _("%(seconds)s s") % {"seconds": decimal(micros / 1_000_000, 2)}


def bytes_of(size: int) -> str:
    return filesizeformat(size)
