"""The words of the format that are understood or say nothing to a reader. Others are shown as unrecognized."""

# Names of events that add nothing: what they tell comes once more with the item, or concerns other transports.
IGNORED = frozenset(
    {
        *("keepalive", "response.keepalive", "response.heartbeat", "ping"),
        *("response.compaction.compacting", "response.compaction.completed", "response.compaction.in_progress"),
        *("response.shell_call_command.added", "response.shell_call_command.delta", "response.shell_call_command.done"),
        *("response.shell_call_output_content.delta", "response.shell_call_output_content.done"),
        *("response.steer", "response.steer.accepted", "response.steer.pending", "response.steer.failed"),
        *("response.audio.done", "response.audio.transcript.done"),
    }
)

EVENT = frozenset(
    {
        *("type", "sequence_number", "response", "item", "part", "item_id", "output_index", "content_index"),
        *("summary_index", "annotation_index", "annotation", "delta", "text", "refusal", "arguments", "input", "code"),
        *("name", "call_id", "logprobs", "obfuscation", "response_id", "stream_id", "status", "error", "code"),
        *("message", "param", "partial_image_index", "partial_image_b64", "size", "quality", "background"),
        *("output_format", "event_id", "created_at"),
    }
)

RESPONSE = frozenset(
    {
        *("id", "object", "created_at", "completed_at", "model", "status", "error", "incomplete_details", "output"),
        *("output_text", "usage", "instructions", "metadata", "parallel_tool_calls", "temperature", "top_p", "tools"),
        *("tool_choice", "background", "conversation", "max_output_tokens", "max_tool_calls", "previous_response_id"),
        *("prompt", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "prompt_cache_diagnostics"),
        *("reasoning", "safety_identifier", "service_tier", "store", "text", "top_logprobs", "truncation", "user"),
        *("presence_penalty", "frequency_penalty", "content_filters", "billing", "provider", "timings", "image"),
        *("moderation", "tool_usage", "access_programs", "input_transformations", "context_management", "success"),
    }
)

# Fields of a message, a reasoning or a call; items of hosted tools are kept whole.
ITEM = frozenset(
    {
        *("id", "type", "status", "role", "content", "phase", "summary", "encrypted_content", "call_id", "name"),
        *("arguments", "input", "namespace", "caller", "async", "created_by", "signature", "format", "output_index"),
    }
)
