"""The registry as the bot asks it: `actions` knows MLflow and `bot` knows GitHub, and they meet here."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from threading import Thread

from bot.registered import Registries
from policy.lineage import Lineage, Step
from policy.problems import UserProblem


class Registered:
    """The registry that an environment names. MLflow is loaded when it is first asked."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Registered | None":
        """None where `MLFLOW_TRACKING_URI` names none."""
        return cls(environ) if environ.get("MLFLOW_TRACKING_URI") else None

    @classmethod
    def of_one(cls, environ: Mapping[str, str], repository: str) -> Registries:
        """The registry as that of one repository (owner/name), and of no other: who comments elsewhere may not look there."""
        found = cls.of(environ)
        return lambda full_name: found if repository and full_name.lower() == repository.lower() else None

    def soon(self) -> None:
        """Load MLflow beside whatever else is done until it is asked, which must not load data frames.

        What goes wrong with that is told when it is asked.
        """
        # No daemon: a process that ended amid the loading of a library could crash.
        Thread(target=_load, name="assay-registry").start()

    def lineage(self, name: str) -> Lineage:
        """See `bot.registered.Registered`."""
        from actions.registry.client import Registry
        from actions.registry.history import lineage_of

        return lineage_of(Registry.connect(self._environ), name)

    def versions(self, model: str) -> Sequence[Step]:
        """See `bot.registered.Registered`."""
        from actions.registry.client import Registry
        from actions.registry.history import step_of

        return [step_of(each) for each in Registry.connect(self._environ).versions(model)]

    def move(self, model: str, alias: str, number: int, expected: int | None, at: datetime) -> None:
        """See `bot.registered.Registered`."""
        from actions.registry import history
        from actions.registry.client import Registry

        history.move(Registry.connect(self._environ), model, alias, number, expected, at)

    def facts(self, step: Step) -> bytes | None:
        """See `bot.registered.Registered`."""
        from actions.registry.client import Registry
        from actions.registry.evidence import facts

        return facts(Registry.connect(self._environ), step)


def _load() -> None:
    from actions.registry.client import load

    with suppress(UserProblem):
        load(lean=True)
