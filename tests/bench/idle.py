"""The service with a handler that does nothing: python -m tests.bench.idle PORT DATABASE SECRET."""

import sys

from assay.verbs.serve import run
from bot import settings
from bot.receiving import logs
from bot.receiving.service import build


def main(arguments: list[str]) -> int:
    """Serve until it is stopped."""
    port, database, secret = arguments
    given = settings.load(port=int(port), database_url=database, webhook_secret=secret, max_queue=50_000)
    logs.start("warning", given.every_secret())
    return run(build(given, lambda delivery: "nothing"), given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
