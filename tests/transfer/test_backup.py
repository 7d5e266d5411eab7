"""Backup and restore by their commands, on real servers: what is restored is what was there."""

import json
import threading
import zipfile
from pathlib import Path

import pytest

from tests.databases import postgresql_url
from tests.processes import python

FILL = """
import io
from django.contrib.auth.models import Group
from PIL import Image
from apps.accounts.models import User
from apps.conversations.models import Conversation, Message, Part
from apps.media import store
from apps.upstreams.models import Upstream
person = User.objects.get(pk={person})
person.groups.add(Group.objects.create(name="研究"))
upstream = Upstream(name="House", base_url="https://gateway.example")
upstream.set_key("sk-very-secret")
upstream.save()
talk = Conversation.objects.create(owner=person, title="Kept é 中文", parameters={{"temperature": 0.5}})
message = Message.objects.create(conversation=talk, role="user")
Part.objects.create(message=message, index=0, kind="text", text="find the needle here", data={{"a": [1, None]}})
Conversation.objects.filter(pk=talk.pk).update(head=message)
picture = io.BytesIO()
Image.new("RGB", (40, 30), "red").save(picture, "PNG")
store.keep_upload(owner=person, file=io.BytesIO(picture.getvalue()), size=len(picture.getvalue()), name="red.png")
"""
SESSION = """
from tests.seed import open_session
from apps.accounts.models import User
print(open_session(User.objects.get(pk={})))
"""
WRITE = """
from django.db import transaction
from apps.accounts.models import User
from apps.conversations.models import Conversation, Message
for number in range(300):
    with transaction.atomic():
        talk = Conversation.objects.create(owner_id={person}, title="pair")
        Message.objects.create(conversation=talk, role="user")
"""
HALVES = """
from apps.conversations.models import Conversation
pairs = Conversation.objects.filter(title="pair")
print(pairs.count(), pairs.filter(messages=None).count())
"""


@pytest.fixture(scope="module")
def kept(make_server):
    """A server where there is something of many kinds."""
    server = make_server()
    server.shell(FILL.format(person=server.people[1].id))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def one(kept, tmp_path_factory) -> Path:
    """Its backup, made by a process of its own while somebody writes."""
    path, failures = tmp_path_factory.mktemp("backup") / "one.zip", []

    def write():
        try:
            kept.shell(WRITE.format(person=kept.people[2].id))
        except RuntimeError as error:
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    told = python("manage.py", "backup", str(path), environment=kept.environment)
    writer.join()
    assert "rows and" in told
    assert not failures
    return path


@pytest.fixture
def empty(playground_server):
    """A new instance, whose server does not run."""
    return playground_server(fresh=True, start=False)


def entries(path: Path) -> dict[str, bytes]:
    """Everything of a backup but the time of its making."""
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(found.pop("manifest.json"))
    return {**found, "tables": manifest["tables"]}


def refused(server, *arguments: str) -> str:
    with pytest.raises(RuntimeError) as raised:
        server.manage(*arguments)
    return str(raised.value)


def test_an_instance_is_restored_whole_into_a_new_one(kept, one, empty, tmp_path):
    two = tmp_path / "two.zip"
    assert one.stat().st_mode & 0o077 == 0
    assert "is whole" in empty.manage("restore", "--check", str(one))
    assert "Restored" in python("manage.py", "restore", str(one), environment=empty.environment)
    empty.manage("backup", str(two))
    assert entries(two) == entries(one)
    empty.start()
    person = kept.people[1]
    session = empty.shell(SESSION.format(person.id)).strip()
    assert session != person.session
    with empty.http() as client:
        client.cookies.set("sessionid", session)
        assert "Kept é 中文" in client.get("/").text
        assert "Kept é 中文" in client.get("/search/", params={"q": "needle"}).text
        assert "red.png" in client.get("/library/").text
    read = "from apps.upstreams.models import Upstream; print(Upstream.objects.get(name='House').reveal_key())"
    assert empty.shell(read).strip() == "sk-very-secret"
    made = "from apps.accounts.models import User; print(User.objects.create_user('new@example.org').pk)"
    assert int(empty.shell(made)) > max(each.id for each in kept.people)
    those_who_wrote_meanwhile_were_not_disturbed_and_nothing_is_half_there(kept, empty)


