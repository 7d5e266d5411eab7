"""The bench, from the form to vectors and rankings, alone and two models beside each other."""

import csv
import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.hostile.corpus import NAMES
from tests.media import files

from .conftest import LOOKS
from .harmless import assert_harmless, watch
from .studio import LONG, choose_model, ended, give, jobs, offer_maker, open_studio

LINES = "The cat sleeps on the sofa\nA cat naps on the sofa\nShares fell on Monday\n=HYPERLINK(1)"
DOCUMENTS = "Bananas are yellow\n[2] Jupiter is the largest planet\nMars is red\n[1] Planets differ"
LONG_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"


def embed(page: Page, lines: str, beside: str = "") -> Locator:
    """Sends them; gives the newest card with what it found, once that is there."""
    page.locator("#prompt").fill(lines)
    return sent(page, beside)


def rank(page: Page, query: str, documents: str, beside: str = "") -> Locator:
    page.locator("#prompt").fill(query)
    page.locator("#documents").fill(documents)
    return sent(page, beside)


def sent(page: Page, beside: str) -> Locator:
    before = jobs(page).count()
    page.locator("#studio-beside").select_option(label=beside or "No second model")
    page.locator("#studio-form [type=submit]").click()
    count = 2 if beside else 1
    expect(jobs(page)).to_have_count(before + count)
    expect(page.locator("#jobs > .job[data-open]")).to_have_count(0, timeout=LONG)
    newest = page.locator(f"#{max(jobs(page).evaluate_all('(cards) => cards.map(({ id }) => id)'))}")
    columns = ended(newest).locator(".findings__of")
    newest.scroll_into_view_if_needed()
    expect(columns).to_have_count(count, timeout=LONG)
    return newest


def test_lines_of_a_file_become_vectors_of_two_models_side_by_side_and_files(page, complaints):
    complaints.tolerate("status of 422")
    open_studio(page, "embeddings", "sandbox-embed", "bench")
    page.locator("#studio-form [type=submit]").click()
    expect(page.locator("#error-prompt")).to_contain_text("at least one text")
    page.locator("[data-lines-into]").set_input_files(
        {"name": "lines.txt", "mimeType": "text/plain", "buffer": LINES.encode()}
    )
    expect(page.locator("#prompt")).to_have_value(LINES)
    card = embed(page, LINES, beside="sandbox-embed-base64")
    for column in card.locator(".findings__of").all():
        expect(column.locator(".heat tbody tr")).to_have_count(4)
        expect(column.locator(".heat--10").first).to_have_text("1.00")
        expect(column.locator(".pairs li").first).to_contain_text(re.compile("sofa.*sofa", re.DOTALL))
        expect(column.locator(".map circle")).to_have_count(4)
    with page.expect_download() as coming:
        card.get_by_role("link", name="CSV").first.click()
    rows = list(csv.reader(coming.value.path().read_text().splitlines()))
    assert [row[1] for row in rows] == ["input", *LINES.replace("=", "'=").split("\n")]
    with page.expect_download() as coming:
        card.get_by_role("link", name="JSON").first.click()
    assert len(json.loads(coming.value.path().read_text())["vectors"]) == 4
    page.locator('[name="p.dimensions"]').fill("16")
    page.get_by_text("base64", exact=True).click()
    short = embed(page, LINES)
    expect(short).to_contain_text("16 dimensions")
    short.locator(".findings__beside select").select_option(index=0)
    expect(short.locator(".findings__of")).to_have_count(1)
    short.locator(".findings__beside select").select_option(index=2)
    expect(short.locator(".findings__of")).to_have_count(2)
    page.reload()
    expect(page.locator("#prompt")).to_have_value(LINES)
    expect(page.locator(f"#{card.get_attribute('id')} .findings__of")).to_have_count(2)
    card.get_by_role("link", name="Inspect").click()
    expect(page.locator("#panel-run")).to_contain_text("/v1/embeddings")
    expect(page.locator(".findings__of")).to_have_count(2)


