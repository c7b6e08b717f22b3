"""Reads what lies in a DVC remote byte by byte, because its names are only what somebody called it."""

import json
from typing import Any


def unlike(odb: Any, info: Any) -> dict[str, str | None]:
    """What a remote holds otherwise of an object (of a folder: its listing and its files) than the digests say.

    By digest what was found in its place; None where there is nothing. Every byte is read, and nothing is kept of it. `odb` is
    DVC's store of the remote's objects, and `info` a `HashInfo`. Raises what the remote's file system raises.
    """
    from dvc_data.hashfile.hash import file_md5

    found: dict[str, str | None] = {}

    def holds(value: str) -> bool:
        said = f"{info.name}:{value}"
        try:
            present = str(file_md5(odb.oid_to_path(value), odb.fs, name=info.name))
        except FileNotFoundError:
            found[said] = None
            return False
        if present != value.removesuffix(".dir"):
            found[said] = f"{info.name}:{present}"
        return said not in found

    if holds(info.value) and info.value.endswith(".dir"):
        with odb.fs.open(odb.oid_to_path(info.value), "rb") as stream:
            listed = json.load(stream)
        for value in sorted({str(each.get(info.name) or each["md5"]) for each in listed}):
            holds(value)
    return found
