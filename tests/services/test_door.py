"""The door: its password, its one-time word, who tries it."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec

import pytest
from argon2 import PasswordHasher, extract_parameters, profiles

from aggregator.domain.door import TRIES, Outcome, Standing
from aggregator.errors import InvalidInputError
from aggregator.services import door, passwords
from aggregator.storage import installation
from tests.world import World

PASSWORD = "trois mots simples"
HERE = "192.0.2.7"


def outcomes(world: World) -> list[str]:
    return [tried.outcome.value for tried in reversed(door.last_tries(world.context, 500))]


@contextmanager
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash as weaker parameters of long ago did."""
    with monkeypatch.context() as old:
        old.setattr(
            passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        )
        yield


def test_passwords_are_hashed_as_their_library_recommends() -> None:
    spec = find_spec(passwords.__name__)
    assert spec is not None
    assert spec.loader is not None
    anew = module_from_spec(spec)  # the one in use does little work in tests
    spec.loader.exec_module(anew)
    assert extract_parameters(anew.hashed(PASSWORD)) == profiles.get_default_parameters()


@pytest.fixture
def locked(world: World) -> World:
    door.set_password(world.context, PASSWORD)
    return world


@pytest.fixture
def reachable(world: World) -> World:
    return world.with_settings(host="0.0.0.0")  # noqa: S104 - nothing is bound


def test_the_right_password_opens_and_a_wrong_one_does_not(locked: World) -> None:
    assert door.try_password(locked.context, PASSWORD, HERE).outcome is Outcome.RIGHT
    assert door.try_password(locked.context, PASSWORD + "!", HERE).outcome is Outcome.WRONG
    assert door.try_password(locked.context, "", HERE).outcome is Outcome.WRONG
    assert outcomes(locked) == ["right", "wrong", "wrong"]


def test_the_password_is_neither_kept_nor_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        door.set_password(world.context, PASSWORD)
        door.try_password(world.context, PASSWORD, HERE)
        door.try_password(world.context, "un mot de passe faux", HERE)
    assert "outcome=right" in caplog.text
    assert f"outcome=wrong address={HERE}" in caplog.text
    assert PASSWORD not in caplog.text
    assert "un mot de passe faux" not in caplog.text
    world.context.database.close()
    for file in world.context.database.path.parent.glob("veille.db*"):
        assert PASSWORD.encode() not in file.read_bytes()


def test_the_sixth_try_within_a_minute_is_refused_even_if_right(locked: World) -> None:
    for _ in range(TRIES):
        door.try_password(locked.context, "faux", HERE)
    refused = door.try_password(locked.context, PASSWORD, HERE)
    assert refused.outcome is Outcome.REFUSED
    assert refused.wait is not None
    assert refused.wait.total_seconds() == 60
    assert door.try_password(locked.context, PASSWORD, "192.0.2.8").outcome is Outcome.RIGHT
    locked.clock.go_on(minutes=1)
    assert door.try_password(locked.context, PASSWORD, HERE).outcome is Outcome.RIGHT


def test_a_flood_of_refused_tries_is_noted_once_a_minute(locked: World) -> None:
    for _ in range(TRIES + 20):
        door.try_password(locked.context, "faux", HERE)
    assert outcomes(locked) == ["wrong"] * TRIES + ["refused"]


