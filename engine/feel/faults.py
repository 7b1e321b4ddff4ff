"""What can go wrong with an expression: faults that stop it, and warnings that leave a null behind."""

from dataclasses import dataclass

from engine.words import Text


class SyntaxFault(Exception):
    """The text is no FEEL: `message` says why, `position` where in `text`."""

    def __init__(self, message: Text, position: int, text: str) -> None:
        super().__init__(f"{message.en} (position {position})")
        self.message, self.position, self.text = message, position, text


class LimitExceeded(Exception):
    """An evaluation took more steps, depth or room than it may."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class Fault(ValueError):
    """An operation cannot be done with these values; becomes null and a warning."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Warning:
    """Why a value came out as null: a stable code, words in both languages, a place in the text."""

    code: str
    message: Text
    position: int


def text_of(fault: Exception) -> Text:
    """The words of what was raised within an operation: its own `text` where it has one."""
    words = getattr(fault, "text", None)
    if isinstance(words, Text):
        return words
    if isinstance(fault, ArithmeticError):
        return Text("算不出数", "no number results")
    return Text("值不合要求", "the value does not fit")
