"""Transcripts, from a file or a recording to each word's moment and to subtitles."""

import pytest
from playwright.sync_api import Page, expect

from tests.media import files

from .harmless import assert_harmless, watch
from .sounds import HOSTILE, SAYS, is_heard, keep_job, too_wide
from .studio import LONG, ask, choose_model, ended, give, jobs, offer_maker, open_studio

# A second of a tone that the page itself makes, in place of a microphone: no machine of ours has one.
TONE = """() => {
  const context = new AudioContext();
  const place = context.createMediaStreamDestination();
  const tone = context.createOscillator();
  tone.connect(place);
  tone.start();
  navigator.mediaDevices.getUserMedia = async () => place.stream.clone();
}"""
REFUSE = """(name) => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", name); };
}"""


def test_a_recording_becomes_words_that_lead_to_their_moment_and_subtitles(page, server):
    offer_maker(server, "transcription", "sandbox-transcribe-fixed")
    open_studio(page, "transcription", "sandbox-transcribe-fixed")
    give(page, "audio", "talk.wav", files.wav(9.0), kind="audio/wav")
    page.locator('[name="p.response_format"]').select_option("verbose_json")
    page.locator('[name="p.timestamp_granularities"]').fill("word\nsegment")
    card = ended(ask(page, "Oslo"))
    card.locator("[data-word]").get_by_text("heard", exact=True).click()
    is_heard(page, card, 2)
    expect(card.locator("[data-word][data-now]").first).to_be_visible()
    card.get_by_role("button", name="Play from 0:00").first.click()
    page.wait_for_function("() => document.querySelector('.job audio').currentTime < 2")
    card.get_by_role("button", name="Download").click()
    for kind, start in {"srt": "1\n00:00:00,000 -->", "vtt": "WEBVTT", "txt": "This is", "json": "{"}.items():
        with page.expect_download() as kept:
            card.get_by_role("link", name=f".{kind}").click()
        assert kept.value.suggested_filename == f"talk.{kind}"
        assert kept.value.path().read_text().startswith(start)
    page.keyboard.press("Escape")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card.get_by_role("button", name="Copy text").click()
    expect(page.locator("#live")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()").startswith("This is the sandbox.")


def test_what_is_recorded_in_the_page_comes_as_text_while_it_is_understood(page, server):
    offer_maker(server, "transcription", "sandbox-transcribe-4o-fixed")
    open_studio(page, "transcription", "sandbox-transcribe-4o-fixed")
    for name, told in {"NotAllowedError": "was refused", "NotFoundError": "No microphone"}.items():
        page.evaluate(REFUSE, name)
        page.get_by_role("button", name="Record", exact=True).click()
        expect(page.locator("[data-record-why]")).to_contain_text(told)
    page.evaluate(TONE)
    for _again in range(2):
        record(page)
    card = ask(page)
    expect(card.locator(".transcript__text")).to_contain_text("This is", timeout=LONG)
    ended(card)
    expect(card.locator(".job__prompt")).to_contain_text(".webm")
    expect(card.locator("audio")).to_have_count(1)


def record(page: Page) -> None:
    """The newest recording is the one that lies there."""
    chips = page.locator('[data-slot="audio"] [data-chip]')
    before = chips.first.get_attribute("data-chip") if chips.count() else ""
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("[data-record] [role=timer]")).to_have_text("0:01")
    page.get_by_role("button", name="Stop").click()
    expect(chips).not_to_have_attribute("data-chip", before)


@pytest.mark.parametrize("look", [{"dark": True}, {"phone": True}], ids=["dark", "phone"])
def test_hostile_words_stay_words_and_everybody_can_use_it(new_page, server, complaints, assert_accessible, look):
    person = server.member()
    keep_job(server, person, family="transcription", dialect="openai_transcription", prompt=HOSTILE, result=SAYS)
    page = watch(new_page(person, **look), complaints, server.url)
    page.context.set_extra_http_headers({"Accept-Language": "zh-hans"})
    open_studio(page, "transcription", "sandbox-transcribe")
    choose_model(page, "sandbox-transcribe-4o")
    expect(jobs(page).locator("[data-word]").first).to_be_visible()
    assert_harmless(page)
    assert too_wide(page) == []
    assert_accessible(page)
