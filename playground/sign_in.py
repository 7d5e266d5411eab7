"""Who asks: the session and its person, read by statements that are written once, as every request reads them."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import BigAutoField, CharField, DateTimeField
from django.utils import timezone

from apps.accounts.models import User
from apps.work.prepared import Select, Slot

_KEY, _NOW = Slot("key", CharField()), Slot("now", DateTimeField())
_session = Select(lambda: Session.objects.filter(session_key=_KEY, expire_date__gt=_NOW))
_person = Select(lambda: User.objects.filter(pk=Slot("id", BigAutoField())))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _session.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found


class Backend(AuthenticationBackend):
    def get_user(self, user_id) -> User | None:
        found = _person.first(id=user_id)
        return found if found and self.user_can_authenticate(found) else None
