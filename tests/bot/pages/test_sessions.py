"""A session is its browser's alone, for as long as it lasts."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.pages.sealed import Seal
from bot.pages.sessions import LONGEST, Person, Sessions
from bot.receiving.database import Database, connect, sessions

MONA = Person(7, "mona")


@pytest.fixture
def database(sqlite: str) -> Iterator[Database]:
    opened = connect(sqlite)
    opened.prepare()
    yield opened
    opened.close()


def ends(database: Database) -> list[int]:
    with database.reads.connect() as connection:
        return [int(each) for each in connection.execute(sa.select(sessions.c.ends - database.now)).scalars()]


def test_a_session_is_found_by_its_cookie_until_it_ends(database: Database) -> None:
    made = Sessions(database, Seal("k" * 32))
    cookie = made.begin(MONA, "ghu_x", None)
    found = made.find(cookie)
    assert found is not None and (found.person, found.token) == (MONA, "ghu_x") and len(found.csrf) == 43
    assert "ghu_x" not in repr(found) and found.csrf not in repr(found)
    other = made.begin(MONA, "ghu_y", None)
    made.end(cookie)
    made.end("nonsense")
    assert made.find(cookie) is None and made.find(other) is not None


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 44, "'; drop table", "é" * 43, "A" * 42 + "\n"])
def test_no_other_cookie_finds_anything(database: Database, cookie: str) -> None:
    made = Sessions(database, Seal("k" * 32))
    made.begin(MONA, "ghu_x", None)
    assert made.find(cookie) is None


def test_another_key_signs_everybody_out(database: Database) -> None:
    cookie = Sessions(database, Seal("k" * 32)).begin(MONA, "ghu_x", None)
    assert Sessions(database, Seal("l" * 32)).find(cookie) is None


def test_rows_that_change_places_open_nothing(database: Database) -> None:
    made = Sessions(database, Seal("k" * 32))
    one, two = made.begin(MONA, "ghu_x", None), made.begin(Person(8, "eve"), "ghu_y", None)
    with database.quick.begin() as connection:
        rows = dict(connection.execute(sa.select(sessions.c.id, sessions.c.sealed)).all())
        for each, sealed in zip(rows, reversed(rows.values()), strict=True):
            connection.execute(sa.update(sessions).where(sessions.c.id == each).values(sealed=sealed))
    assert made.find(one) is None and made.find(two) is None


def test_a_session_lasts_as_long_as_its_token_and_eight_hours_at_most(database: Database) -> None:
    made = Sessions(database, Seal("k" * 32))
    for seconds in (60, None, 10**9):
        made.begin(MONA, "ghu_x", seconds)
    short, *long = sorted(ends(database))
    assert 55_000 < short <= 60_000 and all(abs(each - LONGEST * 1000) < 5_000 for each in long)


def test_sessions_that_ran_out_are_forgotten_when_somebody_signs_in(database: Database) -> None:
    made = Sessions(database, Seal("k" * 32))
    made.begin(MONA, "ghu_x", None)
    with database.quick.begin() as connection:
        connection.execute(sa.update(sessions).values(ends=database.now - 1))
    made.begin(MONA, "ghu_x", None)
    assert len(ends(database)) == 1
