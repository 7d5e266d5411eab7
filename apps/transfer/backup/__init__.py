"""A whole instance in one file: every row of the database, every kept file, and the key that its secrets need.

A ZIP: `rows/<app>.<model>.jsonl` has a row a line, as the fields' values in the order of `fields`, `media/…` the files
as the storage names them, `secret_key` the key if it was ours to make, and `manifest.json` all that is needed to check
and to read it: the migrations that had run, each table's fields and count, each entry's SHA-256.

It does not matter which database wrote it and which reads it, nor whether the product has gone on since: it is read
with the tables of its own day, which are migrated then.
"""
