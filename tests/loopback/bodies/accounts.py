"""Accounts, apps and installations as GitHub writes them."""

from tests.loopback.call import Call
from tests.loopback.state import ACTIONS_APP_ID, Account, App, Installation, Json, State, Team, moment, node


def account(call: Call, who: Account) -> Json:
    """The short form of a user, bot or organisation."""
    url = f"{call.api}/users/{who.login}"
    page = f"{call.web}/apps/{who.login.removesuffix('[bot]')}" if who.type == "Bot" else f"{call.web}/{who.login}"
    return {
        "login": who.login,
        "id": who.id,
        "node_id": node("U", who.id),
        "avatar_url": f"{call.web}/avatars/{who.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": page,
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": who.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def profile(call: Call, who: Account) -> Json:
    """The long form that `/users/{login}` gives, and `/user` for oneself."""
    empty = ("name", "company", "location", "email", "hireable", "bio", "twitter_username")
    counts = ("public_repos", "public_gists", "followers", "following")
    when = "2020-01-01T00:00:00Z"
    return {
        **account(call, who),
        **dict.fromkeys(empty),
        "blog": "",
        **dict.fromkeys(counts, 0),
        "created_at": when,
        "updated_at": when,
    }


def own_profile(call: Call, who: Account) -> Json:
    """What only the account itself sees."""
    counts = ("private_gists", "total_private_repos", "owned_private_repos", "disk_usage", "collaborators")
    return {**profile(call, who), **dict.fromkeys(counts, 0), "two_factor_authentication": True}


def organisation(call: Call, who: Account) -> Json:
    """An organisation in the form a team carries."""
    url, when = f"{call.api}/orgs/{who.login}", "2020-01-01T00:00:00Z"
    tails = ("repos", "events", "hooks", "issues")
    return {
        "login": who.login,
        "id": who.id,
        "node_id": node("O", who.id),
        "url": url,
        **{f"{tail}_url": f"{url}/{tail}" for tail in tails},
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{call.web}/avatars/{who.id}",
        "description": "",
        "has_organization_projects": True,
        "has_repository_projects": True,
        **dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0),
        "html_url": f"{call.web}/{who.login}",
        "created_at": when,
        "updated_at": when,
        "archived_at": None,
        "type": "Organization",
    }


def team(call: Call, one: Team) -> Json:
    """A team as it stands among reviewers."""
    url = f"{call.api}/orgs/{one.organisation}/teams/{one.slug}"
    return {
        "id": one.id,
        "node_id": node("T", one.id),
        "url": url,
        "html_url": f"{call.web}/orgs/{one.organisation}/teams/{one.slug}",
        "name": one.slug,
        "slug": one.slug,
        "description": None,
        "privacy": "closed",
        "permission": "pull",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "parent": None,
    }


def app(call: Call, app_id: int | None) -> Json | None:
    """The app behind a check run or comment; None for a person's token."""
    if app_id is None:
        return None
    known = call.state.apps.get(app_id)
    if known is None:
        return _actions_app(call)
    return _app(call, known.id, known.slug, known.owner, known.permissions, known.events, known.created_at, known.name)


def client_id(app_id: int) -> str:
    """By which people sign in with an app."""
    return f"Iv1.{app_id:016x}"


def _actions_app(call: Call) -> Json:
    permissions = {"actions": "write", "checks": "write", "contents": "write", "metadata": "read", "pull_requests": "write"}
    owner = call.state.account("github", "Organization")
    return _app(call, ACTIONS_APP_ID, "github-actions", owner, permissions, ["push", "workflow_dispatch"], "2018-07-30T09:30:17Z")


def _app(
    call: Call,
    number: int,
    slug: str,
    owner: Account,
    permissions: dict[str, str],
    events: list[str],
    created: str,
    name: str = "",
) -> Json:
    return {
        "id": number,
        "client_id": client_id(number),
        "slug": slug,
        "node_id": node("A", number),
        "owner": account(call, owner),
        "name": "GitHub Actions" if slug == "github-actions" else name or slug,
        "description": "",
        "external_url": f"{call.web}/apps/{slug}",
        "html_url": f"{call.web}/apps/{slug}",
        "created_at": created,
        "updated_at": created,
        "permissions": permissions,
        "events": events,
    }


def own_app(call: Call, known: App) -> Json:
    """What an app sees of itself."""
    body = _app(call, known.id, known.slug, known.owner, known.permissions, known.events, known.created_at, known.name)
    return {**body, "installations_count": len(installations_of(call.state, known.id))}


def credentials(call: Call, known: App) -> Json:
    """What GitHub shows of a new app once: its key and its secrets."""
    own = {key: value for key, value in own_app(call, known).items() if key != "installations_count"}
    secret = known.hook.secret if known.hook else None
    return {**own, "client_secret": known.client_secret, "webhook_secret": secret, "pem": known.private_key}


def installations_of(state: State, app_id: int) -> list[Installation]:
    """Where an app is installed."""
    return [one for one in state.installations.values() if one.app_id == app_id]


def installation(call: Call, one: Installation) -> Json:
    """One installation of an app."""
    known = call.state.apps[one.app_id]
    return {
        "id": one.id,
        "account": account(call, one.account),
        "repository_selection": "selected",
        "access_tokens_url": f"{call.api}/app/installations/{one.id}/access_tokens",
        "repositories_url": f"{call.api}/installation/repositories",
        "html_url": f"{call.web}/settings/installations/{one.id}",
        "app_id": known.id,
        "app_slug": known.slug,
        "target_id": one.account.id,
        "target_type": one.account.type,
        "permissions": one.permissions,
        "events": known.events,
        "created_at": one.created_at,
        "updated_at": moment(),
        "single_file_name": None,
        "suspended_by": account(call, one.suspended_by) if one.suspended_by else None,
        "suspended_at": one.suspended_at,
    }
