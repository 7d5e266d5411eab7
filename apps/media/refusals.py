"""Why a file is not taken."""


class NotTaken(Exception):
    """The file cannot be kept; the text says why, to the person. `status` is for HTTP: 413 too much, 422 not this."""

    def __init__(self, sentence: str, status: int = 422):
        super().__init__(sentence)
        self.status = status
