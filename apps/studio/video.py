"""The studio of video."""

from django.utils.translation import gettext_lazy as _

from .family import Family

VIDEO = Family(
    name="video",
    label=_("Video"),
    title=_("New video"),
    icon="video",
    placeholder=_("Describe what happens, how it looks and how the camera moves"),
    tasks={"": _("Generate"), "remix": _("Remix")},
    goes_on={"remix": _("Id of the video to remix")},
)
