"""What a studio is about: its words, what it asks for beside the parameters, and how results are shown."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.media.jobs.models import Job
from apps.media.jobs.refusals import NotMade
from apps.media.models import Asset
from apps.wire.media.shapes import MediaRequest, Role

Text = str | Promise
GENERATE, PROMPT = gettext_lazy("Generate"), gettext_lazy("Prompt")


def read_prompt(texts: Mapping[str, str], task: str) -> dict[str, Any]:
    """What the form says for the MediaRequest, by its field's name. Raises NotMade."""
    prompt = texts.get("prompt", "")
    if not prompt.strip():
        raise NotMade(_("Write a prompt first."), field="prompt")
    return {"prompt": prompt}


@dataclass(frozen=True, slots=True)
class Family:
    """`name` is the wire's name of the family, `section` studio or bench: the beginning of its address.

    `asks` is the template of its own fields, `read` what they come to and `write` what they were for a job;
    `result(job)` is what its results' template gets beside the outputs. `tasks` are words for the dialects' tasks,
    `goes_on` the label of the upstream's id that a task goes on from, `labels` that of the prompt where tasks differ,
    '' where there is none. `carry(job, task, of)` is what the form gets from a job that it goes on from, `explain(job)`
    a sentence beside what the upstream says of a failure. `fields` are its own fields that show what is wrong with
    them, `check` looks at the whole request with its files and raises NotMade, `notes` are kept with the job and never
    sent. `requests(request)` says how many requests it takes, '' for one. With `pairs` a second model may be asked the
    same.
    """

    name: str
    label: Text
    title: Text
    icon: str
    section: str = "studio"
    action: Text = GENERATE
    prompt_label: Text = PROMPT
    prompt_hint: Text = ""
    placeholder: Text = ""
    asks: str = "studio/_prompt.html"
    fields: Collection[str] = ("prompt",)
    pairs: bool = False
    tasks: Mapping[str, Text] = field(default_factory=dict)
    goes_on: Mapping[str, Text] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    read: Callable[[Mapping[str, str], str], dict[str, Any]] = read_prompt
    check: Callable[[MediaRequest, Sequence[tuple[Role, Asset]]], None] = lambda request, inputs: None
    notes: Callable[[Mapping[str, str]], dict[str, Any]] = lambda texts: {}
    write: Callable[[Job], dict[str, str]] = lambda job: {"prompt": job.prompt}
    result: Callable[[Job], Any] = lambda job: job.result
    carry: Callable[[Job, str, str], dict[str, str]] = lambda job, task, of: {}
    explain: Callable[[Job], str] = lambda job: ""
    requests: Callable[[MediaRequest], str] = lambda request: ""

    @property
    def path(self) -> str:
        return reverse(self.section, args=[self.name])

    @property
    def results(self) -> str:
        """The template of a finished job's results."""
        return f"studio/results/_{self.name}.html"

    def task_label(self, task: str) -> str:
        return str(self.tasks.get(task, "")) or task.replace("_", " ").capitalize() or _("New")
