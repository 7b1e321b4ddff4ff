"""Files as pages show them: a name, a size in words, and addresses."""

from dataclasses import dataclass

from engine.tables import Attachment


@dataclass(frozen=True)
class File:
    """One file; a picture also has a small copy."""

    id: str
    name: str
    address: str
    thumbnail: str
    is_picture: bool
    size_words: str
    kind: str


def shown(attachment: Attachment) -> File:
    """An attachment for a page."""
    address = f"/attachments/{attachment.id}"
    picture = attachment.width is not None
    return File(attachment.id, attachment.name, address, f"{address}/thumbnail", picture, size(attachment.size),
                "JPEG" if picture else attachment.name.rpartition(".")[2].upper())


def size(count: int) -> str:
    """`312 KB`, `2.4 MB`."""
    return f"{count / 1_048_576:.1f} MB" if count >= 1_048_576 else f"{max(count // 1024, 1)} KB"
