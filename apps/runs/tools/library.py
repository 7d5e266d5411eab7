"""Reads of a person's tools."""

from ..models import Tool
from .built_in import BUILT_IN


def mine(user):
    return Tool.objects.for_user(user)


def find(user, name: str) -> str:
    """What a conversation keeps of the tool of that name: its id, or the name of a built-in one. Raises LookupError."""
    if name in BUILT_IN:
        return name
    tool = mine(user).filter(name=name).first()
    if tool is None:
        raise LookupError(f"No tool called {name}.")
    return str(tool.id)
