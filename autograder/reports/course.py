"""What the registry knows of the exercises that a run names; exercises of another version of the course stand last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from autograder import registry

ELSEWHERE = "not in this version of the course"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and which of its exercises a run names. short: fits into the head of a narrow column."""

    name: str
    title: str
    exercises: tuple[str, ...]

    @property
    def short(self) -> str:
        return self.name.replace("_", " ")


def topics_of(ids: Iterable[str]) -> tuple[Topic, ...]:
    """The topics that these exercises belong to, both in the order of the course."""
    wanted = dict.fromkeys(ids)
    found = []
    for name, members in registry.topics().items():
        mine = tuple(member.id for member in members if member.id in wanted)
        if mine:
            found.append(Topic(name, registry.title_of(name), mine))
    strangers = tuple(id for id in wanted if id not in registry.exercises())
    return (*found, Topic("other", ELSEWHERE.capitalize(), strangers)) if strangers else tuple(found)


@cache
def title_of(id: str) -> str:
    """The title of an exercise; empty where the course has none of this name."""
    known = registry.exercises().get(id)
    return known.title if known else ""
