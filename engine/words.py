"""What people read, in both languages side by side: a sentence is never written in one of them alone."""

from typing import NamedTuple


class Text(NamedTuple):
    """A sentence or label in Chinese and in English."""

    zh: str
    en: str

    def in_(self, locale: str) -> str:
        """The words in `locale` ("zh" or "en"; anything else reads as "zh")."""
        return self.en if locale.startswith("en") else self.zh


def from_data(value: object) -> Text:
    """A `Text` from data: {"zh": …, "en": …} or one string that serves both."""
    if isinstance(value, dict):
        zh = str(value.get("zh") or value.get("en") or "")
        return Text(zh, str(value.get("en") or zh))
    return Text(str(value), str(value))


def split(text: str) -> Text:
    """The two languages of one text written "中文 | English", as decisions and diagrams keep them."""
    zh, bar, en = text.partition(" | ")
    return Text(zh.strip(), en.strip() if bar else zh.strip())
