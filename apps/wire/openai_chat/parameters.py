"""Every parameter of a Chat Completions request, vendor extras included.

`n` is left out: it stays 1, as a run is one answer; several answers are several runs. `functions` and `function_call`
are left out as tools replace them. `audio` and `prediction` are given as JSON.
"""

from ..parameters import Parameter, gettext_noop

_ = gettext_noop

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
    Parameter(
        "top_k",
        "integer",
        "sampling",
        _("Top K"),
        _("Only this many of the likeliest tokens. Many local and open models; not OpenAI."),
        minimum=0,
        maximum=1000,
        step=1,
    ),
    Parameter(
        "min_p",
        "number",
        "sampling",
        _("Min P"),
        _("Only tokens at least this likely, measured against the likeliest. Not OpenAI."),
        minimum=0,
        maximum=1,
        step=0.01,
    ),
    Parameter(
        "presence_penalty",
        "number",
        "sampling",
        _("Presence penalty"),
        _("Above 0, words that were used at all become less likely."),
        minimum=-2,
        maximum=2,
        step=0.1,
    ),
    Parameter(
        "frequency_penalty",
        "number",
        "sampling",
        _("Frequency penalty"),
        _("Above 0, words become less likely the more often they were used."),
        minimum=-2,
        maximum=2,
        step=0.1,
    ),
    Parameter(
        "repetition_penalty",
        "number",
        "sampling",
        _("Repetition penalty"),
        _("Above 1 discourages repeating. Qwen, vLLM and others; not OpenAI."),
        minimum=0,
        maximum=2,
        step=0.05,
    ),
    Parameter(
        "seed",
        "integer",
        "sampling",
        _("Seed"),
        _("The same seed and settings give mostly the same answer."),
        minimum=-(2**63),
        maximum=2**63 - 1,
        step=1,
    ),
    Parameter(
        "logit_bias",
        "json",
        "sampling",
        _("Logit bias"),
        _('Token ids with a bias from −100 to 100, as in {"50256": -100}.'),
    ),
)

LENGTH = (
    Parameter(
        "max_tokens",
        "integer",
        "length",
        _("Max tokens"),
        _("The longest answer. OpenAI's reasoning models refuse it: use max completion tokens."),
        minimum=1,
        maximum=10_000_000,
        step=1,
        means="max_completion_tokens",
    ),
    Parameter(
        "max_completion_tokens",
        "integer",
        "length",
        _("Max completion tokens"),
        _("The longest answer, thoughts included."),
        minimum=1,
        maximum=10_000_000,
        step=1,
    ),
    Parameter(
        "stop",
        "strings",
        "length",
        _("Stop sequences"),
        _("The answer ends before any of these. One a line, at most four; \\n is a line break."),
        maximum=4,
    ),
)

REASONING = (
    Parameter(
        "reasoning_effort",
        "choice",
        "reasoning",
        _("Reasoning effort"),
        _("How long the model thinks. Which of these it takes depends on the model."),
        choices=("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    ),
    Parameter(
        "enable_thinking",
        "boolean",
        "reasoning",
        _("Thinking"),
        _("Switches thinking on or off. Qwen and models served like it."),
    ),
    Parameter(
        "thinking",
        "json",
        "reasoning",
        _("Thinking (object)"),
        _('Doubao and GLM, as in {"type": "enabled"}.'),
    ),
    Parameter(
        "reasoning",
        "json",
        "reasoning",
        _("Reasoning (object)"),
        _('OpenRouter, as in {"effort": "high"} or {"max_tokens": 2000}.'),
    ),
)

OUTPUT = (
    Parameter(
        "response_format",
        "json",
        "output",
        _("Response format"),
        _('As in {"type": "json_object"} with the word JSON in the prompt, or a json_schema.'),
    ),
    Parameter(
        "verbosity",
        "choice",
        "output",
        _("Verbosity"),
        _("How much is said. GPT-5 and later."),
        choices=("low", "medium", "high"),
    ),
    Parameter(
        "modalities",
        "strings",
        "output",
        _("Modalities"),
        _("What the answer may be made of, one a line: text, image, audio."),
        maximum=4,
    ),
    Parameter(
        "audio",
        "json",
        "output",
        _("Audio"),
        _('Needed with the audio modality, as in {"voice": "alloy", "format": "pcm16"}.'),
    ),
    Parameter(
        "logprobs",
        "boolean",
        "output",
        _("Log probabilities"),
        _("Asks for the probability of each token."),
    ),
    Parameter(
        "top_logprobs",
        "integer",
        "output",
        _("Top log probabilities"),
        _("How many alternatives of each token; needs log probabilities."),
        minimum=0,
        maximum=20,
        step=1,
    ),
    Parameter("prediction", "json", "output", _("Prediction"), _("The part of the answer that is known already.")),
)

OTHER = (
    Parameter(
        "parallel_tool_calls",
        "boolean",
        "other",
        _("Parallel tool calls"),
        _("Whether several tools may be called at once."),
    ),
    Parameter(
        "enable_search",
        "boolean",
        "other",
        _("Web search"),
        _("Lets Qwen models search the web."),
    ),
    Parameter(
        "web_search_options",
        "json",
        "other",
        _("Web search options"),
        _('Search models only, as in {"search_context_size": "medium"}.'),
    ),
    Parameter(
        "search_parameters",
        "json",
        "other",
        _("Search parameters"),
        _('xAI, as in {"mode": "auto"}.'),
    ),
    Parameter(
        "service_tier",
        "choice",
        "other",
        _("Service tier"),
        _("Which queue serves the request. Gateways may drop it."),
        choices=("auto", "default", "flex", "priority", "scale"),
    ),
    Parameter("store", "boolean", "other", _("Store"), _("Whether the vendor keeps the answer.")),
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
        "extra_body",
        "json",
        "other",
        _("Extra body"),
        _("Vendor settings passed on as they are, as Google's thinking_config behind a gateway."),
    ),
)

PARAMETERS: tuple[Parameter, ...] = SAMPLING + LENGTH + REASONING + OUTPUT + OTHER
NAMES = frozenset(parameter.name for parameter in PARAMETERS)
