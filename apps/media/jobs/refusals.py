"""Why a job is not begun."""


class NotMade(Exception):
    """The text says why, to the person; `field` names the control that it is about, '' for the whole form."""

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.field = field
