"""What personal values look like: a pattern that finds candidates, and a check that most accidents fail.

Patterns are written in what both polars' and Python's regular expressions understand, and none can blow up: no
repetition stands inside another without a separator between them. Checks come from python-stdnum and phonenumbers,
which are imported only when a candidate turns up.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from itertools import pairwise

from policy.personal import Kind


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_START, _END = r"(?:^|[^\w.+-])", r"(?:$|[^\w-])"
SEPARATORS = r"[\s./()-]+"
"""What people write into numbers."""
_EDGES = re.compile(r"^[^\w+(]+|[^\w)]+$")
_FILE_ENDINGS = _set("png jpg jpeg gif svg webp css js json csv tsv txt xml yml yaml html parquet")
_PHONE_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "BR", "IN", "AU", "JP")


@dataclass(frozen=True)
class Recognizer:
    """One form of personal value.

    `pattern` finds candidates: anywhere in a text, or (`whole`) as the whole value, apart from separators.
    `chance` is the share of ordinary values of the same form that pass `valid` by accident; a chance of almost nothing
    means that a single valid value convinces. `hints` are words in a column's name that make the form likely;
    `needs_hint` marks forms that ordinary numbers have as well. `refuted` are words that speak against it.
    """

    kind: Kind
    form: str
    pattern: str
    valid: Callable[[str], bool]
    chance: float
    hints: frozenset[str]
    whole: bool = False
    needs_hint: bool = False
    numbers: bool = False
    """Whether a column of integers may hold it."""
    refuted: frozenset[str] = frozenset()

    def hinted(self, words: frozenset[str]) -> bool:
        """Whether the column's name speaks for this form."""
        return bool(self.hints & words)

    def possible(self, words: frozenset[str], *, number: bool) -> bool:
        """Whether a column with these words in its name may hold this form at all."""
        if number and not self.numbers:
            return False
        return (self.hinted(words) or not self.needs_hint) and not self.refuted & words


def normal(candidate: str) -> str:
    """A candidate without what surrounds it."""
    return _EDGES.sub("", candidate)


def bare(value: str) -> str:
    """A value without the separators that people write into numbers."""
    return re.sub(SEPARATORS, "", value)


