"""How often a sign-in may fail, by a clock of the test's own."""

from assistant.accounts.throttle import PER_ADDRESS, PER_NAME, WINDOW_S, Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_name_waits_until_its_oldest_failure_is_forgotten() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for n in range(PER_NAME):
        clock.now += 1
        assert throttle.wait_s("ward", f"192.0.2.{n}") == 0
    assert throttle.wait_s("ward", "198.51.100.1") == WINDOW_S - PER_NAME + 1
    assert throttle.wait_s("other", "198.51.100.1") == 0
    clock.now += WINDOW_S - PER_NAME + 1
    assert throttle.wait_s("ward", "198.51.100.1") == 0
    assert throttle.wait_s("ward", "198.51.100.1") == 1


def test_an_address_waits_whatever_names_it_tries() -> None:
    throttle = Throttle(Clock())
    for n in range(PER_ADDRESS):
        assert throttle.wait_s(f"name {n}", "192.0.2.1") == 0
    assert throttle.wait_s("another", "192.0.2.1") == WINDOW_S
    assert throttle.wait_s("another", "192.0.2.2") == 0


def test_addresses_of_one_ipv6_network_count_as_one() -> None:
    throttle = Throttle(Clock())
    for n in range(PER_ADDRESS):
        assert throttle.wait_s(f"name {n}", f"2001:db8::{n:x}") == 0
    assert throttle.wait_s("another", "2001:db8::ffff") > 0
    assert throttle.wait_s("another", "2001:db8:0:1::1") == 0


def test_a_success_takes_back_its_own_attempt_and_the_names_failures() -> None:
    throttle = Throttle(Clock())
    for _ in range(PER_ADDRESS * 2):
        assert throttle.wait_s("ward", "192.0.2.1") == 0
        throttle.succeeded("ward", "192.0.2.1")
    for _ in range(PER_NAME - 1):
        assert throttle.wait_s("ward", "192.0.2.1") == 0
    throttle.wait_s("ward", "192.0.2.1")
    throttle.succeeded("ward", "192.0.2.1")
    assert throttle.wait_s("ward", "192.0.2.1") == 0


def test_its_memory_is_bounded() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for n in range(10_050):
        clock.now += 0.001
        throttle.wait_s(f"name {n}", f"192.0.{n % 250}.{n % 200}")
    assert len(throttle._attempts) <= 10_001
