"""Every parameter of a GenerateContentRequest under the name of its own field, and where in the body it stands.

`candidateCount` is left out: it stays 1, as a run is one answer. What else the request knows is said as extra JSON.
"""

from ..parameters import Parameter, gettext_noop

_ = gettext_noop

SAMPLING = (
    Parameter(
        "temperature",
        "number",
        "sampling",
        _("Temperature"),
        _("Higher is more varied, lower more focused. Gemini 3 is best left at 1."),
        minimum=0,
        maximum=2,
        step=0.1,
    ),
    Parameter(
        "topP",
        "number",
        "sampling",
        _("Top P"),
        _("Only the likeliest tokens that together have this probability."),
        minimum=0,
        maximum=1,
        step=0.05,
        means="top_p",
    ),
    Parameter(
        "topK",
        "integer",
        "sampling",
        _("Top K"),
        _("Only this many of the likeliest tokens."),
        minimum=1,
        maximum=1000,
        step=1,
        means="top_k",
    ),
    Parameter(
        "presencePenalty",
        "number",
        "sampling",
        _("Presence penalty"),
        _("Above 0, words that were used at all become less likely."),
        minimum=-2,
        maximum=2,
        step=0.1,
        means="presence_penalty",
    ),
    Parameter(
        "frequencyPenalty",
        "number",
        "sampling",
        _("Frequency penalty"),
        _("Above 0, words become less likely the more often they were used."),
        minimum=-2,
        maximum=2,
        step=0.1,
        means="frequency_penalty",
    ),
    Parameter(
        "seed",
        "integer",
        "sampling",
        _("Seed"),
        _("The same seed and settings give mostly the same answer."),
        minimum=-(2**31),
        maximum=2**31 - 1,
        step=1,
    ),
)

LENGTH = (
    Parameter(
        "maxOutputTokens",
        "integer",
        "length",
        _("Max output tokens"),
        _("The longest answer, thoughts included: too small a number leaves no room for the answer itself."),
        minimum=1,
        maximum=10_000_000,
        step=1,
        means="max_completion_tokens",
    ),
    Parameter(
        "stopSequences",
        "strings",
        "length",
        _("Stop sequences"),
        _("The answer ends before any of these. One a line, at most five; \\n is a line break."),
        maximum=5,
        means="stop",
    ),
)

REASONING = (
    Parameter(
        "includeThoughts",
        "boolean",
        "reasoning",
        _("Show thoughts"),
        _("Asks for a summary of what the model thinks."),
    ),
    Parameter(
        "thinkingLevel",
        "choice",
        "reasoning",
        _("Thinking level"),
        _("How long the model thinks. Gemini 3 and later; not together with a thinking budget."),
        choices=("minimal", "low", "medium", "high", "xhigh"),
        means="reasoning_effort",
    ),
    Parameter(
        "thinkingBudget",
        "integer",
        "reasoning",
        _("Thinking budget"),
        _("Tokens to think with: 0 is off where the model allows it, −1 lets it decide. Gemini 2.5."),
        minimum=-1,
        maximum=1_000_000,
        step=1,
    ),
)

OUTPUT = (
    Parameter(
        "responseMimeType",
        "choice",
        "output",
        _("Response type"),
        _("JSON without a schema, or one word of a list (enum)."),
        choices=("text/plain", "application/json", "text/x.enum"),
    ),
    Parameter(
        "responseModalities",
        "strings",
        "output",
        _("Modalities"),
        _("What the answer may be made of, one a line: TEXT, IMAGE, AUDIO."),
        maximum=4,
        means="modalities",
    ),
    Parameter(
        "aspectRatio",
        "choice",
        "output",
        _("Aspect ratio"),
        _("Of pictures. Which of these it takes depends on the model."),
        choices=(
            *("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"),
            *("1:4", "4:1", "1:8", "8:1"),
        ),
    ),
    Parameter(
        "imageSize",
        "choice",
        "output",
        _("Image size"),
        _("Of pictures. Only the larger image models take it."),
        choices=("512", "1K", "2K", "4K"),
    ),
    Parameter("voiceName", "text", "output", _("Voice"), _("Of speech, as Kore or Puck. Needs the AUDIO modality.")),
    Parameter("languageCode", "text", "output", _("Language of speech"), _("As en-US.")),
    Parameter(
        "multiSpeakerVoiceConfig",
        "json",
        "output",
        _("Voices of several speakers"),
        _('As in {"speakerVoiceConfigs": [{"speaker": "Ann", "voiceConfig": …}]}.'),
    ),
    Parameter(
        "responseLogprobs",
        "boolean",
        "output",
        _("Log probabilities"),
        _("Asks for the probability of each token."),
        means="logprobs",
    ),
    Parameter(
        "logprobs",
        "integer",
        "output",
        _("Top log probabilities"),
        _("How many alternatives of each token; needs log probabilities."),
        minimum=0,
        maximum=20,
        step=1,
        means="top_logprobs",
    ),
)

OTHER = (
    Parameter(
        "mediaResolution",
        "choice",
        "other",
        _("Media resolution"),
        _("How closely attached pictures and videos are looked at: fewer tokens when low."),
        choices=("MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM", "MEDIA_RESOLUTION_HIGH"),
    ),
    Parameter(
        "safetySettings",
        "json",
        "other",
        _("Safety settings"),
        _('As in [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}].'),
    ),
    Parameter("codeExecution", "boolean", "other", _("Code execution"), _("Lets the model run Python at Google.")),
    Parameter("urlContext", "boolean", "other", _("Read web pages"), _("Lets the model open addresses in the prompt.")),
    Parameter("cachedContent", "text", "other", _("Cached content"), _("The name of a cache, as cachedContents/…")),
    Parameter(
        "serviceTier",
        "choice",
        "other",
        _("Service tier"),
        _("Which queue serves the request. Gateways may drop it."),
        choices=("standard", "flex", "priority"),
        means="service_tier",
    ),
    Parameter("store", "boolean", "other", _("Store"), _("Whether the vendor keeps the answer.")),
    Parameter("labels", "json", "other", _("Labels"), _("Pairs of text that Google bills by."), means="metadata"),
)

PARAMETERS: tuple[Parameter, ...] = SAMPLING + LENGTH + REASONING + OUTPUT + OTHER

# Built-in tools are switches to a person and entries of `tools` on the wire.
BUILT_IN = ("codeExecution", "urlContext")
_CONFIG = "generationConfig"
_TOP = ("safetySettings", "cachedContent", "serviceTier", "store", "labels")
_NESTED = {
    **{name: ("thinkingConfig", name) for name in ("includeThoughts", "thinkingLevel", "thinkingBudget")},
    **{name: ("imageConfig", name) for name in ("aspectRatio", "imageSize")},
    **{name: ("speechConfig", name) for name in ("languageCode", "multiSpeakerVoiceConfig")},
    "voiceName": ("speechConfig", "voiceConfig", "prebuiltVoiceConfig", "voiceName"),
}
PLACES: dict[str, tuple[str, ...]] = {
    parameter.name: (parameter.name,)
    if parameter.name in _TOP
    else (_CONFIG, *_NESTED.get(parameter.name, (parameter.name,)))
    for parameter in PARAMETERS
    if parameter.name not in BUILT_IN
}
