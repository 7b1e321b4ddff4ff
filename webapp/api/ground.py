"""The ground under every resource of the API: where it stands, and ids in addresses."""

from typing import Any

from werkzeug.routing import IntegerConverter

PREFIX = "/api/v1"
LARGEST = 2**31 - 1


class RowId(IntegerConverter):
    """A row's number; one that no database could hold is simply not found."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Any, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, max=LARGEST, **options)