def words(column: str) -> frozenset[str]:
    """The words of a column's name: `customerEmail_2` has customer, email and 2. Neighbours count joined as well."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column)
    parts = [part.lower() for part in re.split(r"[^A-Za-z0-9]+", spaced) if part]
    return frozenset([*parts, *(first + second for first, second in pairwise(parts))])


def email(value: str) -> bool:
    """A plausible address: lengths of RFC 5321, no file name, and not the account of a git server."""
    local, _, domain = value.rpartition("@")
    return (
        len(value) <= 254 and 0 < len(local) <= 64 and domain.rpartition(".")[2].lower() not in _FILE_ENDINGS and local != "git"
    )


def phone(value: str, regions: tuple[str | None, ...] = (None,)) -> bool:
    """A number that exists in the numbering plan of a region (None: the number names its country itself)."""
    import phonenumbers

    for region in regions:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(value, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def card(value: str) -> bool:
    """A payment card: an issuer's prefix and length, and Luhn's check digit."""
    digits = bare(value)
    return digits.isdecimal() and _issuer(digits) and len(set(digits)) > 1 and stdnum("luhn", digits)


def _issuer(digits: str) -> bool:
    two, three, four, length = int(digits[:2]), int(digits[:3]), int(digits[:4]), len(digits)
    if length == 16:
        mastercard = 51 <= two <= 55 or 2221 <= four <= 2720
        return digits[0] == "4" or mastercard or four == 6011 or two in (62, 65) or 644 <= three <= 649 or 3528 <= four <= 3589
    if length == 15:
        return two in (34, 37)
    if length == 14:
        return two in (36, 38) or 300 <= three <= 305
    return 17 <= length <= 19 and two == 62


def iban(value: str) -> bool:
    """An IBAN; words in capitals after it do not hide it."""
    parts = value.split(" ")
    return any(stdnum("iban", "".join(parts[:count])) for count in range(len(parts), max(0, len(parts) - 4), -1))


def address(value: str) -> bool:
    """An IP address of one machine."""
    from ipaddress import ip_address

    try:
        found = ip_address(value)
    except ValueError:
        return False
    masks = found.version == 4 and found.is_reserved
    return not (found.is_unspecified or found.is_loopback or found.is_multicast or masks)


def telling_address(value: str) -> bool:
    """An IP address that a version number (1.2.3.4) or a path of names (a::b) is unlikely to be."""
    if not address(value):
        return False
    if ":" in value:
        return sum(bool(part) for part in value.split(":")) >= 3
    return any(int(octet) >= 64 for octet in value.split("."))


def nino(value: str) -> bool:
    """A British National Insurance number: no check digit, but prefixes and suffixes that few codes have."""
    code = bare(value)
    shape = re.fullmatch(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]", code)
    return bool(shape) and code[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def stdnum(module: str, value: str) -> bool:
    """What python-stdnum says of a number. Some of its modules fail on odd input (cn.ric does): that is not valid."""
    try:
        return bool(_stdnum(module)(value))
    except Exception:
        return False


@cache
def _stdnum(module: str) -> Callable[[str], bool]:
    valid: Callable[[str], bool] = import_module(f"stdnum.{module}").is_valid
    return valid


_ALMOST_NEVER = 1e-9
_LUHN, _MOD97 = 0.1, 0.01
_PHONE = _set("phone phones phonenumber tel telephone telefon telefono mobile mobilephone cellphone cellular fax handy msisdn")
_CARD = _set("card cards cardnumber creditcard cardno ccnumber ccnum ccn pan cc")
_IP = _set("ip ips ipaddr ipaddress ipv4 ipv6 remoteaddr clientip")
_NATIONAL = _set(
    "nationalid nationalinsurance citizenid personid personalid personalnumber taxid tin nid socialsecurity idnumber"
)
_CODES = _set("isbn isbn10 isbn13 ean gtin upc imei hash sha md5 checksum ts timestamp epoch")

_EMAIL = r"[\w.%+'-]+@(?:[\w-]+\.)+[A-Za-z]{2,24}"
_IPV4 = r"(?:^|[^\w.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:$|[^\w.-]|\.$|\.\s)"
_IPV6 = r"(?:^|[^\w:.])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?:$|[^\w:.])"
_VERSIONS = _set("version versions build release firmware oid revision")

_ANYWHERE = (
    Recognizer("email", "e-mail address", _EMAIL, email, _ALMOST_NEVER, frozenset({"email", "mail"})),
    Recognizer("phone", "international phone number", r"\+[0-9][0-9 ()./-]{6,20}[0-9]", phone, _ALMOST_NEVER, _PHONE),
    Recognizer(
        "phone",
        "US phone number",
        _START + r"\(?[2-9][0-9]{2}\)?[ .-]{1,2}[2-9][0-9]{2}[.-][0-9]{4}" + _END,
        partial(phone, regions=("US",)),
        0.3,
        _PHONE,
    ),
    Recognizer(
        "phone",
        "national phone number",
        r"^[0-9(][0-9 ()./-]{5,18}[0-9]$",
        partial(phone, regions=_PHONE_REGIONS),
        0.5,
        _PHONE,
        needs_hint=True,
        numbers=True,
    ),
    Recognizer(
        "iban",
        "IBAN",
        r"(?:^|[^\w])[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?(?:$|[^\w])",
        iban,
        _ALMOST_NEVER,
        frozenset({"iban"}),
    ),
    Recognizer(
        "card",
        "payment card",
        _START + r"(?:[0-9]{4}(?:[ -][0-9]{4}){3}|[0-9]{4}[ -][0-9]{6}[ -][0-9]{4,5})" + _END,
        card,
        _ALMOST_NEVER,
        _CARD,
    ),
    Recognizer("card", "payment card", _START + r"[0-9]{14,19}" + _END, card, 0.02, _CARD, numbers=True, refuted=_CODES),
    Recognizer("ip", "IP address", _IPV4 + "|" + _IPV6, telling_address, _ALMOST_NEVER, _IP, refuted=_VERSIONS),
    Recognizer("ip", "IP address", _IPV4 + "|" + _IPV6, address, 0.5, _IP, needs_hint=True),
    Recognizer(
        "national_id",
        "US SSN",
        r"(?:^|[^\w-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?:$|[^\w-])",
        partial(stdnum, "us.ssn"),
        _ALMOST_NEVER,
        frozenset({"ssn"}) | _NATIONAL,
    ),
    Recognizer(
        "national_id",
        "FI HETU",
        r"^[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]$",
        partial(stdnum, "fi.hetu"),
        0.05,
        frozenset({"hetu"}) | _NATIONAL,
    ),
)


def _national(form: str, module: str, pattern: str, chance: float, hints: str, *, needs_hint: bool = False) -> Recognizer:
    return Recognizer(
        kind="national_id",
        form=form,
        pattern=f"^(?:{pattern})$",
        valid=nino if form == "GB NINO" else partial(stdnum, module),
        chance=chance,
        hints=frozenset(hints.split()) | _NATIONAL,
        whole=True,
        needs_hint=needs_hint,
        numbers="[A-Z" not in pattern,
        refuted=_CODES,
    )


_DATE = r"[0-9]{2}[0-9]{2}[0-3][0-9]"

_FISCAL = r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-7][0-9][A-Z][0-9]{3}[A-Z]"

_WHOLE = (
    _national("AT VNR", "at.vnr", r"[0-9]{10}", _LUHN, "svnr sozialversicherungsnummer"),
    _national("BE NN", "be.nn", r"[0-9]{11}", _MOD97, "rijksregisternummer niss insz"),
    _national("BG EGN", "bg.egn", r"[0-9]{10}", _LUHN, "egn"),
    _national("BR CPF", "br.cpf", r"[0-9]{11}", 0.01, "cpf"),
    _national("CA SIN", "ca.sin", r"[1-79][0-9]{8}", _LUHN, "sin", needs_hint=True),
    _national("CH AHV", "ch.ssn", r"756[0-9]{10}", _LUHN, "ahv avs"),
    _national("CL RUT", "cl.rut", r"[0-9]{7,8}[0-9K]", _LUHN, "rut run"),
    _national("CN resident id", "cn.ric", r"[1-9][0-9]{16}[0-9X]", _LUHN, "shenfenzheng"),
    _national("CZ RČ", "cz.rc", r"[0-9]{10}", _LUHN, "rodnecislo"),
    _national("DE IdNr", "de.idnr", r"[1-9][0-9]{10}", _LUHN, "idnr steuerid steueridnr"),
    _national("DK CPR", "dk.cpr", r"[0-3][0-9][01][0-9]{7}", 0.5, "cpr", needs_hint=True),
    _national("EE IK", "ee.ik", r"[1-8][0-9]{10}", _LUHN, "isikukood asmenskodas"),
    _national("ES DNI", "es.dni", r"[0-9]{8}[A-Z]", 0.05, "dni nif"),
    _national("ES NIE", "es.nie", r"[XYZ][0-9]{7}[A-Z]", 0.05, "nie"),
    _national("FR NIR", "fr.nir", r"[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}", _MOD97, "nir insee securitesociale"),
    _national("GB NHS", "gb.nhs", r"[0-9]{10}", _LUHN, "nhs nhsnumber", needs_hint=True),
    _national("GB NINO", "", r"[A-Z]{2}[0-9]{6}[A-Z]", 0.1, "nino"),
    _national("GR AMKA", "gr.amka", r"[0-3][0-9]{10}", _LUHN, "amka"),
    _national("HR OIB", "hr.oib", r"[0-9]{11}", _LUHN, "oib"),
    _national("IE PPS", "ie.pps", r"[0-9]{7}[A-W][A-IW]?", 0.05, "pps ppsn"),
    _national("IL id", "il.idnr", r"[0-9]{9}", _LUHN, "teudatzehut", needs_hint=True),
    _national("IN Aadhaar", "in_.aadhaar", r"[2-9][0-9]{11}", _LUHN, "aadhaar aadhar"),
    _national("IN PAN", "in_.pan", r"[A-Z]{5}[0-9]{4}[A-Z]", 0.45, "pan"),
    _national(
        "IT codice fiscale",
        "it.codicefiscale",
        _FISCAL,
        _ALMOST_NEVER,
        "codicefiscale",
    ),
    _national("KR RRN", "kr.rrn", _DATE + r"[0-9]{7}", _LUHN, "rrn"),
    _national("MX CURP", "mx.curp", r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]", _ALMOST_NEVER, "curp"),
    _national("NL BSN", "nl.bsn", r"[0-9]{8,9}", _LUHN, "bsn burgerservicenummer"),
    _national("NO fødselsnummer", "no.fodselsnummer", r"[0-7][0-9]{10}", 0.01, "fodselsnummer fnr"),
    _national("PL PESEL", "pl.pesel", r"[0-9]{11}", _LUHN, "pesel"),
    _national("PT CC", "pt.cc", r"[0-9]{9}[A-Z0-9]{2}[0-9]", _LUHN, "cartaocidadao"),
    _national("RO CNP", "ro.cnp", r"[1-9][0-9]{12}", _LUHN, "cnp"),
    _national("SE personnummer", "se.personnummer", r"(?:19|20)?" + _DATE + r"[0-9]{4}", _LUHN, "personnummer"),
    _national("SI EMŠO", "si.emso", r"[0-3][0-9]{12}", _LUHN, "emso jmbg"),
    _national("TH PIN", "th.pin", r"[1-8][0-9]{12}", _LUHN, "thaiid"),
    _national("TR TCKN", "tr.tckimlik", r"[1-9][0-9]{10}", 0.01, "tckn tckimlik"),
    _national("US SSN", "us.ssn", r"[0-9]{9}", 0.9, "ssn", needs_hint=True),
    _national("ZA id", "za.idnr", _DATE + r"[0-9]{4}[01][0-9]{2}", _LUHN, "rsaid"),
)

RECOGNIZERS: tuple[Recognizer, ...] = (*_ANYWHERE, *_WHOLE)
