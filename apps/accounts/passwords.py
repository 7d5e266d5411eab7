"""What a password must be."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class Length(MinimumLengthValidator):
    """Django's own words for it are not in its catalogue of 简体中文."""

    def get_error_message(self) -> str:
        words = ngettext(
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
            self.min_length,
        )
        return words % self.min_length
