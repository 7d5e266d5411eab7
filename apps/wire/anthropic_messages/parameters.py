"""Every parameter of a Messages request.

Those that the wire nests, or says in a header or a mark on blocks, have names of ours: `settings` puts them in place.
"""

from ..parameters import Parameter, gettext_noop

_ = gettext_noop

SAMPLING = (
    Parameter(
        "temperature",
        "number",
        "sampling",
        _("Temperature"),
        _("Higher is more varied, lower more focused. Refused with thinking, and by the newest models."),
        minimum=0,
        maximum=1,
        step=0.1,
    ),
    Parameter(
        "top_p",
        "number",
        "sampling",
        _("Top P"),
        _("Only the likeliest tokens that together have this probability. Newer models take it or the temperature."),
        minimum=0,
        maximum=1,
        step=0.05,
    ),
    Parameter(
        "top_k",
        "integer",
        "sampling",
        _("Top K"),
        _("Only this many of the likeliest tokens. Refused with thinking."),
        minimum=0,
        maximum=1000,
        step=1,
    ),
)

LENGTH = (
    Parameter(
        "max_tokens",
        "integer",
        "length",
        _("Max tokens"),
        _("The longest answer, thoughts included. The format requires it: 4096 beyond the thinking budget if empty."),
        minimum=1,
        maximum=10_000_000,
        step=1,
        means="max_completion_tokens",
    ),
    Parameter(
        "stop_sequences",
        "strings",
        "length",
        _("Stop sequences"),
        _("The answer ends before any of these. One a line; \\n is a line break."),
        means="stop",
    ),
)

REASONING = (
    Parameter(
        "thinking",
        "choice",
        "reasoning",
        _("Thinking"),
        _("Newer models decide by themselves how long (adaptive); older ones take a budget (enabled)."),
        choices=("adaptive", "enabled", "disabled"),
    ),
    Parameter(
        "thinking_budget",
        "integer",
        "reasoning",
        _("Thinking budget"),
        _("Tokens to think with, where thinking is enabled: at least 1024 and less than max tokens."),
        minimum=1024,
        maximum=10_000_000,
        step=1,
    ),
    Parameter(
        "thinking_display",
        "choice",
        "reasoning",
        _("Thinking shown"),
        _("Newer models leave the text of their thoughts out unless asked for a summary."),
        choices=("summarized", "omitted"),
    ),
    Parameter(
        "effort",
        "choice",
        "reasoning",
        _("Effort"),
        _("How much work goes into thoughts and answer. Newer models."),
        choices=("low", "medium", "high", "xhigh", "max"),
        means="reasoning_effort",
    ),
)

OUTPUT = (
    Parameter(
        "citations",
        "boolean",
        "output",
        _("Cite documents"),
        _("The answer names the passages of attached documents that it rests on. Not together with a response schema."),
    ),
    Parameter(
        "parallel_tool_calls",
        "boolean",
        "output",
        _("Parallel tool calls"),
        _("Whether several tools may be called at once."),
    ),
)

CACHE = (
    Parameter(
        "cache_control",
        "boolean",
        "other",
        _("Prompt caching"),
        _("Marks system prompt, tools and the last message to be kept: the next turn pays less for what it repeats."),
    ),
    Parameter(
        "cache_ttl",
        "choice",
        "other",
        _("Cache lifetime"),
        _("How long what was marked is kept after its last use. Writing for an hour costs more."),
        choices=("5m", "1h"),
    ),
)

SEARCH = (
    Parameter(
        "web_search_version",
        "choice",
        "other",
        _("Web search version"),
        _("Later ones filter what they find before the model reads it. Newer models."),
        choices=("web_search_20250305", "web_search_20260209", "web_search_20260318"),
    ),
    Parameter(
        "web_search_max_uses",
        "integer",
        "other",
        _("Most web searches"),
        _("How often one answer may search."),
        minimum=1,
        maximum=1000,
        step=1,
    ),
    Parameter(
        "web_search_allowed_domains",
        "strings",
        "other",
        _("Only these sites"),
        _("Domains that the web search may find, one a line. Not together with blocked ones."),
    ),
    Parameter(
        "web_search_blocked_domains",
        "strings",
        "other",
        _("Not these sites"),
        _("Domains that the web search leaves out, one a line."),
    ),
    Parameter(
        "web_search_location",
        "json",
        "other",
        _("Place of the search"),
        _('As in {"type": "approximate", "country": "GB", "city": "London"}.'),
    ),
)

OTHER = (
    Parameter(
        "server_tools",
        "json",
        "other",
        _("Anthropic's tools"),
        _('A list of tools that Anthropic runs, as in [{"type": "web_fetch_20250910", "name": "web_fetch"}].'),
    ),
    Parameter(
        "mcp_servers",
        "json",
        "other",
        _("MCP servers"),
        _("A list of servers whose tools the model may use. Needs a beta; gateways drop it."),
    ),
    Parameter(
        "anthropic_beta",
        "strings",
        "other",
        _("Betas"),
        _("Names for the header anthropic-beta, one a line, as in context-1m-2025-08-07."),
    ),
    Parameter(
        "service_tier",
        "choice",
        "other",
        _("Service tier"),
        _("Which queue serves the request. Gateways may drop it."),
        choices=("auto", "standard_only"),
    ),
    Parameter(
        "speed",
        "choice",
        "other",
        _("Speed"),
        _("Fast costs more. Some models, some with a beta."),
        choices=("standard", "fast"),
    ),
    Parameter(
        "container", "text", "other", _("Container"), _("The id of an earlier answer's container, to use again.")
    ),
    Parameter(
        "context_management",
        "json",
        "other",
        _("Context management"),
        _('What is cleared from a long conversation, as in {"edits": [{"type": "clear_tool_uses_20250919"}]}.'),
    ),
    Parameter(
        "user_id",
        "text",
        "other",
        _("User"),
        _("A name for the end user, for the vendor's abuse checks."),
        means="user",
    ),
)

PARAMETERS: tuple[Parameter, ...] = SAMPLING + LENGTH + REASONING + OUTPUT + CACHE + SEARCH + OTHER
