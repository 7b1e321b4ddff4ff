"""Files that people bring: photographs are made anew without their hidden data, others pass an allow-list."""

import hashlib
import io
import unicodedata
import warnings
from dataclasses import dataclass

import filetype  # type: ignore[import-untyped]
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import InvalidData
from engine.words import Text

pillow_heif.register_heif_opener()

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
THUMBNAIL_SIDE = 480
QUALITY = 82
DECODERS = ("JPEG", "PNG", "WEBP", "HEIF")
JPEG = "image/jpeg"
LONGEST_NAME = 120
DOCUMENTS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "video/mp4": ".mp4",
}
EMPTY = Text("文件是空的，请重新选择", "The file is empty; choose it again")
TOO_LARGE = Text("文件超过 20 MB，请压缩或分开上传", "The file is larger than 20 MB; make it smaller or send it in parts")
TOO_MANY_PIXELS = Text("照片像素太多，请用普通相机模式重拍", "The photograph has too many pixels; take it again in the camera's normal mode")
UNREADABLE = Text("照片打不开，请重新拍摄或另选一张", "The photograph cannot be opened; take it again or choose another")
NOT_TAKEN = Text(
    "可以上传照片（JPEG、PNG、WebP、HEIC）、PDF、Word、Excel、PowerPoint 和 MP4",
    "Photographs (JPEG, PNG, WebP, HEIC), PDF, Word, Excel, PowerPoint and MP4 can be sent",
)


@dataclass(frozen=True)
class Prepared:
    """A file as it is kept: `original_sha256` tells later whether somebody holds the very file that came in."""

    name: str
    media_type: str
    content: bytes
    original_sha256: str
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None


def prepare(name: str, content: bytes) -> Prepared:
    """What will be kept of an upload; raises `InvalidData` with what to do instead."""
    if not content:
        raise _refused(EMPTY)
    if len(content) > MOST_BYTES:
        raise _refused(TOO_LARGE)
    original = hashlib.sha256(content).hexdigest()
    kind = filetype.guess(content[:8192])
    media_type = kind.mime if kind is not None else ""
    if media_type in DOCUMENTS:
        return Prepared(_renamed(name, DOCUMENTS[media_type]), media_type, content, original)
    return _photograph(name, content, original)


def _photograph(name: str, content: bytes, original: str) -> Prepared:
    picture = _decoded(content)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    width, height = picture.size
    kept = _jpeg(picture)
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Prepared(_renamed(name, ".jpg"), JPEG, kept, original, width, height, _jpeg(picture))


def _decoded(content: bytes) -> Image.Image:
    """The picture upright and in plain colours; nothing of its metadata is kept."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=DECODERS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _refused(TOO_MANY_PIXELS)
                return ImageOps.exif_transpose(picture).convert("RGB")
    except UnidentifiedImageError:
        raise _refused(NOT_TAKEN) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refused(TOO_MANY_PIXELS) from None
    except (OSError, ValueError, SyntaxError, MemoryError):
        raise _refused(UNREADABLE) from None


def _jpeg(picture: Image.Image) -> bytes:
    """Encoded from pixels alone, so no metadata can come along."""
    out = io.BytesIO()
    Image.frombytes("RGB", picture.size, picture.tobytes()).save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _renamed(name: str, ending: str) -> str:
    """A name without path or control characters, with the ending of what it really is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem = plain.rpartition(".")[0] or plain or "file"
    return stem[:LONGEST_NAME] + ending


def _refused(text: Text) -> InvalidData:
    return InvalidData({"file": [text]})
