"""How far each of many people has come with the tightest of their budgets: for a column of a table."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from .standing import of_many
from .words import figure, name_of


class Share(msgspec.Struct, frozen=True):
    """`share` is 0.94 of a budget whose `label` is $300.00; `state` is ok, warn or error; `name` tells the budget."""

    share: Decimal
    label: str
    state: str
    name: str
    percent: int


def of_members(user_ids: Iterable[int]) -> dict[int, Share]:
    """By person; who has no budget is not in it. A few queries, whatever their number."""
    tightest = {id: standings[0] for id, standings in of_many(user_ids).items() if standings}
    return {
        id: Share(
            share=stands.share,
            label=figure(stands.budget, stands.budget.limit),
            state=stands.state,
            name=name_of(stands.budget),
            percent=stands.percent,
        )
        for id, stands in tightest.items()
    }
