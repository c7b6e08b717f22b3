"""The least that a typer and rich program costs."""

import typer
from rich.console import Console

app = typer.Typer()


@app.command()
def hello() -> None:
    """Say hello."""
    Console().print("hello")


app()
