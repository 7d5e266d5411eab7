"""The threads in which news are read and rendered."""

from apps.work.database import DatabaseThreads

readers = DatabaseThreads(2, "news")
