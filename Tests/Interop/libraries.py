"""JOSE and SD-JWT libraries nobody here wrote, each used the way its own documentation shows, with nothing added.

A reader is given the token, the right public key, the names of the algorithm that belongs to it, and our name where the library
asks for one. It gives the claims, or raises.
"""

import json
import warnings
from dataclasses import dataclass
from importlib.metadata import version

import cryptojwt.jwk.jwk
import cryptojwt.jws.jws
import jose.jwt
import jwskate
import jwt
from joserfc import jwe as joserfc_jwe
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey, OKPKey
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT
from openvc import signing_key_from_jwk
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from sd_jwt.holder import SDJWTHolder
from sd_jwt.verifier import SDJWTVerifier

from programs import b64, unb64

with warnings.catch_warnings():
    # It asks to be replaced by joserfc; companies still use it.
    warnings.simplefilter("ignore")
    import authlib.jose

SEALED = ["ECDH-ES", "A256GCM"]


@dataclass
class Library:
    """What a library can do; None: nothing of the kind."""

    package: str
    read: object = None
    sign: object = None
    read_sd: object = None
    open: object = None
    seal: object = None
    algorithms: tuple = ("EdDSA", "Ed25519", "ES256")

    @property
    def name(self):
        return f"{self.package} {version(self.package)}"


def algorithms(jwk):
    return {"Ed25519": ["EdDSA", "Ed25519"], "P-256": ["ES256"]}[jwk["crv"]]


def rest(header):
    return {name: value for name, value in header.items() if name != "alg"}


# MARK: joserfc


def joserfc_key(jwk):
    return (ECKey if jwk["kty"] == "EC" else OKPKey).import_key(jwk)


def joserfc_read(token, jwk, aud):
    found = joserfc_jwt.decode(token, joserfc_key(jwk), algorithms=algorithms(jwk))
    joserfc_jwt.JWTClaimsRegistry(aud={"value": aud} if aud else {}).validate(found.claims)
    return found.claims


def joserfc_sign(header, claims, secret):
    return joserfc_jwt.encode(header, claims, joserfc_key(secret), algorithms=[header["alg"]])


def joserfc_open(token, secret):
    return joserfc_jwe.decrypt_compact(token, OKPKey.import_key(secret), algorithms=SEALED).plaintext.decode()


def joserfc_seal(text, header, jwk):
    return joserfc_jwe.encrypt_compact(header, text.encode(), OKPKey.import_key(jwk), algorithms=SEALED)


# MARK: PyJWT


def pyjwt_read(token, jwk, aud):
    return jwt.decode(
        token, jwt.PyJWK.from_dict(jwk).key, algorithms=algorithms(jwk), audience=aud, options={} if aud else {"verify_aud": False})


def pyjwt_sign(header, claims, secret):
    return jwt.encode(claims, jwt.PyJWK.from_dict(secret).key, algorithm=header["alg"], headers=rest(header))


# MARK: jwcrypto


def jwcrypto_read(token, jwk, aud):
    found = JWT(jwt=token, key=JWK(**jwk), algs=algorithms(jwk), check_claims={"aud": aud} if aud else None)
    return json.loads(found.claims)


def jwcrypto_sign(header, claims, secret):
    made = JWT(header=header, claims=claims)
    made.make_signed_token(JWK(**secret))
    return made.serialize()


def jwcrypto_open(token, secret):
    box = JWE()
    box.allowed_algs = SEALED
    box.deserialize(token, JWK(**secret))
    return box.payload.decode()


def jwcrypto_seal(text, header, jwk):
    return JWE(text.encode(), json.dumps(header), recipient=JWK(**jwk)).serialize(compact=True)


# MARK: Authlib


def authlib_read(token, jwk, aud):
    key = authlib.jose.JsonWebKey.import_key(jwk)
    found = authlib.jose.JsonWebToken(algorithms(jwk)).decode(token, key, claims_options={"aud": {"value": aud}} if aud else None)
    found.validate()
    return dict(found)


def authlib_sign(header, claims, secret):
    key = authlib.jose.JsonWebKey.import_key(secret)
    return authlib.jose.JsonWebToken([header["alg"]]).encode(header, claims, key).decode()


def authlib_open(token, secret):
    return authlib.jose.JsonWebEncryption(SEALED).deserialize_compact(token, authlib.jose.OKPKey.import_key(secret))["payload"].decode()


