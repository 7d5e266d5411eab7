"""The checks: what each is called, by which question it is judged, and how."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.wire.exceptions import Undecodable
from apps.wire.messages import Citation, HostedTool, Reasoning, ToolCall
from apps.wire.tolerant import loads

from ..structured import place_of
from .material import NUMBER, WORD
from .questions import FORECAST, QUESTIONS, STOP_AT, WORDS, Question
from .seen import Seen
from .verdict import Verdict, failure, no, unsure, yes

Judge = Callable[[Seen], Verdict]


@dataclass(frozen=True, slots=True)
class Check:
    """`asks` names the question, '' where the list of models tells. `corrects` is the capability that it proves."""

    name: str
    label: str | Promise
    asks: str
    judge: Judge | None = None
    corrects: str = ""

    @property
    def question(self) -> Question:
        return QUESTIONS[self.asks]

    def verdict(self, seen: Seen) -> Verdict:
        return failure(seen, self.asks == "chat") or (self.judge(seen) if self.judge else yes())


def _chat(seen: Seen) -> Verdict:
    if seen.text.strip():
        return yes(_("It answered."))
    if seen.run.finish_reason in ("length", "max_tokens", "MAX_TOKENS"):
        return unsure(_("All of its tokens went into thinking: no word was left."))
    return no(_("The answer had no words."))


def _stream(seen: Seen) -> Verdict:
    if seen.pieces > 1:
        told = ngettext("The answer came in %(count)d piece.", "The answer came in %(count)d pieces.", seen.pieces)
        return yes(told % {"count": seen.pieces})
    return no(_("The answer came whole, in one piece, though a stream was asked for."))


def _usage(seen: Seen) -> Verdict:
    if seen.input_tokens is None or seen.output_tokens is None:
        return no(_("The upstream did not say how many tokens it counted."))
    counted = {"input": seen.input_tokens, "output": seen.output_tokens}
    return yes(_("%(input)d tokens in, %(output)d out, as the upstream counted.") % counted)


def _stop(seen: Seen) -> Verdict:
    last = WORDS.split()[-1]
    if seen.stopped_by_us:
        if last in seen.text:
            return unsure(_("The whole answer was there before Stop could reach it."))
        return yes(_("This format has no stop sequence. Stop closed the connection, and no more came."))
    if last in seen.text or STOP_AT in seen.text:
        return no(_("The answer went on behind the stop sequence."))
    if WORDS.split()[0] not in seen.text:
        return unsure(_("The model did not say the words that lead to the stop sequence."))
    return yes(_("The answer ended at the stop sequence."))


def _tools(seen: Seen) -> Verdict:
    call = next((part for part in seen.parts if isinstance(part, ToolCall)), None)
    if call is None:
        return no(_("It answered without calling the tool."))
    told = {"name": call.name[:80], "arguments": call.arguments[:200]}
    try:
        arguments = loads(call.arguments.encode("utf-8", "replace"))
    except Undecodable:
        return no(_("The arguments of its call are not JSON: %(arguments)s") % told)
    if call.name != FORECAST or not isinstance(arguments, dict) or not isinstance(arguments.get("city"), str):
        return no(_("Its call is not what the tool takes: %(name)s %(arguments)s") % told)
    return yes(_("It called %(name)s %(arguments)s") % told)


def _schema(seen: Seen) -> Verdict:
    broken = seen.run.violations
    if place_of(seen.parts) is None or broken is None:
        return no(_("The answer had no words."))
    if broken:
        path, sentence = broken[0]
        told = {"path": path, "sentence": sentence}
        return no(_("The answer does not follow the schema. At %(path)s: %(sentence)s") % told)
    return yes(_("The answer follows the schema."))


def _vision(seen: Seen) -> Verdict:
    if re.search(rf"(?<!\d){NUMBER}(?!\d)", seen.text):
        return yes(_("It read the number in the picture."))
    return no(_("It did not read the number %(number)s in the picture.") % {"number": NUMBER})


def _pdf(seen: Seen) -> Verdict:
    if WORD in seen.text.lower():
        return yes(_("It read the word in the document."))
    return no(_("It did not read the word “%(word)s” in the document.") % {"word": WORD})


def _reasoning(seen: Seen) -> Verdict:
    if any(isinstance(part, Reasoning) for part in seen.parts):
        return yes(_("Its thoughts came along."))
    if count := seen.reasoning_tokens:
        told = ngettext("It counted %(count)d token of thought.", "It counted %(count)d tokens of thought.", count)
        return yes(told % {"count": count})
    return no(_("Neither thoughts nor tokens of thought came."))


def _web_search(seen: Seen) -> Verdict:
    if any(isinstance(part, HostedTool) and part.name == "web_search" for part in seen.parts):
        return yes(_("It searched."))
    if any(isinstance(part, Citation) for part in seen.parts):
        return yes(_("It named sources."))
    return no(_("It answered without searching and without sources."))


CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        Check("list", gettext_lazy("Listed"), ""),
        Check("chat", gettext_lazy("Chat"), "chat", _chat, "chat"),
        Check("stream", gettext_lazy("Stream"), "chat", _stream),
        Check("usage", gettext_lazy("Usage"), "chat", _usage),
        Check("stop", gettext_lazy("Stop"), "stop", _stop),
        Check("tools", gettext_lazy("Tools"), "tools", _tools, "tools"),
        Check("schema", gettext_lazy("Schema"), "schema", _schema, "schema"),
        Check("vision", gettext_lazy("Vision"), "vision", _vision, "vision"),
        Check("pdf", gettext_lazy("PDF"), "pdf", _pdf, "pdf"),
        Check("reasoning", gettext_lazy("Reasoning"), "reasoning", _reasoning, "reasoning"),
        Check("web_search", gettext_lazy("Web search"), "web_search", _web_search, "web_search"),
    )
}
