"""What a person does on the chat page, in few words."""

import json
import re

from playwright.sync_api import Locator, Page, expect

from tests.processes import wait_until
from tests.servers import PlaygroundServer

LONG = 60_000


def offer(server: PlaygroundServer, *names: str) -> dict[str, str]:
    """Lists more models of the sandbox, such as paced ones; their ids by name."""
    printed = server.shell(
        "import json\n"
        "from apps.upstreams.models import Model, Upstream\n"
        "sandbox = Upstream.objects.get(kind='sandbox')\n"
        "for name in " + repr(names) + ":\n"
        "    Model.objects.get_or_create(upstream=sandbox, name=name, defaults={'capabilities': ['chat']})\n"
        "print(json.dumps({model.name: str(model.id) for model in sandbox.models.all()}))"
    )
    return json.loads(printed)


def choose(page: Page, model: str) -> None:
    """Picks a model by typing its name into the picker, which is empty until a new server has read the catalogue."""
    opener = page.locator("#composer [popovertarget=model-picker]")
    wait_until(lambda: opener.count() or not page.reload(), "models are offered")
    opener.click()
    pick(page, model)
    expect(page.locator("#model-name")).to_have_text(model)


def pick(page: Page, model: str) -> None:
    """Chooses in the open picker: the model of that name, or the first that has it in its name."""
    page.locator("#picker-query").fill(model)
    found = page.locator("#model-picker [role=option]:visible")
    named = found.and_(page.locator(f"[data-label={json.dumps(model)}]"))
    (named if named.count() else found).first.click()


def say(page: Page, text: str, model: str = "") -> None:
    if model:
        choose(page, model)
    page.locator("#message").fill(text)
    page.locator("#message").press("Enter")


def answers(page: Page) -> Locator:
    return page.locator("#thread > .turn--assistant")


def finished(page: Page, count: int = 1) -> Locator:
    """The last answer, once as many as `count` are there and none is still being written."""
    expect(answers(page)).to_have_count(count, timeout=LONG)
    expect(page.locator('.turn--assistant[data-state="running"]')).to_have_count(0, timeout=LONG)
    return answers(page).last


def writing(page: Page, words: str | re.Pattern = re.compile(r"\w+")) -> Locator:
    """The answer that is being written, once some of its text is there."""
    running = page.locator('#thread .turn--assistant[data-state="running"]').last
    expect(running.locator(".prose").last).to_contain_text(words, timeout=LONG)
    return running