def authlib_seal(text, header, jwk):
    return authlib.jose.JsonWebEncryption(SEALED).serialize_compact(header, text.encode(), authlib.jose.OKPKey.import_key(jwk)).decode()


# MARK: jwskate


def jwskate_read(token, jwk, aud):
    found = jwskate.SignedJwt(token)
    found.validate(key=jwskate.Jwk(jwk), algs=algorithms(jwk), audience=aud)
    return dict(found.claims)


def jwskate_sign(header, claims, secret):
    return str(jwskate.Jwt.sign(claims, jwskate.Jwk(secret), alg=header["alg"], typ=header["typ"], extra_headers={"kid": header["kid"]}))


def jwskate_open(token, secret):
    return jwskate.JweCompact(token).decrypt(jwskate.Jwk(secret), alg="ECDH-ES").decode()


def jwskate_seal(text, header, jwk):
    extra = {name: header[name] for name in ("kid", "typ", "cty")}
    return str(jwskate.JweCompact.encrypt(text.encode(), jwskate.Jwk(jwk), alg="ECDH-ES", enc="A256GCM", extra_headers=extra))


# MARK: cryptojwt


def cryptojwt_read(token, jwk, aud):
    key = cryptojwt.jwk.jwk.key_from_jwk_dict(jwk)
    return cryptojwt.jws.jws.factory(token).verify_compact(token, [key])


def cryptojwt_sign(header, claims, secret):
    key = cryptojwt.jwk.jwk.key_from_jwk_dict(secret)
    return cryptojwt.jws.jws.JWS(json.dumps(claims), **header).sign_compact([key])


# MARK: python-jose (no Ed25519)


def python_jose_read(token, jwk, aud):
    return jose.jwt.decode(token, jwk, algorithms=algorithms(jwk), audience=aud, options={} if aud else {"verify_aud": False})


def python_jose_sign(header, claims, secret):
    return jose.jwt.encode(claims, secret, algorithm=header["alg"], headers=rest(header))


# MARK: sd-jwt, openvc-core


def sd_jwt_read(token, jwk, aud, nonce):
    key = JWK(**jwk)
    return SDJWTVerifier(token, lambda issuer, header: key, aud if nonce else None, nonce).get_verified_payload()


def openvc_read(token, jwk, aud, nonce):
    return SdJwtVcProofSuite().verify(token, public_key_jwk=jwk, audience=aud, nonce=nonce, require_key_binding=nonce is not None).claims


def openvc_sign(header, claims, secret):
    """The issuer-signed part alone: this profile's digests stand below `data`, where its issuer puts none."""
    claims = {name: value for name, value in claims.items() if name != "vct"} | {"vct": claims["vct"]}
    return SdJwtVcProofSuite().issue(claims, signing_key=signing_key_from_jwk(secret, header["kid"])).split("~")[0]


LIBRARIES = [
    Library("joserfc", joserfc_read, joserfc_sign, None, joserfc_open, joserfc_seal),
    Library("PyJWT", pyjwt_read, pyjwt_sign),
    Library("jwcrypto", jwcrypto_read, jwcrypto_sign, None, jwcrypto_open, jwcrypto_seal),
    Library("Authlib", authlib_read, authlib_sign, None, authlib_open, authlib_seal),
    Library("jwskate", jwskate_read, jwskate_sign, None, jwskate_open, jwskate_seal),
    Library("cryptojwt", cryptojwt_read, cryptojwt_sign),
    Library("python-jose", python_jose_read, python_jose_sign, algorithms=("ES256",)),
    Library("sd-jwt", None, None, sd_jwt_read),
    Library("openvc-core", None, None, openvc_read),
]


def bound_by_sd_jwt(token: str, secret, nonce, aud):
    """A presentation made by the holder of the sd-jwt package, every attribute disclosed."""
    holder = SDJWTHolder(token)
    names = [json.loads(unb64(text))[1] for text in token.split("~")[1:-1]]
    holder.create_presentation({"attributes": {name: True for name in names}}, nonce, aud, JWK(**secret), sign_alg="EdDSA")
    return holder.sd_jwt_presentation


def bound_by_openvc(token: str, secret, nonce, aud):
    key = signing_key_from_jwk(secret, "holder")
    return SdJwtVcProofSuite().create_presentation(token, holder_key=key, audience=aud, nonce=nonce)
