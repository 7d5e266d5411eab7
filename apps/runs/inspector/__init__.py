"""The inspector of a run: what was asked with, what went over the wire, the same as code, and what it used."""
