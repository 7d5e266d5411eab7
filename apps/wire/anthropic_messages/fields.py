"""The fields of a reply that are understood, or known to say nothing to a reader. Others are shown as unrecognized."""

EVENT = frozenset(
    {
        *("type", "index", "message", "content_block", "delta", "usage", "error", "request_id"),
        *("context_management", "input_transformations", "amazon-bedrock-invocationMetrics"),
    }
)
MESSAGE = frozenset(
    {
        *("id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "usage"),
        *("container", "context_management", "diagnostics", "input_transformations", "error", "created_at"),
    }
)
MESSAGE_DELTA = frozenset({"type", "stop_reason", "stop_sequence", "stop_details", "container", "usage"})
BLOCK = frozenset(
    {
        *("type", "text", "citations", "thinking", "signature", "data", "source", "index"),
        *("id", "name", "input", "caller", "toolset_name"),
    }
)
DELTA = frozenset({"type", "text", "thinking", "signature", "partial_json", "citation", "estimated_tokens"})
