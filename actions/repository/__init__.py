"""The only room that runs git and DVC."""

from actions.repository.plots import Column, PlotDefinition
from actions.repository.problems import MissingObject
from actions.repository.repository import Repository
from actions.repository.revisions import Head
from actions.repository.stages import Link, Stage
from actions.repository.store import Out

__all__ = ["Column", "Head", "Link", "MissingObject", "Out", "PlotDefinition", "Repository", "Stage"]
