"""What Django runs after each test that commits: only tables with rows are emptied, and nothing is migrated again."""

from functools import cache

from django.core.management.commands.flush import Command as Flush
from django.db import connections, transaction

# What migrations put there, which no test changes.
KEPT = {"auth_permission", "django_content_type", "django_migrations"}


class Command(Flush):
    def handle(self, *, database: str, **options) -> None:
        connection = connections[database]
        quoted = [connection.ops.quote_name(table) for table in _tables(database)]
        with transaction.atomic(using=database), connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in quoted)
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {name}")


@cache
def _tables(database: str) -> list[str]:
    found = connections[database].introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(found) - KEPT)
