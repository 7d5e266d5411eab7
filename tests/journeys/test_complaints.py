"""The watch that all journeys rely on: whatever a page complains of is noticed."""

import pytest

from tests.journeys.conftest import Complaints

POLICY = {"Content-Security-Policy": "script-src 'self'"}


@pytest.fixture
def complaining(browser):
    """Opens a page made of the given body; gives what it complained of."""
    contexts = []

    def open_page(body: str) -> Complaints:
        context, complaints = browser.new_context(), Complaints()
        contexts.append(context)
        complaints.watch(context)
        page = context.new_page()
        answers = {"/": body, "/log.js": "console.error('it broke')", "/throw.js": "throw new Error('thrown')"}
        page.route(
            "http://page.test/**",
            lambda route: route.fulfill(
                body=answers["/" + route.request.url.rpartition("/")[2]],
                content_type="text/javascript" if route.request.url.endswith(".js") else "text/html",
                headers=POLICY,
            ),
        )
        page.goto("http://page.test/")
        page.wait_for_load_state("networkidle")
        return complaints

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<script src='/log.js'></script>", "it broke"),
        ("<script src='/throw.js'></script>", "thrown"),
        ("<script>1</script>", "CSP violation: script-src"),
    ],
)
def test_errors_exceptions_and_violations_of_the_policy_are_noticed(complaining, body, said):
    assert any(said in text for text in complaining(body).serious())


def test_a_quiet_page_has_nothing_to_complain_of(complaining):
    assert complaining("<!doctype html><link rel='icon' href='data:,'><p>Quiet</p>").serious() == []


def test_what_a_test_tolerates_is_left_out():
    complaints = Complaints()
    complaints += ["Failed to load resource: status of 400", "it broke"]
    complaints.tolerate("status of 400")
    assert complaints.serious() == ["it broke"]
