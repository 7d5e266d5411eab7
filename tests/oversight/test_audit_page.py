"""The page of the audit log: read by administrators, found by who, area and day, in the reader's language."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from apps.accounts.audit import record
from apps.accounts.invitations import invite
from apps.accounts.models import AuditEntry
from apps.oversight import log
from apps.oversight.sentences import SENTENCES
from apps.oversight.views.audit import AREAS
from apps.usage.budgets import change
from apps.usage.models import Budget
from tests.architecture.sources import files


@pytest.fixture
def browser(client_of, administrator):
    return client_of(administrator)


def page(browser, **filters) -> str:
    return browser.get("/settings/audit/", filters).content.decode()


def test_it_tells_each_act_in_a_sentence_of_the_readers_language(browser, administrator):
    record(administrator, "person.disable", "ana@example.org")
    record(administrator, "model.change", "gpt", upstream="Gateway", fields=["label", "position"])
    record(None, "something.new", "a thing")
    shown = page(browser)
    assert "Disabled ana@example.org and ended their sessions" in shown
    assert "Changed gpt of Gateway: label, position" in shown
    assert "The server itself" in shown and "something.new: a thing" in shown


def test_budgets_and_links_without_an_address_are_told_in_the_readers_language(browser, administrator):
    group = Group.objects.create(name="Design")
    change.save(budget=Budget(group=group, together=True, measure="calls", limit=9, period="day"), by=administrator)
    made = Budget.objects.get()
    made.group, made.together, made.limit = None, False, 8
    change.save(budget=made, by=administrator)
    invite(invited_by=administrator, is_administrator=True, days=2)
    shown = page(browser)
    assert "Changed a budget: 9 calls a day for the group Design together is now 8 calls a day for each member" in shown
    assert "Invited whoever has the link as an administrator, for 2 days" in shown
    type(administrator).objects.update(language="zh-hans")
    assert "calls" not in page(browser).partition("<tbody>")[2]


def test_what_an_entry_says_is_text_and_never_markup_nor_a_place_for_values(browser, administrator):
    record(administrator, "person.disable", "<script>alert(1)</script> %(email)s %d")
    shown = page(browser)
    assert "<script>alert" not in shown and "%(email)s %d" in shown


def test_it_is_found_by_who_area_and_day(browser, administrator, user):
    record(administrator, "person.disable", "first")
    record(user, "group.make", "second")
    AuditEntry(at=timezone.now() - timedelta(days=40), actor_name="Old", action="person.enable", target="third").save()
    today = timezone.now().date().isoformat()

    def found(**filters) -> list[str]:
        shown = page(browser, **filters)
        return [target for target in ("first", "second", "third") if target in shown.partition("<tbody>")[2]]

    assert found() == ["first", "second", "third"]
    assert found(who="user@EXAMPLE") == ["second"]
    assert found(area="person") == ["first", "third"]
    assert found(area="person", since=today) == ["first"]
    assert found(until=(timezone.now() - timedelta(days=1)).date().isoformat()) == ["third"]
    assert found(since="nonsense", area="per%", before="x") == ["first", "second", "third"]


def test_pages_begin_behind_an_entry_so_that_new_ones_shift_nothing(browser, administrator):
    for number in range(60):
        record(administrator, "group.make", f"group-{number:02}")
    first = browser.get("/settings/audit/").context
    record(administrator, "group.make", "newer")
    second = browser.get("/settings/audit/", {"before": first["more"]}).context
    told = [line.sentence for each in (first, second) for line in each["lines"]]
    assert len(told) == 60 and second["more"] is None
    assert told == [f"Made the group group-{number:02}" for number in reversed(range(60))]
    assert browser.get("/settings/audit/", {"before": "9" * 5000}).context["lines"]


def test_as_csv_it_has_every_entry_that_fits_and_no_cell_is_a_formula(browser, administrator):
    acts = {"actor": administrator, "actor_name": "A", "action": "group.make"}
    AuditEntry.objects.bulk_create(AuditEntry(target=str(number), **acts) for number in range(log.AT_ONCE + 60))
    AuditEntry(actor_name="=HYPERLINK(1)", action="person.disable", target="x").save()
    reply = browser.get("/settings/audit/csv/", {"area": "group"})
    assert len(list(csv.reader(io.StringIO(reply.getvalue().decode())))) == log.AT_ONCE + 61
    rows = list(csv.reader(io.StringIO(browser.get("/settings/audit/csv/").getvalue().decode())))
    assert rows[1][1] == "'=HYPERLINK(1)"


def test_members_see_nothing_of_it(client_of, user):
    assert client_of(user).get("/settings/audit/").status_code == 403
    assert client_of(user).get("/settings/audit/csv/").status_code == 403


def test_every_act_that_is_written_down_anywhere_has_its_sentence_and_its_area():
    written = re.compile(r'record\(\s*[\w.]+,\s*"([a-z_]+\.[a-z_]+)"')
    actions = {action for path in files(".py", "apps") for action in written.findall(path.read_text())}
    assert "person.disable" in actions and actions <= set(SENTENCES)
    assert {action.partition(".")[0] for action in SENTENCES} <= set(AREAS)
