"""What a job may take of its owner's budgets."""

from apps.upstreams.models import Model
from apps.usage.budgets.estimates import Estimate, of_media
from apps.wire.media.dialect import Dialect
from apps.wire.media.shapes import MediaRequest

BY_TOKENS = ("embeddings", "rerank")


def asked_of(model: Model, dialect: Dialect, request: MediaRequest) -> Estimate:
    """By its units; what only reads is counted in tokens where those have the price."""
    texts = [*request.texts, request.prompt] if dialect.family in BY_TOKENS else ()
    return of_media(model, dialect.units(request), texts)
