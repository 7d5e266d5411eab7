"""What a tool that the upstream ran gave, for people to read: each format brings it in the tool's opaque data."""

from .anthropic_messages.hosted import findings as of_messages
from .gemini.hosted import findings as of_gemini
from .messages import HostedTool
from .openai_responses.hosted import findings as of_responses


def found_by(tool: HostedTool) -> str:
    """Its output as text; '' where nothing was brought."""
    if not tool.opaque:
        return ""
    texts = (text for findings in (of_responses, of_messages, of_gemini) for text in findings(tool.opaque))
    return "\n".join(text.rstrip() for text in texts if text.strip())
