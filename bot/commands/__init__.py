"""What people can say: one file each, listed here. To add one, write its file, its test, and its line."""

from bot.commands import (
    approve,
    assign_reviewers,
    break_glass,
    budget,
    cancel,
    check,
    compare,
    drift,
    evaluate,
    explain,
    help,
    hold,
    lineage,
    lock,
    promote,
    reject,
    retrain,
    revoke,
    rollback,
    status,
    train,
    tune,
    unhold,
    unlock,
    waive,
)
from bot.commands.command import Command
from bot.grammar.spoken import Declared

COMMANDS: dict[str, Command] = {
    "help": help,
    "status": status,
    "explain": explain,
    "check": check,
    "train": train,
    "evaluate": evaluate,
    "compare": compare,
    "drift": drift,
    "cancel": cancel,
    "hold": hold,
    "unhold": unhold,
    "waive": waive,
    "lock": lock,
    "unlock": unlock,
    "lineage": lineage,
    "assign-reviewers": assign_reviewers,
    "budget": budget,
    "promote": promote,
    "approve": approve,
    "reject": reject,
    "revoke": revoke,
    "break-glass": break_glass,
    "rollback": rollback,
    "retrain": retrain,
    "tune": tune,
}
help.TABLE.update(COMMANDS)

DECLARED = {name: Declared(command.Arguments) for name, command in COMMANDS.items()}
"""The same, as the grammar reads it."""
