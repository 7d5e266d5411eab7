"""Why a file or a record is not taken."""


class NotRead(Exception):
    """The whole file cannot be read on; the sentence says why."""


class NotTaken(Exception):
    """One record is left out; the sentence says why."""
