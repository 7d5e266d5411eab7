"""A model's facts in a reader's words."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .models import Model, Upstream

ABILITIES = {
    "chat": gettext_lazy("chat"),
    "images": gettext_lazy("makes images"),
    "video": gettext_lazy("makes video"),
    "speech": gettext_lazy("speaks"),
    "transcription": gettext_lazy("transcribes"),
    "music": gettext_lazy("makes music"),
    "realtime": gettext_lazy("realtime voice"),
    "embeddings": gettext_lazy("embeddings"),
    "rerank": gettext_lazy("rerank"),
    "moderation": gettext_lazy("moderation"),
    "vision": gettext_lazy("sees images"),
    "pdf": gettext_lazy("reads PDF"),
    "audio": gettext_lazy("hears audio"),
    "tools": pgettext_lazy("ability of a model", "tools"),
    "reasoning": pgettext_lazy("ability of a model", "reasoning"),
    "schema": gettext_lazy("structured output"),
    "prefill": gettext_lazy("continues answers"),
}


def abilities(model: Model) -> str:
    return ", ".join(str(ABILITIES.get(name, name)) for name in model.capabilities)


def meta(model: Model) -> str:
    """Such as `200k · $3.00 in, $15.00 out`; what is not known is left out."""
    parts = [short_count(model.context_window)] if model.context_window else []
    if model.upstream.kind == Upstream.Kind.LOCAL:
        parts.append(_("toy model on this server, free"))
    elif model.input_price is not None and model.output_price is not None:
        prices = {"input": _money(model.input_price), "output": _money(model.output_price)}
        parts.append(_("${input} in, ${output} out").format(**prices))
    return " · ".join(parts)


def short_count(tokens: int) -> str:
    """200000 → 200k, 1048576 → 1M."""
    if tokens >= 1_000_000:
        return f"{number_format(round(tokens / 1_000_000, 1)).removesuffix('.0')}M"
    return f"{round(tokens / 1000)}k" if tokens >= 1000 else str(tokens)


def _money(price: Decimal) -> str:
    """Two digits behind the point, more where a price is smaller than that."""
    exact = price.normalize()
    digits = max(2, -exact.as_tuple().exponent if price < 1 else 2)
    return number_format(price, decimal_pos=min(digits, 4))
