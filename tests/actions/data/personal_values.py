"""Values that are personal, and how to make more that pass their checksums. None belongs to anyone."""

import random
from collections.abc import Callable

from actions.data.recognizers import stdnum

IBANS = ["DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19", "FR1420041010050500013M02606", "NL91ABNA0417164300"]
CARDS = ["4111111111111111", "5500005555555559", "378282246310005", "6011111111111117", "3530111333300000", "4012888888881881"]
PHONES = ["+49 30 901820", "+1 202-456-1111", "+442072193000", "+33 1 42 92 81 00"]
EMAILS = ["jo.doe+x@acme.co.uk", "ANNA@Example.ORG", "jürgen@müller.de", "o'neil_1@mail.acme.io"]
ADDRESSES = ["203.0.113.77", "93.184.216.34", "2001:db8:85a3::8a2e:370:7334"]


def checked(module: str, make: Callable[[random.Random], str], count: int, seed: int = 1) -> list[str]:
    """`count` different numbers that pass a checksum of python-stdnum."""
    rng, found = random.Random(seed), set()
    while len(found) < count:
        value = make(rng)
        if stdnum(module, value):
            found.add(value)
    return sorted(found)


def digits(length: int, first: str = "123456789") -> Callable[[random.Random], str]:
    return lambda rng: rng.choice(first) + "".join(rng.choice("0123456789") for _ in range(length - 1))


def birthday(rng: random.Random) -> str:
    return f"{rng.randint(50, 99)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"


def pesel(rng: random.Random) -> str:
    return f"{birthday(rng)}{rng.randint(0, 99999):05}"


def nir(rng: random.Random) -> str:
    return f"1{birthday(rng)[:4]}75{rng.randint(0, 10**8 - 1):08}"


def hetu(rng: random.Random) -> str:
    return f"{rng.randint(1, 28):02}{rng.randint(1, 12):02}70-{rng.randint(2, 899):03}{rng.choice('0123456789ABCDEF')}"


def dni(rng: random.Random) -> str:
    return f"{rng.randint(10**7, 10**8 - 1)}{rng.choice('TRWAGMYFPDXBNJZSQVHLCKE')}"


def four_parts(rng: random.Random) -> str:
    return f"{rng.randint(0, 12)}.{rng.randint(0, 30)}.{rng.randint(0, 50)}.{rng.randint(0, 60)}"


PESELS = checked("pl.pesel", pesel, 20)
BSNS = checked("nl.bsn", digits(9), 30)
SAMPLES = {
    "email": EMAILS,
    "phone": PHONES,
    "iban": IBANS,
    "card": CARDS,
    "ip": ADDRESSES,
    "national_id": PESELS,
}
ALL = sorted(value for values in SAMPLES.values() for value in values)
ORDINARY = ["", "N14228", "1545", "2013-01-01 05:00:00", "UA", "-73.9352421", "1357020000", "icon@2x.png", "a" * 30, "1.2.3.4"]
