import datetime
import ssl

import pytest

from tests.upstreams.scripted import Scripted


@pytest.fixture
def scripted():
    """`scripted(script)`: a running scripted upstream, ended with the test."""
    running = []

    def start(script, tls=None) -> Scripted:
        running.append(Scripted(script, tls).__enter__())
        return running[-1]

    yield start
    for server in running:
        server.__exit__()


@pytest.fixture
async def client():
    """The client, its connections closed before the test's loop ends."""
    from apps.upstreams import client

    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory) -> ssl.SSLContext:
    """A server's TLS with a certificate that nobody vouches for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture(scope="session")
def weights_file(tmp_path_factory):
    """The local model's real weights, fetched once; the test is skipped where they cannot be had."""
    import threading

    from django.test import override_settings

    from apps.upstreams import weights

    shared = tmp_path_factory.getbasetemp().parent / "local-model"
    with override_settings(DATA_DIR=shared):
        try:
            return weights.ensure(threading.Event())
        except weights.WeightsUnavailable as error:
            pytest.skip(str(error))
