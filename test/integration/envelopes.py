"""DSSE envelopes and in-toto statements as other people's libraries see them.

envelopes.py verify ENVELOPE PUBLIC_KEY   who signed, and what the statement says; exit 1 when nobody did
envelopes.py sign ENVELOPE PRIVATE_KEY    the envelope's payload in an envelope of securesystemslib's making
envelopes.py keygen                       a new private key
"""

import hashlib
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey


def read(path):
    with open(path, "rb") as file:
        return file.read()


def key_of(public):
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return SSlibKey(hashlib.sha256(raw).hexdigest(), "ed25519", "ed25519", {"public": raw.hex()})


def verify(envelope_path, key_path):
    envelope = Envelope.from_dict(json.loads(read(envelope_path)))
    try:
        signers = list(envelope.verify([key_of(load_pem_public_key(read(key_path)))], 1))
    except VerificationError as error:
        print(error)
        return 1
    statement = json_format.Parse(envelope.payload, statement_pb2.Statement())
    Statement.copy_from_pb(statement).validate()
    predicate = json_format.MessageToDict(statement.predicate)
    # Refuses members that SLSA provenance v1 does not have.
    provenance = json_format.ParseDict(predicate, provenance_pb2.Provenance())
    report = {
        "signers": signers,
        "subjects": {subject.name: subject.digest["sha256"] for subject in statement.subject},
        "predicate_type": statement.predicate_type,
        "parameters": json_format.MessageToDict(provenance.build_definition.external_parameters),
        "dependencies": {each.name: dict(each.digest) for each in provenance.build_definition.resolved_dependencies},
    }
    print(json.dumps(report))
    return 0


def sign(envelope_path, key_path):
    private = load_pem_private_key(read(key_path), None)
    envelope = Envelope.from_dict(json.loads(read(envelope_path)))
    envelope.signatures.clear()
    envelope.sign(CryptoSigner(private, key_of(private.public_key())))
    print(json.dumps(envelope.to_dict()))
    return 0


def keygen():
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    print(pem.decode())
    return 0


if __name__ == "__main__":
    verbs = {"verify": verify, "sign": sign, "keygen": keygen}
    sys.exit(verbs[sys.argv[1]](*sys.argv[2:]))
