"""The routes of the loopback GitHub, a file per resource. The order counts: a path that swallows slashes comes last."""

from tests.loopback.routes import (
    apps,
    checks,
    comments,
    commit_comments,
    commits,
    contents,
    deployments,
    gitdata,
    graphql,
    hooks,
    issues,
    pulls,
    repositories,
    runs,
    teams,
    transport,
)

ROUTERS = (
    apps.router,
    comments.router,
    issues.router,
    pulls.router,
    checks.router,
    commit_comments.router,
    commits.router,
    gitdata.router,
    runs.router,
    deployments.router,
    hooks.router,
    teams.router,
    repositories.router,
    contents.router,
    graphql.router,
    transport.router,
)
"""Every router, in the order they are asked."""
