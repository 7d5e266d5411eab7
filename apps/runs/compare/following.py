"""A column that was added later is asked the prompts one by one: the next one when an answer has ended."""

import logging
import uuid

from django.utils import translation

from apps.conversations.models import Conversation

from ..journal import Journal
from ..models import Comparison
from ..plan import Plan
from ..refusals import Refused, Repeated
from . import begin

logger = logging.getLogger(__name__)


async def next_plan(plan: Plan, journal: Journal) -> Plan | None:
    """What the column whose run has ended is to be asked now."""
    return await journal.write(_next, plan.conversation_id, plan.language)


def _next(column_id: uuid.UUID, language: str) -> Plan | None:
    column = Conversation.objects.filter(pk=column_id).select_related("head", "owner", "model__upstream").first()
    found = column and Comparison.objects.filter(pk=column.column_of_id).select_related("conversation__owner").first()
    if not column or not found or not begin.missing(found, column):
        return None
    with translation.override(language or None):
        try:
            return begin.go_on(comparison=found, column=column)
        except (Refused, Repeated) as error:
            logger.info("Column %s is not asked on: %s", column_id, error)
            return None