def test_pictures_and_texts_lie_on_one_map(page):
    open_studio(page, "embeddings", "sandbox-embed-image", "bench")
    give(page, "image", "red.png", files.picture())
    card = embed(page, "A red square")
    expect(card.locator(".heat tbody th")).to_contain_text(["A red square", "red.png"])
    card.get_by_role("button", name="Edit and send again").click()
    expect(page.locator("#prompt")).to_have_value("A red square")
    expect(page.locator("[data-chip]")).to_have_count(1)


def test_documents_are_ranked_by_two_models_with_what_moved_and_how_good_it_is(page, complaints, server):
    complaints.tolerate("status of 422")
    open_studio(page, "rerank", "sandbox-rerank", "bench")
    page.locator("#prompt").fill("Which planet is the largest?")
    page.locator("#studio-form [type=submit]").click()
    expect(page.locator("#error-documents")).to_contain_text("at least one document")
    expect(page.locator("#documents")).to_be_focused()
    alone = rank(page, "Which planet is the largest?", DOCUMENTS)
    expect(alone.locator(".ranking tbody tr").first).to_contain_text(re.compile(r"Jupiter.*\+1", re.DOTALL))
    expect(alone).to_contain_text("nDCG@10 1.000")
    expect(alone.locator(".shifts line")).to_have_count(4)
    offer_maker(server, "rerank", "sandbox-rerank-3s")
    open_studio(page, "rerank", "sandbox-rerank-3s", "bench")
    page.locator('[name="p.top_n"]').fill("2")
    both = rank(page, "Which planet is the largest?", DOCUMENTS, beside="sandbox-rerank-cohere")
    expect(both.locator(".findings__of").first.locator("tbody tr")).to_have_count(2)
    expect(both.locator(".shifts__ends")).to_have_text(
        re.compile("sandbox-rerank-3s.*sandbox-rerank-cohere", re.DOTALL)
    )
    both.get_by_role("button", name="Edit and send again").click()
    expect(page.locator("#documents")).to_have_value(DOCUMENTS)
    expect(page.locator("#studio-model option:checked")).to_have_text("sandbox-rerank-cohere")
    both.get_by_role("link", name="Inspect").click()
    expect(page.locator("#panel-run")).to_contain_text("/v2/rerank")
    expect(page.locator("#panel-run")).not_to_contain_text("[2] Jupiter")


def test_hostile_words_are_words_in_tables_and_drawings(page, complaints, server):
    page = watch(page, complaints, server.url)
    open_studio(page, "embeddings", "sandbox-embed", "bench")
    embed(page, "\n".join(" ".join(name.split()) or "-" for name in NAMES))
    assert_harmless(page)
    open_studio(page, "rerank", "sandbox-rerank", "bench")
    rank(page, NAMES[0], "\n---\n".join(NAMES))
    assert_harmless(page)


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_the_bench_is_usable_by_everybody(new_page, server, assert_accessible, complaints, look):
    complaints.tolerate("status of 422")
    page = new_page(server.member(), **look)
    open_studio(page, "embeddings", "sandbox-embed", "bench")
    embed(page, "\n".join([*LINES.split("\n") * 5, LONG_WORD * 2]), beside="sandbox-embed-base64")
    assert_usable(page, assert_accessible)
    open_studio(page, "rerank", "sandbox-rerank", "bench")
    rank(page, LONG_WORD, f"{DOCUMENTS}\n{LONG_WORD * 3}", beside="sandbox-rerank-cohere")
    choose_model(page, "sandbox-rerank-cohere")
    page.locator("#documents").fill("")
    page.locator("#studio-form [type=submit]").click()
    expect(page.locator("#error-documents")).to_be_visible()
    assert_usable(page, assert_accessible)


def assert_usable(page: Page, assert_accessible) -> None:
    places = "html, body, .main, #studio-form .scroll, .job, .findings, .findings__of"
    wide = f"() => [...document.querySelectorAll('{places}')].filter((e) => e.scrollWidth > e.clientWidth + 1)"
    assert page.evaluate(f"({wide})().map((e) => e.className)") == []
    assert_accessible(page)
