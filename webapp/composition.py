"""The engine put together for this installation: pages, worker and command line all start here."""

import hashlib
import hmac
from collections.abc import Callable

from engine.clock import Clock
from engine.database import Database
from engine.engine import Engine
from forms import FormLanguage
from housing import notices
from housing.access import Access
from housing.directory import TreeDirectory
from housing.lookups import FUNCTIONS
from housing.pickers import HousingLookup
from webapp.config import Config


def compose(config: Config, *, clock: Clock | None = None, database: Database | None = None) -> Engine:
    """An engine over the configured database, with the district's directory, rights, forms and look-ups."""
    own_clock = clock or Clock()
    return Engine(
        listeners=[notices.listener],
        database=database or Database(config.database_url),
        clock=own_clock,
        directory=TreeDirectory(own_clock),
        rights=Access(),
        forms=FormLanguage(HousingLookup(), FUNCTIONS, digest=keyed_digest(config.secret_key)),
        functions=FUNCTIONS,
        processes_path=config.processes_path,
    )


def keyed_digest(secret_key: str) -> Callable[[str], str]:
    """The mark that stands in records for a personal value: without the key nobody can try values against it."""
    key = hashlib.sha256(b"personal values\0" + secret_key.encode()).digest()
    return lambda text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
