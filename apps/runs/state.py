"""Going on from an answer that the upstream keeps, in place of sending the conversation again."""

from apps.conversations.models import Message
from apps.wire import formats

from .models import Run


def previous_id(answer: Message, run: Run, keep_state: bool) -> str:
    """The upstream's id of the answer before this one's prompt; '' where it keeps none, or another upstream gave it."""
    if not keep_state or "state" not in formats.get(run.format).takes or answer.parent is None:
        return ""
    said = Run.objects.filter(message=answer.parent.parent_id, status=Run.Status.COMPLETED, format=run.format)
    newest = said.select_related("model").order_by("id").last()
    if newest is None or newest.model is None or run.model is None:
        return ""
    return newest.answer_id if newest.model.upstream_id == run.model.upstream_id else ""
