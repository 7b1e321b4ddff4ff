"""Who acts: a name with the grants it holds at this moment."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Grant:
    """A role within an organisation's subtree; `delegated_from` names whom its holder stands in for."""

    role: str
    org_unit: str
    position: str | None = None
    delegated_from: str | None = None


@dataclass(frozen=True)
class Actor:
    """A person, by sign-in name, with what they may be; never a session or a database row."""

    username: str
    grants: tuple[Grant, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def org_units(self) -> frozenset[str]:
        return frozenset(grant.org_unit for grant in self.grants)

    @property
    def as_data(self) -> list[list[str | None]]:
        """The grants as plain data, for an act that is done later in this person's name."""
        return [[grant.role, grant.org_unit, grant.position, grant.delegated_from] for grant in self.grants]

    @classmethod
    def of_data(cls, username: str, grants: Any) -> "Actor":
        """The person as they were when `as_data` was kept."""
        return cls(username, tuple(Grant(*grant) for grant in grants or ()))

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor("system")
OPERATOR_OF_THE_MACHINE = Actor("machine")
