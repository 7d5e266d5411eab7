"""What can go wrong on the wire.

WireError
├── UnknownFormat    no format of that name
├── Undecodable      bytes that are not what they should be
├── TooLarge         an event or a stream past our limits
├── InvalidRequest   a request that we cannot parse (server half); names the field
└── ParameterError   a parameter's value out of range or of the wrong type; names the parameter
"""


class WireError(Exception):
    """Every error of this package; its text is a sentence for people."""


class UnknownFormat(WireError):
    pass


class Undecodable(WireError):
    pass


class TooLarge(WireError):
    pass


class InvalidRequest(WireError):
    def __init__(self, message: str, param: str = ""):
        super().__init__(message)
        self.param = param


class ParameterError(WireError):
    """`template` and `values` make the sentence, so that a page can say it in the reader's language."""

    def __init__(self, name: str, template: str, **values: object):
        super().__init__(template.format(**values))
        self.name, self.template, self.values = name, template, values
