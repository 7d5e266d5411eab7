"""The studio of video."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.media.jobs.refusals import NotMade
from apps.media.models import Asset
from apps.wire.media.shapes import MediaRequest, Role
from apps.wire.media.video.models import line_of

from .draft import INPUT
from .family import Family

_SIZE = re.compile(r"([0-9]+)x([0-9]+)")


def check(request: MediaRequest, inputs: Sequence[tuple[Role, Asset]]) -> None:
    """Sora fails a task whose first picture is not of the size that is asked for. Raises NotMade."""
    size = _SIZE.fullmatch(str(request.parameters.get("size", "")))
    if size is None or line_of(request.model) != "sora":
        return
    for role, asset in inputs:
        if asset.width and (asset.width, asset.height) != (int(size[1]), int(size[2])):
            text = gettext("This picture is %(has)s; for this size it must be %(size)s.")
            told = {"has": f"{asset.width}x{asset.height}", "size": size[0]}
            raise NotMade(text % told, field=f"{INPUT}{role}")


VIDEO = Family(
    name="video",
    label=_("Video"),
    title=_("New video"),
    icon="video",
    placeholder=_("Describe what happens, how it looks and how the camera moves"),
    tasks={"": _("Generate"), "remix": _("Remix")},
    goes_on={"remix": _("Id of the video to remix")},
    check=check,
)
