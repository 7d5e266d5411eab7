"""Why a turn is not begun."""


class Refused(Exception):
    """The turn cannot be begun; the text says why, to the person. `field` names the form's field that is to blame."""

    def __init__(self, sentence: str, status: int = 422, field: str = ""):
        super().__init__(sentence)
        self.status, self.field = status, field


class Repeated(Exception):
    """The turn was begun by the same form, sent a moment before."""
