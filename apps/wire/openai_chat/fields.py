"""The fields of a reply that are understood, or known to say nothing to a reader. Others are shown as unrecognized."""

CHUNK = frozenset(
    {
        *("id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier", "obfuscation"),
        *("type", "success", "error", "code", "message", "provider", "timings"),
        *("citations", "search_results", "prompt_filter_results", "x_groq"),
    }
)
CHOICE = frozenset(
    {
        *("index", "delta", "message", "finish_reason", "logprobs", "usage", "error"),
        *("native_finish_reason", "content_filter_results", "stop_reason", "matched_stop", "token_ids"),
    }
)
DELTA = frozenset(
    {
        *("role", "name", "content", "reasoning_content", "reasoning", "reasoning_details", "refusal", "images"),
        *("multi_mod_content", "audio", "tool_calls", "function_call", "annotations"),
    }
)
