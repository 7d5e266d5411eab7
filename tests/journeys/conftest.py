"""Fixtures of a real Chromium on the real server. A page that logs an error fails its test."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.processes import find_program
from tests.servers import Person, PlaygroundServer

# Parts of the window that nobody sees, and processes kept for later: a third of what Chromium does for a short test.
UNSEEN = """
PreloadTopChromeWebUI SpareRendererForSitePerProcess WebUIOmniboxAimPopup WebUIOmniboxFullPopup WebUIOmniboxPopup
"""
# What Playwright turns off itself, as the last list is the one that counts.
UNSTEADY = """
AvoidCorsURLLoaderRestartOnRedirect AvoidUnnecessaryBeforeUnloadCheckSync AimEnabled DestroyProfileOnBrowserClose
HttpsFirstBalancedModeAutoEnable HttpsUpgrades LensOverlay MediaRouter NetworkTimeServiceQuerying OptimizationHints
PaintHolding PreconnectToSearch ThirdPartyStoragePartitioning
"""
ARGUMENTS = [
    f"--disable-features={','.join([*UNSTEADY.split(), *UNSEEN.split()])}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
PATIENCE = 60_000
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
# Only what is wrong is gathered, which takes a third of the time.
AXE = {"preload": False, "resultTypes": ["violations"]}
# The same document in other colours breaks no other rule.
COLOURS = {**AXE, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# On a desktop each state of a page is looked at in the light and in the dark.
LOOKS = {"desktop": {"both": True}, "phone": {"phone": True}}
AT_REST = """() => document.getAnimations().every((animation) =>
  animation.playState !== "running" || animation.effect.getComputedTiming().endTime === Infinity)"""
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))
"""


@pytest.fixture(scope="module")
def playwright():
    """Playwright, for one module: while it lives this thread runs an event loop, so no async test can."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright):
    """The system's Chromium."""
    program = os.environ.get("CHROMIUM") or find_program("chromium", "chromium-browser", "google-chrome")
    if not program:
        pytest.fail("No Chromium here: install chromium, or name it by CHROMIUM=/path/to/chromium")
    browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    yield browser
    browser.close()


class Complaints(list):
    """What pages of a test reported: errors on the console, uncaught exceptions, violations of the policy."""

    def __init__(self):
        self.tolerated: list[str] = []

    def tolerate(self, text: str) -> None:
        """Errors with this text belong to the test, as `status of 400` or a socket that it cut."""
        self.tolerated.append(text)

    def watch(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", lambda message: message.type == "error" and self.append(message.text))
        context.on("weberror", lambda error: self.append(f"uncaught: {error.error}"))

    def serious(self) -> list[str]:
        return [text for text in self if not any(part in text for part in self.tolerated)]


@pytest.fixture
def complaints():
    """Errors of the test's pages; `complaints.tolerate(text)` for those that the test brings about."""
    complaints = Complaints()
    yield complaints
    assert complaints.serious() == []


@pytest.fixture
def in_both() -> set[BrowserContext]:
    """Whose pages are looked at in the light and in the dark."""
    return set()


@pytest.fixture
def new_page(browser, request, complaints, in_both):
    """`new_page(person=None, server=None, phone=False, dark=False)`: a page in a new context, as that person.

    With `both=True` it is light, and what is asserted to be accessible is looked at in the dark as well.
    """
    contexts = []

    def make(
        person: Person | None = None, server: PlaygroundServer | None = None, phone=False, dark=False, both=False
    ) -> Page:
        server = server or request.getfixturevalue("server")
        shape = PHONE if phone else DESKTOP
        scheme = "dark" if dark else "light"
        context = browser.new_context(base_url=server.url, color_scheme=scheme, locale="en-US", **shape)
        contexts.append(context)
        if both:
            in_both.add(context)
        context.set_default_timeout(PATIENCE)
        complaints.watch(context)
        if person:
            sign_in(context, server, person)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def sign_in(context: BrowserContext, server: PlaygroundServer, person: Person) -> None:
    context.add_cookies([{"name": "sessionid", "value": person.session, "url": server.url}])


@pytest.fixture
def page(new_page, server):
    """A desktop page of a new member on the shared server."""
    return new_page(server.member())


@pytest.fixture
def phone_page(new_page, server):
    """The same on a phone."""
    return new_page(server.member(), phone=True)


@pytest.fixture
def dark_page(new_page, server):
    """The same for somebody whose system is dark."""
    return new_page(server.member(), dark=True)


@pytest.fixture
def assert_accessible(in_both):
    """`assert_accessible(page)`: axe finds nothing serious or critical on it, or `within` the places of a selector."""

    def check(page: Page, within: str | None = None) -> None:
        assert grave(page, within, AXE) == []
        if page.context in in_both:
            page.emulate_media(color_scheme="dark")
            assert grave(page, within, COLOURS) == [], "in the dark"
            page.emulate_media(color_scheme="light")

    return check


def grave(page: Page, within: str | None, options: dict) -> list[str]:
    page.wait_for_function(AT_REST)  # what fades in has too little contrast meanwhile
    found = Axe().run(page, within, options=options).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes']]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
    ]
