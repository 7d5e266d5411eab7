"""The studio of images."""

from django.utils.translation import gettext_lazy as _

from .family import Family

IMAGES = Family(
    name="images",
    label=_("Images"),
    title=_("New image"),
    icon="image",
    placeholder=_("Describe the image"),
    tasks={"": _("Generate"), "edit": _("Edit")},
)
