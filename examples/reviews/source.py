"""The data of the example: reviews of flights, put together from sentences that were written for it, always the same."""

import csv
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from random import Random

FIRST = 600
"""How many reviews there are from the beginning; the others come later."""
Row = tuple[int, str]

_FLIGHT = (
    (
        "We left two hours late and nobody at the gate said why.",
        "Boarding was quick and we took off on time.",
        "Our flight was cancelled while we stood in the queue.",
        "The connection in Porto was tight, but it worked.",
        "They changed the gate three times before the doors opened.",
        "I have never seen check-in go so smoothly.",
        "The captain explained the delay and kept us informed.",
        "We sat on the runway for an hour without water.",
        "A seat by the window and a clear view of the mountains.",
        "The plane was old and the armrest was broken.",
        "Fog closed the airport and we were sent to another one.",
        "For a flight at six in the morning it was surprisingly calm.",
    ),
    (
        "The crew was friendly, and the café au lait was hot.",
        "There was no food for people who do not eat meat.",
        "My suitcase arrived a day after me, with one wheel gone.",
        "Legroom was fine even for tall passengers.",
        "The man behind the counter refused to look at my ticket.",
        "A steward found a place for my cello.",
        "The screens did not work and neither did the lamps.",
        "They gave us vouchers that no shop would take.",
        "The crème brûlée in the lounge alone is worth the price.",
        "Children got crayons and were quiet until we landed.",
        "It was so cold that everyone kept their coat on.",
        "Turbulence over the sea, but the crew stayed calm.",
        "Hand luggage was weighed twice and I had to pay extra.",
        "The announcements were too loud to sleep.",
    ),
    (
        "I would fly with them again.",
        "Never again, not even for half the price.",
        "The refund has still not arrived after six weeks.",
        "We landed ten minutes early.",
        "On the whole a good trip for the money.",
        "The complaint form on their website does not open.",
        "At least the bags were on the belt when we came.",
        "My parents were delighted, and so was I.",
        "Next time I will take the train.",
        "The taxi from the airport cost more than the flight.",
        "Five stars for the crew, one for the airline.",
        "It got us there, which is all one can ask.",
    ),
)
_HOTEL = (
    (
        "The room smelled of paint and the key did not fit.",
        "A quiet house in the old town with a lovely garden.",
        "Our booking was lost and the reception was closed.",
        "The bed was soft and the towels were fresh every day.",
        "We asked for a double bed and got two narrow ones.",
        "From the balcony you hear nothing but the sea.",
        "The heating hissed and could not be turned down.",
        "A clean bathroom, a large wardrobe and good curtains.",
    ),
    (
        "Breakfast had warm bread and six kinds of jam.",
        "Somebody drilled in the bathroom above us all night.",
        "The lift was out of order and we carried everything upstairs.",
        "The pool was empty, and the sauna was a cupboard.",
        "The cook came to our table and asked what we like.",
        "Bicycles may be borrowed in the yard for nothing.",
        "The porter slept, so we waited outside in the rain.",
        "The library has a fireplace and old travel books.",
    ),
    (
        "We will book the same suite next summer.",
        "The landlady asked for cash and gave no receipt.",
        "A pity about the mattress.",
        "The minibar was dearer than the room.",
        "Dogs are welcome and get a blanket of their own.",
        "The bill had a massage on it that we never had.",
        "The owner waved until we were around the corner.",
        "One night was enough for us.",
    ),
)
_GERMAN = (
    "Der Flug war sehr spät und das Personal war nicht freundlich.",
    "Wir sind mit dem Service zufrieden, aber der Koffer ist nicht da.",
    "Das Essen war gut und die Sitze sind auch für große Leute bequem.",
)


def reviews(first: int, last: int, *, hotels: bool = False) -> list[Row]:
    """The reviews from number `first` up to `last`, each with its number; `hotels`: of hotels and not of flights."""
    found = [" ".join(parts) for parts in product(*(_HOTEL if hotels else _FLIGHT))]
    Random(6).shuffle(found)
    return [(number, found[number % len(found)]) for number in range(first, last)]


def write(file: Path, rows: Sequence[Row]) -> None:
    """Write reviews as CSV."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(("id", "review"))
        table.writerows(rows)


def damaged(rows: Sequence[Row]) -> list[Row]:
    """What a bad export leaves: accents read in another encoding, some in German, one cut short, and one twice in capitals."""
    found = [(number, text.encode().decode("cp1252") if number % 2 else text) for number, text in rows]
    last = max(number for number, _ in rows)
    return [
        *found,
        *((last + 1 + at, text) for at, text in enumerate(_GERMAN)),
        (last + 10, "We"),
        (last + 11, rows[0][1].upper()),
    ]
