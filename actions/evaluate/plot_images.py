"""The image plots of a repository, for a page that is drawn where the repository is. No image ever leaves in facts."""

from actions.evaluate.plot_files import Files, definitions, is_image
from actions.evaluate.plot_tables import NotDrawn
from actions.repository import Repository
from reports.plots import LARGEST_IMAGE, Image, Picture, beside

_MOST_PLOTS = 20


def images(repository: Repository, base: str, base_name: str) -> list[Picture]:
    """The image plots of the work tree's pipeline, each beside what it was at a base commit. What cannot be shown is said."""
    titles = {y.path: plot.title for plot in definitions(repository, base) for y in plot.ys if is_image(y.path)}
    files = Files(repository)
    shown = [_picture(files, path, title, base, base_name) for path, title in list(titles.items())[:_MOST_PLOTS]]
    if len(titles) > _MOST_PLOTS:
        shown.append(Picture(f"{len(titles) - _MOST_PLOTS} more images", "", f"only the first {_MOST_PLOTS} are shown"))
    return shown


def _picture(files: Files, path: str, title: str, base: str, base_name: str) -> Picture:
    def read(revision: str | None) -> Image | str:
        try:
            return Image(title, files.content(path, revision, LARGEST_IMAGE))
        except NotDrawn as problem:
            return str(problem)

    return beside(title, read(base), read(None), base_name)
