"""Ids: UUIDv7, so that they sort by time and can stand in URLs."""

import uuid

import uuid_utils.compat


def new_id() -> uuid.UUID:
    return uuid_utils.compat.uuid7()
