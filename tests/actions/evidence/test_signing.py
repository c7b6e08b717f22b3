"""Envelopes: bound to their statement and to a key. The command line of it is in tests/assay/verbs/test_pack.py."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_public_key

from actions.evidence import signing
from policy.pack import BUNDLE, ENVELOPE, STATEMENT
from policy.problems import UserProblem

SAID = b'{"a":1}'


@pytest.fixture
def key(tmp_path: Path) -> Path:
    made = ed25519.Ed25519PrivateKey.generate()
    (tmp_path / "key").write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "key.pub").write_bytes(made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return tmp_path / "key"


def test_a_signed_envelope_holds_for_its_key_and_its_statement(key: Path) -> None:
    files = {STATEMENT: SAID, ENVELOPE: signing.envelope(SAID, key)}
    public = key.with_suffix(".pub")
    assert signing.fault(files) is None and signing.fault(files, public) is None
    assert "another statement" in (signing.fault(files | {STATEMENT: b"{}"}, public) or "")
    assert signing.fault({STATEMENT: SAID, ENVELOPE: signing.envelope(SAID)}, public) == f"{ENVELOPE}: it is not signed"
    bundle = {"dsseEnvelope": {"payload": base64.b64encode(SAID).decode()}}
    assert signing.signers(files | {BUNDLE: b""})[1:] == ["an identity, by sigstore"]
    assert signing.fault(files | {BUNDLE: json.dumps(bundle).encode()}) is None
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(b"{}").decode()
    for bad in (json.dumps(bundle).encode(), b"", b"{}", b'{"dsseEnvelope":{"payload":1}}'):
        assert signing.fault(files | {BUNDLE: bad}) == f"{BUNDLE}: it holds another statement than {STATEMENT}"


def test_others_can_check_the_signature_by_what_dsse_says_alone(key: Path) -> None:
    envelope = json.loads(signing.envelope(SAID, key))
    kind = envelope["payloadType"].encode()
    signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(SAID), SAID)
    public = load_pem_public_key(key.with_suffix(".pub").read_bytes())
    assert isinstance(public, ed25519.Ed25519PublicKey)
    public.verify(base64.b64decode(envelope["signatures"][0]["sig"]), signed)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"payload":1,"payloadType":"x","signatures":[]}',
        b'{"payload":"","payloadType":"x","signatures":[{}]}',
    ],
)
def test_what_is_no_envelope_is_named(raw: bytes) -> None:
    said = signing.fault({STATEMENT: SAID, ENVELOPE: raw})
    assert said is not None and said.startswith(ENVELOPE)
    assert signing.fault({STATEMENT: SAID}) == f"{ENVELOPE}: it is not there"


def test_another_type_of_payload_under_the_same_signature_is_refused(key: Path) -> None:
    envelope = json.loads(signing.envelope(SAID, key)) | {"payloadType": "text/plain"}
    assert "another statement" in (signing.fault({STATEMENT: SAID, ENVELOPE: json.dumps(envelope).encode()}) or "")


def test_sigstore_is_not_asked_to_sign_what_it_does_not_take() -> None:
    with pytest.raises(UserProblem, match="sigstore does not take this statement"):
        signing.with_identity(SAID)
