"""Where somebody goes after signing in: to a page of ours, whatever the address asked for. Pure."""

import re
from urllib.parse import urlsplit

HOME = "/"
_LONGEST = 500
_OURS = re.compile(r"/(?:[A-Za-z0-9_.~%-]+/?)*(?:\?[A-Za-z0-9_.~%=&-]*)?\Z")


def own(address: str) -> str:
    """The address where it is a path of ours, else the first page.

    A path that begins with two slashes, or with one and a backslash, is another host to a browser; neither passes, nor does
    anything that would have to be decoded to be seen through.
    """
    if (
        len(address) > _LONGEST
        or not _OURS.match(address)
        or ".." in address
        or "%2f" in address.lower()
        or "%5c" in address.lower()
    ):
        return HOME
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or parts.path.startswith(("/login", "/logout")):
        return HOME
    return address
