"""Why a tool gave no result."""


class ToolFailed(Exception):
    """The text is told to the model, which may try again, and to the person."""