def test_tries_at_once_count_as_many(locked: World) -> None:
    together = threading.Barrier(TRIES * 2)
    found: list[Outcome] = []

    def try_once() -> None:
        together.wait(10)
        found.append(door.try_password(locked.context, "faux", HERE).outcome)

    threads = [threading.Thread(target=try_once) for _ in range(TRIES * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [Outcome.REFUSED] * TRIES + [Outcome.WRONG] * TRIES


def test_another_password_ends_every_session(locked: World) -> None:
    before = door.look(locked.context).key
    door.set_password(locked.context, "quatre mots encore simples")
    assert door.look(locked.context).key not in {before, ""}
    assert door.try_password(locked.context, PASSWORD, HERE).outcome is Outcome.WRONG


def test_a_hash_of_other_parameters_is_made_anew_and_ends_no_session(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with quick_hashes(monkeypatch):
        door.set_password(world.context, PASSWORD)
    key = door.look(world.context).key
    assert "m=8," in json.dumps(kept(world))
    assert door.try_password(world.context, PASSWORD, HERE).outcome is Outcome.RIGHT
    assert "m=8," not in json.dumps(kept(world))
    assert door.look(world.context).key == key
    assert door.try_password(world.context, PASSWORD, HERE).outcome is Outcome.RIGHT


def kept(world: World) -> object:
    with world.context.database.read() as session:
        return installation.fact(session, "door")


def test_a_session_that_was_ended_stays_so_for_as_long_as_its_cookie_lives(locked: World) -> None:
    door.end_session(locked.context, "one")
    locked.clock.go_on(days=29)
    door.end_session(locked.context, "two")
    assert door.look(locked.context).ended == {"one", "two"}
    locked.clock.go_on(days=2)
    door.end_session(locked.context, "three")
    assert door.look(locked.context).ended == {"two", "three"}


def test_where_others_can_reach_it_serving_needs_a_password(reachable: World) -> None:
    with pytest.raises(InvalidInputError, match="veille user set-password"):
        door.make_ready(reachable.context, first_password=False)
    assert door.look(reachable.context).standing is Standing.SHUT
    door.set_password(reachable.context, PASSWORD)
    assert door.make_ready(reachable.context, first_password=False) is None
    assert door.look(reachable.context).standing is Standing.LOCKED


@pytest.mark.parametrize(
    "settings", [{"public_url": "https://example.org/veille"}, {"trusted_proxies": 1}]
)
def test_behind_a_proxy_serving_needs_a_password(
    world: World, settings: dict[str, object]
) -> None:
    with pytest.raises(InvalidInputError, match="--first-password"):
        door.make_ready(world.with_settings(**settings).context, first_password=False)


def test_on_this_machine_alone_nothing_is_needed(world: World) -> None:
    assert door.make_ready(world.context, first_password=False) is None
    assert door.look(world.context).standing is Standing.OPEN


def test_the_one_time_word_chooses_the_password_once(reachable: World) -> None:
    word = door.make_ready(reachable.context, first_password=True)
    assert word is not None
    assert door.look(reachable.context).standing is Standing.WAITING
    assert word not in json.dumps(kept(reachable))
    wrong = door.choose_password(reachable.context, "abcd-efgh-ijkl-mnop", PASSWORD, HERE)
    assert wrong.outcome is Outcome.WRONG
    typed = word.upper().replace("-", " ")
    right = door.choose_password(reachable.context, typed, PASSWORD, HERE)
    assert right.outcome is Outcome.RIGHT
    assert door.look(reachable.context).standing is Standing.LOCKED
    again = door.choose_password(reachable.context, word, "un autre mot de passe", HERE)
    assert again.outcome is Outcome.WRONG
    assert door.try_password(reachable.context, PASSWORD, "192.0.2.8").outcome is Outcome.RIGHT


def test_without_a_word_drawn_no_word_is_right(locked: World, world: World) -> None:
    for word in ("", "-", " "):
        tried = door.choose_password(locked.context, word, PASSWORD, HERE)
        assert tried.outcome is Outcome.WRONG
    door.remove_password(world.context)
    assert door.choose_password(world.context, "", PASSWORD, HERE).outcome is Outcome.WRONG


def test_a_password_too_short_does_not_use_the_word_up(reachable: World) -> None:
    word = door.make_ready(reachable.context, first_password=True) or ""
    with pytest.raises(InvalidInputError, match="10"):
        door.choose_password(reachable.context, word, "court", HERE)
    chosen = door.choose_password(reachable.context, word, PASSWORD, HERE)
    assert chosen.outcome is Outcome.RIGHT


def test_each_start_draws_another_word_until_there_is_a_password(reachable: World) -> None:
    first = door.make_ready(reachable.context, first_password=True)
    second = door.make_ready(reachable.context, first_password=True)
    assert first != second
    old = door.choose_password(reachable.context, first or "", PASSWORD, HERE)
    assert old.outcome is Outcome.WRONG
    door.set_password(reachable.context, PASSWORD)
    assert door.make_ready(reachable.context, first_password=True) is None


def test_a_start_without_the_option_forgets_the_word(world: World) -> None:
    door.make_ready(world.context, first_password=True)
    door.make_ready(world.context, first_password=False)
    assert door.look(world.context).standing is Standing.OPEN


def test_a_password_that_is_removed_leaves_nobody_in_from_outside(reachable: World) -> None:
    door.set_password(reachable.context, PASSWORD)
    assert door.remove_password(reachable.context)
    assert not door.remove_password(reachable.context)
    assert door.look(reachable.context).standing is Standing.SHUT


def test_of_the_tries_the_last_five_thousand_are_kept(
    locked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.storage.sign_ins.MOST_KEPT", 3)
    for number in range(6):
        door.try_password(locked.context, "faux", f"192.0.2.{number}")
    addresses = [tried.address for tried in door.last_tries(locked.context, 500)]
    assert addresses == ["192.0.2.5", "192.0.2.4", "192.0.2.3"]
