"""What the composer posts, checked: a sentence for each thing that is wrong, and nothing stored before all is right."""

import uuid
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.upstreams import queries as upstreams
from apps.upstreams.models import Model
from apps.wire import formats
from apps.wire.parameters import ParameterError
from apps.work.database import writing

from . import pages, parameters, start
from .plan import Plan
from .start import Refused

form_refused = (ParameterError,)


class TurnForm(msgspec.Struct):
    user: Any
    conversation: Conversation | None
    model: Model
    text: str
    format: str
    system_prompt: str
    parameters: dict
    tab: str = ""

    @classmethod
    def read(cls, request: HttpRequest, conversation: Conversation | None, needs_text: bool = True) -> "TurnForm":
        """Raises Refused and ParameterError. What the form leaves out stays as the conversation has it."""
        form = request.POST
        format = form.get("format") or (conversation.format if conversation else pages.FORMAT)
        if format not in formats.FORMATS:
            raise Refused(_("This wire format is not known here."))
        return cls(
            user=request.user,
            conversation=conversation,
            model=_model(request.user, form.get("model"), conversation),
            text=_text(form.get("text", ""), needs_text),
            format=format,
            system_prompt=_system(form, conversation),
            parameters=_parameters(form, format, conversation),
            tab=form.get("tab", "")[:40],
        )

    def keep(self) -> Conversation:
        """The conversation with what the form says of it; a new one if there is none yet."""
        chosen: dict[str, Any] = {
            "model": self.model,
            "format": self.format,
            "system_prompt": self.system_prompt,
            "parameters": self.parameters,
        }
        if self.conversation is None:
            return edit.create(owner=self.user, first_text=self.text, **chosen)
        edit.configure(conversation=self.conversation, **chosen)
        return self.conversation

    def begin(self, turn_id: uuid.UUID) -> tuple[Plan, Conversation]:
        """Keeps what was chosen and begins the turn, all or nothing."""
        talk = self.conversation
        before = start.said_before(talk, talk.head_id) if talk else ()
        with writing():
            edit.save_draft(owner=self.user, conversation=talk, text="")
            talk = self.keep()
            plan = start.send(
                conversation=talk, turn_id=turn_id, text=self.text, model=self.model, before=before, by=self.tab
            )
            upstreams.remember(self.user, self.model)
        return plan, talk


def _model(user, given: str | None, conversation: Conversation | None) -> Model:
    usable = Model.objects.for_user(user)
    try:
        wanted = uuid.UUID(given) if given else conversation and conversation.model_id
    except ValueError as error:
        raise Refused(_("This model is not known here.")) from error
    model = usable.filter(id=wanted).first() if wanted else upstreams.default_model(user)
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


def _system(form, conversation: Conversation | None) -> str:
    if "system_prompt" in form:
        return _text(form["system_prompt"], needed=False)
    return conversation.system_prompt if conversation else ""


def _parameters(form, format: str, conversation: Conversation | None) -> dict:
    if not any(name.startswith(parameters.PREFIX) for name in form):
        return conversation.parameters if conversation else {}
    return parameters.posted(format, form)