def those_who_wrote_meanwhile_were_not_disturbed_and_nothing_is_half_there(kept, restored) -> None:
    count, halves = map(int, restored.shell(HALVES).split())
    assert halves == 0
    assert count <= 300
    assert kept.shell(HALVES).split() == ["300", "0"]


def test_a_backup_of_an_older_version_is_brought_up_to_date(one, empty, tmp_path):
    old, two = tmp_path / "old.zip", tmp_path / "two.zip"
    with zipfile.ZipFile(one) as source, zipfile.ZipFile(old, "w") as target:
        manifest = json.loads(source.read("manifest.json"))
        newer = {name for name in manifest["tables"] if name.startswith("transfer.")}
        assert newer
        manifest["migrations"] = [each for each in manifest["migrations"] if each[0] != "transfer"]
        for name in newer:
            del manifest["tables"][name], manifest["files"][f"rows/{name}.jsonl"]
        for name in manifest["files"]:
            target.writestr(name, source.read(name))
        target.writestr("manifest.json", json.dumps(manifest))
    empty.manage("restore", str(old))
    empty.manage("backup", str(two))
    wanted, found = entries(one), entries(two)
    assert found["tables"].keys() == wanted["tables"].keys()
    rows = "rows/conversations.part.jsonl"
    assert found[rows] == wanted[rows] != b""


def test_what_is_there_is_only_replaced_when_asked_for(one, playground_server):
    used = playground_server(start=False)
    used.shell("from apps.accounts.models import User; User.objects.create_user('late@example.org')")
    late = "from apps.accounts.models import User; print(User.objects.filter(email='late@example.org').count())"
    assert "--replace" in refused(used, "restore", str(one))
    assert used.shell(late).strip() == "1"
    used.manage("restore", "--replace", str(one))
    assert used.shell(late).strip() == "0"
    assert "is there already" in refused(used, "backup", str(one))


def test_a_damaged_or_foreign_file_changes_nothing(one, empty, tmp_path):
    broken, newer, foreign = (tmp_path / name for name in ("broken.zip", "newer.zip", "foreign.zip"))
    foreign.write_bytes(b"PK something else")
    rewrite(one, broken, rows=lambda content: content.replace(b"needle", b"noodle"))
    rewrite(one, newer, manifest=lambda told: told["migrations"].append(["runs", "9999_tomorrow"]))
    assert "not a backup" in refused(empty, "restore", str(foreign))
    assert "not what was written" in refused(empty, "restore", "--check", str(broken))
    assert "not what was written" in refused(empty, "restore", str(broken))
    assert "newer version" in refused(empty, "restore", str(newer))
    assert "No such file" in refused(empty, "restore", str(tmp_path / "nothing.zip"))
    assert empty.shell("from apps.accounts.models import User; print(User.objects.count())").strip() == "0"


def rewrite(path: Path, target: Path, rows=lambda content: content, manifest=lambda told: None) -> None:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as changed:
        told = json.loads(source.read("manifest.json"))
        manifest(told)
        for name in told["files"]:
            changed.writestr(name, rows(source.read(name)))
        changed.writestr("manifest.json", json.dumps(told))


@pytest.mark.skipif(not postgresql_url(), reason="needs both databases")
def test_a_backup_moves_an_instance_from_one_database_to_the_other_and_back(kept, one, empty, tmp_path):
    two, three = tmp_path / "two.zip", tmp_path / "three.zip"
    data = tmp_path / "data"
    sqlite = {**kept.environment, "PLAYGROUND_DATA": str(data), "DATABASE_URL": f"sqlite:///{data}/new.sqlite3"}
    python("manage.py", "restore", str(one), environment=sqlite)
    python("manage.py", "backup", str(two), environment=sqlite)
    empty.manage("restore", str(two))
    empty.manage("backup", str(three))
    assert entries(three) == entries(one)
