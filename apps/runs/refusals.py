"""Why a turn is not begun."""

from apps.usage.budgets import refusals as budgets


class Refused(Exception):
    """The turn cannot be begun; the text says why, to the person. `field` names the form's field that is to blame."""

    def __init__(self, sentence: str, status: int = 422, field: str = ""):
        super().__init__(sentence)
        self.status, self.field = status, field


class OverBudget(Refused):
    """A budget or a rate limit is in the way; `wait` is how many seconds, where that is known."""

    def __init__(self, error: budgets.Refused):
        super().__init__(str(error), error.status)
        self.wait = error.wait


class Repeated(Exception):
    """The turn was begun by the same form, sent a moment before."""
