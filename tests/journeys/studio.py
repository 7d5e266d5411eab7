"""What a person does in a studio, in few words."""

from playwright.sync_api import Locator, Page, expect

from tests.processes import wait_until
from tests.servers import PlaygroundServer

LONG = 30_000


def offer_maker(server: PlaygroundServer, family: str, *names: str) -> None:
    """Lists more of the sandbox's makers, such as slow ones: `sandbox-video-20s`."""
    server.shell(
        "from apps.upstreams.models import Model, Upstream\n"
        "sandbox = Upstream.objects.get(kind='sandbox')\n"
        f"for name in {names!r}:\n"
        "    Model.objects.get_or_create(\n"
        f"        upstream=sandbox, name=name, defaults={{'capabilities': [{family!r}], 'accepted': {{}}}}\n"
        "    )\n"
    )


def open_studio(page: Page, family: str, model: str, section: str = "studio") -> None:
    """The form for that model; the catalogue of a new server may still be on its way."""
    page.goto(f"/{section}/{family}/")
    options = page.locator("#studio-model option")
    wait_until(lambda: model in options.all_text_contents() or not page.reload(), f"{model} is offered")
    choose_model(page, model)


def choose_model(page: Page, model: str) -> None:
    chosen, made_for = page.locator("#studio-model option:checked"), page.locator('[name="was"]')
    if chosen.inner_text() != model:
        page.locator("#studio-model").select_option(label=model)
    expect(made_for).to_have_value(chosen.get_attribute("value"))


def choose_task(page: Page, task: str) -> None:
    with page.expect_response(lambda reply: reply.url.endswith("/form/")):
        page.locator("#studio-body").get_by_text(task, exact=True).click()


def ask(page: Page, prompt: str = "") -> Locator:
    """Sends the form; gives the new job's card."""
    before = jobs(page).count()
    if prompt:
        page.locator("#prompt").fill(prompt)
    page.locator("#studio-form [type=submit]").click()
    expect(jobs(page)).to_have_count(before + 1)
    return page.locator(f"#{jobs(page).first.get_attribute('id')}")


def jobs(page: Page) -> Locator:
    return page.locator("#jobs > .job")


def ended(card: Locator, state: str = "ok") -> Locator:
    """The card, once its job has come to that end."""
    expect(card).to_have_attribute("data-state", state, timeout=LONG)
    return card


def give(page: Page, role: str, name: str, data: bytes, kind: str = "image/png") -> None:
    """Chooses a file for that place of the form."""
    slot = page.locator(f'[data-slot="{role}"]')
    slot.locator("[data-pick]").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    expect(slot.locator("[data-chip]").filter(has_text=name)).to_have_count(1)
