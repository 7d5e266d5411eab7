"""Every parameter of a Responses request. One with a dot in its name is a field of the object in front of the dot.

`previous_response_id` is left out: it is the request's own. `web_search_type` and `web_search_options` are what the
tool web_search is made of; `tools` are the other tools that the upstream runs itself.
"""

from ..parameters import Parameter, gettext_noop

_ = gettext_noop

SEARCHES = ("web_search_type", "web_search_options")

SAMPLING = (
    Parameter(
        "temperature",
        "number",
        "sampling",
        _("Temperature"),
        _("Higher is more varied, lower more focused. Reasoning models refuse any other than their own."),
        minimum=0,
        maximum=2,
        step=0.1,
    ),
    Parameter(
        "top_p",
        "number",
        "sampling",
        _("Top P"),
        _("Only the likeliest tokens that together have this probability."),
        minimum=0,
        maximum=1,
        step=0.05,
    ),
)

LENGTH = (
    Parameter(
        "max_output_tokens",
        "integer",
        "length",
        _("Max output tokens"),
        _("The longest answer, thoughts included."),
        minimum=1,
        maximum=10_000_000,
        step=1,
        means="max_completion_tokens",
    ),
    Parameter(
        "max_tool_calls",
        "integer",
        "length",
        _("Max tool calls"),
        _("How many calls of the upstream's own tools one answer may make."),
        minimum=1,
        maximum=10_000,
        step=1,
    ),
    Parameter(
        "truncation",
        "choice",
        "length",
        _("Truncation"),
        _("auto drops the oldest items of a conversation that is too long; disabled refuses it."),
        choices=("auto", "disabled"),
    ),
)

REASONING = (
    Parameter(
        "reasoning.effort",
        "choice",
        "reasoning",
        _("Reasoning effort"),
        _("How long the model thinks. Which of these it takes depends on the model."),
        choices=("none", "minimal", "low", "medium", "high", "xhigh", "max"),
        means="reasoning_effort",
    ),
    Parameter(
        "reasoning.summary",
        "choice",
        "reasoning",
        _("Reasoning summary"),
        _("Shows what the model thought, in short. OpenAI asks for a verified organisation."),
        choices=("auto", "concise", "detailed"),
    ),
    Parameter(
        "reasoning.context",
        "choice",
        "reasoning",
        _("Reasoning context"),
        _("Which of its earlier thoughts the model sees again."),
        choices=("auto", "current_turn", "all_turns"),
    ),
    Parameter(
        "reasoning.mode",
        "text",
        "reasoning",
        _("Reasoning mode"),
        _("standard or pro, where the model has both."),
    ),
)

OUTPUT = (
    Parameter(
        "text.verbosity",
        "choice",
        "output",
        _("Verbosity"),
        _("How much is said. GPT-5 and later."),
        choices=("low", "medium", "high"),
        means="verbosity",
    ),
    Parameter(
        "text.format",
        "json",
        "output",
        _("Response format"),
        _('As in {"type": "json_object"} with the word JSON in the prompt, or a json_schema.'),
        means="response_format",
    ),
    Parameter(
        "include",
        "strings",
        "output",
        _("Include"),
        _("More to tell with the answer, one a line, as in file_search_call.results."),
        maximum=20,
    ),
    Parameter(
        "top_logprobs",
        "integer",
        "output",
        _("Top log probabilities"),
        _("How many alternatives of each token; include message.output_text.logprobs."),
        minimum=0,
        maximum=20,
        step=1,
    ),
    Parameter(
        "stream_options.include_obfuscation",
        "boolean",
        "output",
        _("Obfuscation"),
        _("Pads the events of a stream, so that their lengths do not tell what is said. On unless switched off."),
    ),
)

OTHER = (
    Parameter(
        "tools",
        "json",
        "other",
        _("Hosted tools"),
        _('A list, as in [{"type": "image_generation", "partial_images": 2}] or file_search, code_interpreter, mcp.'),
    ),
    Parameter(
        "web_search_type",
        "choice",
        "other",
        _("Web search tool"),
        _("Older gateways know the search by its first name alone."),
        choices=("web_search", "web_search_preview"),
    ),
    Parameter(
        "web_search_options",
        "json",
        "other",
        _("Web search options"),
        _('As in {"search_context_size": "medium", "filters": {"allowed_domains": ["example.org"]}}.'),
    ),
    Parameter(
        "parallel_tool_calls",
        "boolean",
        "other",
        _("Parallel tool calls"),
        _("Whether several tools may be called at once."),
    ),
    Parameter(
        "store", "boolean", "other", _("Store"), _("Whether the vendor keeps the answer. It does unless told not to.")
    ),
    Parameter(
        "background",
        "boolean",
        "other",
        _("Background"),
        _("The upstream goes on if the connection breaks, and is asked for the answer again. It must be stored."),
    ),
    Parameter(
        "background_options",
        "json",
        "other",
        _("Background options"),
        _('As in {"completion_window": "2h"}.'),
    ),
    Parameter(
        "conversation",
        "text",
        "other",
        _("Conversation"),
        _("The id of a conversation that the upstream keeps: only what is new is sent."),
    ),
    Parameter(
        "context_management",
        "json",
        "other",
        _("Context management"),
        _('A list, as in [{"type": "compaction", "compact_threshold": 100000}].'),
    ),
    Parameter(
        "prompt",
        "json",
        "other",
        _("Prompt template"),
        _('One that the vendor keeps, as in {"id": "pmpt_1", "variables": {"city": "Oslo"}}.'),
    ),
    Parameter(
        "service_tier",
        "choice",
        "other",
        _("Service tier"),
        _("Which queue serves the request. Gateways may drop it."),
        choices=("auto", "default", "flex", "priority", "scale"),
    ),
    Parameter("metadata", "json", "other", _("Metadata"), _("Up to 16 pairs of text kept with a stored answer.")),
    Parameter("user", "text", "other", _("User"), _("A name for the end user, for the vendor's abuse checks.")),
    Parameter(
        "safety_identifier",
        "text",
        "other",
        _("Safety identifier"),
        _("A stable, hashed name for the end user. Gateways may drop it."),
    ),
    Parameter(
        "prompt_cache_key",
        "text",
        "other",
        _("Prompt cache key"),
        _("Requests with the same key are more likely to find the prompt cached."),
    ),
    Parameter(
        "prompt_cache_retention",
        "choice",
        "other",
        _("Prompt cache retention"),
        _("How long the prompt stays cached."),
        choices=("in_memory", "24h"),
    ),
    Parameter(
        "prompt_cache_options",
        "json",
        "other",
        _("Prompt cache options"),
        _('As in {"mode": "explicit", "ttl": "12h"}.'),
    ),
    Parameter(
        "moderation",
        "json",
        "other",
        _("Moderation"),
        _('Scores or blocks what is said, as in {"model": "omni-moderation-latest"}.'),
    ),
    Parameter(
        "image.context_compression",
        "choice",
        "other",
        _("Image compression"),
        _("Whether images of the conversation may be made smaller."),
        choices=("auto", "enabled", "disabled"),
    ),
    Parameter(
        "access_programs",
        "json",
        "other",
        _("Access programs"),
        _("OpenAI's programs for vetted organisations."),
    ),
)

PARAMETERS: tuple[Parameter, ...] = SAMPLING + LENGTH + REASONING + OUTPUT + OTHER
NAMES = frozenset(parameter.name for parameter in PARAMETERS)
