"""What the composer posts, checked: a sentence for each thing that is wrong, and nothing stored before all is right."""

import uuid
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.conversations import edit
from apps.conversations.models import Conversation, Folder
from apps.conversations.queries import folder
from apps.media import hold
from apps.media.models import Asset
from apps.media.queries import load_all_for
from apps.upstreams import queries as upstreams
from apps.upstreams.models import Model
from apps.wire import formats
from apps.wire.messages import Part
from apps.wire.parameters import ParameterError
from apps.work.database import writing

from . import attachments, parameters, start
from .aside import Aside, switched
from .aside import read as read_aside
from .carrying import Left
from .choices import Offer, offer
from .manner import GOOD, TURN, Choice, Manner, by_itself, choose, converted
from .plan import Plan
from .refusals import Refused
from .tools.choice import read as read_using

form_refused = (ParameterError,)


class TurnForm(msgspec.Struct):
    user: Any
    conversation: Conversation | None
    model: Model
    text: str
    choice: Choice
    system_prompt: str
    parameters: dict
    left_out: list[Left]
    set_aside: Aside
    using: dict[str, Any]
    web_search: bool = False
    keep_state: bool = False
    extra: str = ""
    tab: str = ""
    files: list[Asset] = []
    into: Folder | None = None

    @classmethod
    def read(cls, request: HttpRequest, conversation: Conversation | None, needs_text: bool = True) -> "TurnForm":
        """Raises Refused and ParameterError. What the form leaves out stays as the conversation has it."""
        form = request.POST
        files = _files(request.user, form.getlist("asset"))
        model = model_of(request.user, form.get("model"), conversation)
        choice = choose(form, model, conversation)
        values, left_out, set_aside = _parameters(form, choice.format, conversation)
        if choice.scope == TURN and conversation:
            left_out = converted(conversation.parameters, conversation.format, choice.format)[1]
        return cls(
            user=request.user,
            conversation=conversation,
            model=model,
            text=_text(form.get("text", ""), needs_text and not files),
            choice=choice,
            system_prompt=_system(form, conversation),
            parameters=values,
            left_out=left_out,
            set_aside=set_aside,
            using=read_using(form, conversation),
            web_search=_switch(form, "web_search", conversation),
            keep_state=_switch(form, "keep_state", conversation),
            extra=_extra(form, conversation),
            tab=form.get("tab", "")[:40],
            files=files,
            into=None if conversation else folder(request.user, form.get("into")),
        )

    @property
    def attached(self) -> list[Part]:
        """The parts of the files that go along. Raises Refused for one that the format or the model cannot take."""
        attachments.check(self.files, self.choice.format, self.model)
        return [attachments.part_of(asset) for asset in self.files]

    @property
    def manner(self) -> Manner:
        """How this turn is asked. Raises Refused where the model is not offered in the format that was chosen."""
        if self.choice.instead_of:
            label = formats.get(self.choice.instead_of).label
            sentence = _("{model} is not offered in {format}: choose another format.")
            raise Refused(sentence.format(model=self.model, format=label))
        left = self.left_out
        if self.keep_state and "state" not in formats.get(self.choice.format).takes:
            left = [*left, ("state", "")]
        return Manner(
            format=self.choice.format,
            parameters=self.parameters,
            web_search=self.web_search,
            keep_state=self.keep_state,
            extra=parameters.read_extra(self.extra),
            left_out=tuple(left),
        )

    def offer(self) -> Offer:
        """What the page shows for this choice."""
        return offer(
            self.model,
            self.conversation,
            self.choice,
            values=self.parameters,
            extra=self.extra,
            web_search=self.web_search,
            keep_state=self.keep_state,
            left_out=self.left_out,
            set_aside=self.set_aside,
        )

    @property
    def is_another_for_good(self) -> bool:
        """Whether a person chose a format for good that is not the conversation's yet."""
        talk = self.conversation
        return self.choice.scope == GOOD and talk is not None and talk.format != self.choice.format

    def keep(self, with_format: bool = True) -> Conversation:
        """The conversation with what the form says of it; a new one if there is none yet."""
        chosen: dict[str, Any] = {
            "model": self.model,
            "system_prompt": self.system_prompt,
            "web_search": self.web_search,
            "keep_state": self.keep_state,
            "extra": self.extra,
            **self.using,
            **(self._format() if with_format else {}),
        }
        if self.conversation is None:
            named = self.text.strip() or ", ".join(asset.name for asset in self.files)
            return edit.create(owner=self.user, first_text=named, folder=self.into, **chosen)
        edit.configure(conversation=self.conversation, **chosen)
        return self.conversation

    def _format(self) -> dict[str, Any]:
        """Format and parameters from the next turn on: a format for this turn alone changes neither."""
        if self.choice.instead_of and self.conversation:
            return {}
        if self.choice.scope != TURN:
            good = self.choice.scope == GOOD
            kept = {"parameters": self.parameters, "set_aside": self.set_aside}
            return {"format": self.choice.format, "format_chosen": good, **kept}
        talk = self.conversation
        format = by_itself(self.model, talk)
        if talk:
            values, _left, kept = switched(talk.parameters, talk.format, format, talk.set_aside)
        else:
            values, _left, kept = switched(self.parameters, self.choice.format, format, self.set_aside)
        return {
            "format": format,
            "parameters": values,
            "set_aside": kept,
            "format_chosen": bool(talk and talk.format_chosen and format == talk.format),
        }

    def begin(self, turn_id: uuid.UUID) -> tuple[Plan, Conversation]:
        """Keeps what was chosen and begins the turn, all or nothing."""
        talk = self.conversation
        manner, attached = self.manner, self.attached
        before = start.said_before(talk, talk.head_id) if talk else ()
        with writing():
            edit.save_draft(owner=self.user, conversation=talk, text="")
            if self.files:
                hold.put_away(assets=self.files, place=str(talk.pk) if talk else "")
            talk = self.keep()
            plan = start.send(
                conversation=talk,
                turn_id=turn_id,
                text=self.text,
                model=self.model,
                before=before,
                attached=attached,
                manner=manner,
                by=self.tab,
            )
            upstreams.remember(self.user, self.model)
        return plan, talk


