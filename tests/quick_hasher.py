"""Our password hashing at a cost that tests can pay thousands of times: Argon2id all the same."""

from tmam.accounts.hashing import BoundedArgon2Hasher


class QuickHasher(BoundedArgon2Hasher):
    """As little memory and time as Argon2 takes. What real hashes cost is tested in `tests/accounts/test_hashing.py`."""

    time_cost = 1
    memory_cost = 64
