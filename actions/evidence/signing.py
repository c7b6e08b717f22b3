"""The DSSE envelope around a pack's statement: signed with a key, or with the identity that sigstore finds on GitHub."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policy.facts.reading import strict_json
from policy.pack import BUNDLE, ENVELOPE, STATEMENT
from policy.problems import OutsideProblem, UserProblem

_PAYLOAD_TYPE = "application/vnd.in-toto+json"
_INSTALL = "Install assay[evidence]"
_KINDS = "Name an ed25519 or ECDSA key in PEM, without a password"


def envelope(statement: bytes, key: Path | None = None) -> bytes:
    """The envelope as a file, signed where there is a key (a private one, ed25519 or ECDSA in PEM).

    Raises UserProblem where the key is none, or securesystemslib is missing.
    """
    dsse, signer = _library()
    made = dsse.Envelope(statement, _PAYLOAD_TYPE, {})
    if key is not None:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            private = load_pem_private_key(_bytes(key), password=None)
            made.sign(signer.CryptoSigner(private, _public(private.public_key(), key)))
        except (ValueError, TypeError) as error:
            raise UserProblem(f"this is no key to sign with ({_line(error)})", str(key), _KINDS) from None
    return json.dumps(made.to_dict(), sort_keys=True).encode() + b"\n"


def with_identity(statement: bytes) -> bytes:
    """A sigstore bundle over the statement, signed with the identity that the job has on GitHub. Needs the network.

    Raises UserProblem where there is no identity or sigstore is missing, OutsideProblem where sigstore does not sign.
    """
    try:
        from sigstore.dsse import Statement
        from sigstore.models import ClientTrustConfig
        from sigstore.oidc import IdentityToken, detect_credential
        from sigstore.sign import SigningContext
    except ModuleNotFoundError as error:
        raise UserProblem(f"signing needs {error.name}", "assay audit pack --sign", _INSTALL) from None
    try:
        said = Statement(statement)
    except Exception as error:  # sigstore's errors have no name that all of its versions share
        what = f"sigstore does not take this statement ({_line(error)})"
        raise UserProblem(what, "--sign", "It wants the model's SHA-256, which registering notes; or sign with --key") from None
    try:
        token = detect_credential()
        if token is None:
            advice = "Run in a job of GitHub's with `permissions: id-token: write`, or sign with --key"
            raise UserProblem("there is no identity to sign with here", "--sign", advice)
        context = SigningContext.from_trust_config(ClientTrustConfig.production())
        with context.signer(IdentityToken(token)) as signer:
            return str(signer.sign_dsse(said).to_json()).encode() + b"\n"
    except UserProblem:
        raise
    except Exception as error:
        raise OutsideProblem(f"sigstore did not sign ({_line(error)})", "--sign", "Try again, or sign with --key") from None


def fault(files: Mapping[str, bytes], key: Path | None = None) -> str | None:
    """The first thing that does not fit between statement and envelope, in words. With a key (a public one), one of the
    signatures has to be its.

    Raises UserProblem where the key is none, or securesystemslib is missing.
    """
    found = _opened(files)
    if isinstance(found, str):
        return found
    if found.payload != files.get(STATEMENT) or found.payload_type != _PAYLOAD_TYPE:
        return f"{ENVELOPE}: it holds another statement than {STATEMENT}"
    if BUNDLE in files and _bundled(files[BUNDLE]) != files[STATEMENT]:
        return f"{BUNDLE}: it holds another statement than {STATEMENT}"
    return _unsigned(found, key) if key else None


def _unsigned(found: Any, key: Path) -> str | None:
    """Why an envelope is not signed by a key, if it is not."""
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        public = _public(load_pem_public_key(_bytes(key)), key)
    except (ValueError, TypeError) as error:
        raise UserProblem(f"this is no key to check with ({_line(error)})", str(key), "Name the public key, in PEM") from None
    if not found.signatures:
        return f"{ENVELOPE}: it is not signed"
    if public.keyid not in found.signatures:
        return f"{ENVELOPE}: it is signed by another key ({', '.join(found.signatures)[:80]}), not by {public.keyid[:12]}"
    from securesystemslib.exceptions import VerificationError

    try:
        found.verify([public], 1)
    except VerificationError:
        return f"{ENVELOPE}: the signature does not hold"
    return None


def _bundled(raw: bytes) -> bytes | None:
    """The statement in a bundle of sigstore's; None where there is none."""
    try:
        return base64.b64decode(strict_json(raw, BUNDLE)["dsseEnvelope"]["payload"], validate=True)
    except (UserProblem, ValueError, KeyError, TypeError):
        return None


def signers(files: Mapping[str, bytes]) -> list[str]:
    """By which keys the envelope says that it is signed, and whether a bundle of sigstore's is there; nothing is checked."""
    found = _opened(files)
    keys = [] if isinstance(found, str) else [f"key {each[:12]}" for each in found.signatures]
    return [*keys, *(["an identity, by sigstore"] if BUNDLE in files else [])]


def _opened(files: Mapping[str, bytes]) -> Any:
    """The envelope, or what is wrong with it."""
    dsse, _ = _library()
    if ENVELOPE not in files:
        return f"{ENVELOPE}: it is not there"
    try:
        return dsse.Envelope.from_dict(strict_json(files[ENVELOPE], ENVELOPE))
    except (UserProblem, ValueError, KeyError, TypeError, AttributeError):
        return f"{ENVELOPE}: it is no DSSE envelope"
    except Exception as error:  # securesystemslib's FormatError has no base of its own that is public
        return f"{ENVELOPE}: it is no DSSE envelope ({_line(error)})"


def _public(key: Any, where: Path) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not isinstance(key, Ed25519PublicKey | EllipticCurvePublicKey):
        raise UserProblem("a key of this kind is not used here", str(where), _KINDS)
    return _library()[1].SSlibKey.from_crypto(key)


def _library() -> tuple[Any, Any]:
    try:
        import cryptography  # noqa: F401 - what securesystemslib signs with, and imports late
        from securesystemslib import dsse, signer
    except ModuleNotFoundError as error:
        raise UserProblem(f"an evidence pack needs {error.name}", "assay audit pack", _INSTALL) from None
    return dsse, signer


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserProblem(f"the key cannot be read ({error.strerror})", str(path), _KINDS) from None


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