def model_of(user, given: str | None, conversation: Conversation | None) -> Model:
    try:
        wanted = uuid.UUID(given) if given else conversation and conversation.model_id
    except ValueError as error:
        raise Refused(_("This model is not known here.")) from error
    model = upstreams.usable(user, wanted) if wanted else upstreams.default_model(user)
    if model is None:
        raise Refused(_("This model cannot be used: it is switched off, gone, or not open to you. Choose another one."))
    return model


def _text(text: str, needed: bool) -> str:
    if needed and not text.strip():
        raise Refused(_("There is nothing to send: write something first."))
    if len(text) > settings.MESSAGE_MAX_CHARS:
        limit = settings.MESSAGE_MAX_CHARS
        raise Refused(_("The message is longer than %(limit)s characters: shorten it.") % {"limit": f"{limit:,}"}, 413)
    return text


def _files(user, ids: list[str]) -> list[Asset]:
    if len(ids) > settings.ATTACHMENTS_MAX:
        raise Refused(_("A message carries at most %(limit)s files.") % {"limit": settings.ATTACHMENTS_MAX})
    try:
        return load_all_for(user, ids)
    except Asset.DoesNotExist as error:
        raise Refused(_("A file is no longer there: remove it and attach it again.")) from error


def _system(form, conversation: Conversation | None) -> str:
    if "system_prompt" in form:
        return _text(form["system_prompt"], needed=False)
    return conversation.system_prompt if conversation else ""


def _parameters(form, format: str, conversation: Conversation | None) -> tuple[dict, list[Left], Aside]:
    """The values in the format that is asked for, what it cannot say of those in the form or the conversation, and
    what is set aside."""
    kept = conversation.set_aside if conversation else {}
    if not any(name.startswith(parameters.PREFIX) for name in form):
        return switched(conversation.parameters, conversation.format, format, kept) if conversation else ({}, [], {})
    shown = form.get("format")
    shown = shown if shown in formats.FORMATS else format
    kept = read_aside(form["set_aside"]) if "set_aside" in form else kept
    values, left, kept = switched(parameters.posted(shown, form), shown, format, kept)
    if shown != format and form.get(f"{parameters.PREFIX}{parameters.EXTRA.name}", "").strip():
        left.append(("extra", ""))
    return values, left, kept


def _switch(form, name: str, conversation: Conversation | None) -> bool:
    """On or off as the form says; a form that does not speak of it leaves it as it is."""
    if name in form:
        return form[name] == "1"
    return bool(conversation and getattr(conversation, name))


def _extra(form, conversation: Conversation | None) -> str:
    """The extra JSON as it was typed, once it is known to be an object. Raises ParameterError."""
    name = f"{parameters.PREFIX}{parameters.EXTRA.name}"
    if name not in form:
        return conversation.extra if conversation else ""
    text = _text(form[name], needed=False)
    parameters.read_extra(text)
    return text
