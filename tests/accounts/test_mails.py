"""What is sent by mail is in the language of whoever asked for it."""

import re

import pytest
from django.core import mail

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("address", ["user@example.org", "nobody@example.org"])
@pytest.mark.parametrize(("language", "chinese"), [("en", False), ("zh-hans", True)])
def test_a_mail_about_a_forgotten_password_is_in_the_readers_language(client_of, user, address, language, chinese):
    browser = client_of(None)
    browser.cookies["django_language"] = language
    browser.post("/accounts/password/reset/", {"email": address})
    sent = mail.outbox[-1]
    sentences = [line for line in sent.body.splitlines() if len(line) > 30 and "://" not in line]
    assert sentences
    assert [bool(CHINESE.search(text)) for text in (sent.subject, *sentences)] == [chinese] * (1 + len(sentences))


def test_a_mail_that_confirms_an_address_is_in_the_language_of_the_account(client_of, user, password, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    type(user).objects.update(language="zh-hans")
    fields = {"email": "new@example.org", "password": password}
    client_of(user).post("/settings/account/email/", fields)
    assert CHINESE.search(mail.outbox[-1].subject) and CHINESE.search(mail.outbox[-1].body)
