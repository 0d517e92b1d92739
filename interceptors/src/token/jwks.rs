//! An issuer's public keys (RFC 7517): which of them may verify what.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use policy_model::json::{self, Kind, Value};

use super::parts::parse_algorithm;

/// The usable keys of a JWKS document.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    keys: Vec<Key>,
}

#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    /// Whose tokens it may sign, where its issuer says so.
    issuer: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

/// A text that is not a JWKS document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidKeySet(pub &'static str);

impl KeySet {
    /// Reads a JWKS document. Keys that may not verify (another use, weak, of an unknown type, sharing their id) are left out.
    ///
    /// # Errors
    /// The document is not `{"keys": [..]}`.
    pub fn parse(document: &[u8]) -> Result<KeySet, InvalidKeySet> {
        if document.len() > KEY_SET_BYTES_MAX {
            return Err(InvalidKeySet("longer than 256 KiB"));
        }
        let document = json::parse(document).map_err(|_| InvalidKeySet("not JSON"))?;
        let root = document.root();
        if root.duplicate_name().is_some() {
            return Err(InvalidKeySet("a member stands twice"));
        }
        let list = root.get("keys").filter(|keys| keys.kind() == Kind::Array);
        let list: Vec<Value<'_>> = list.ok_or(InvalidKeySet("expected {\"keys\": [..]}"))?.elements().collect();
        if list.len() > KEYS_MAX {
            return Err(InvalidKeySet("more than 100 keys"));
        }
        let ids: Vec<Option<Cow<'_, str>>> = list.iter().map(|key| key.get("kid").and_then(Value::as_str)).collect();
        let is_own = |id: &Option<Cow<'_, str>>| id.is_none() || ids.iter().filter(|other| *other == id).count() == 1;
        let own = list.iter().zip(&ids).filter(|(_, id)| is_own(id));
        Ok(KeySet { keys: own.filter_map(|(key, _)| Key::parse(*key)).collect() })
    }

    /// The one key that may verify a token with this header. A token without key id needs an issuer with a single key.
    pub fn find(&self, key_id: Option<&str>, algorithm: Algorithm) -> Option<&DecodingKey> {
        let key = match (key_id, self.keys.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (Some(_), keys) => keys.iter().find(|key| key.id.as_deref() == key_id),
        };
        key.filter(|key| key.algorithms.contains(&algorithm)).map(|key| &key.key)
    }

    /// The keys that may sign tokens of an issuer: Entra ID marks those of one directory, or of any (`{tenantid}`), in the member
    /// `issuer` of a key.
    pub(super) fn of_issuer(self, issuer: &str) -> KeySet {
        let is_own = |key: &Key| key.issuer.as_deref().is_none_or(|own| is_of(own, issuer));
        KeySet { keys: self.keys.into_iter().filter(is_own).collect() }
    }

    /// How many of them may verify signatures of one of these algorithms.
    pub fn count_for(&self, algorithms: &[Algorithm]) -> usize {
        let may_verify = |key: &&Key| key.algorithms.iter().any(|own| algorithms.contains(own));
        self.keys.iter().filter(may_verify).count()
    }

    /// Whether there is no usable key.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl Key {
    fn parse(jwk: Value<'_>) -> Option<Key> {
        let id = match jwk.get("kid") {
            None => None,
            Some(id) => Some(id.as_str()?.into_owned()),
        };
        let issuer = match jwk.get("issuer") {
            None => None,
            Some(issuer) => Some(issuer.as_str()?.into_owned()),
        };
        if jwk.get("use").is_some_and(|purpose| !purpose.is_str("sig")) || !may_verify(jwk) {
            return None;
        }
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let curve = text("crv");
        let (algorithms, key): (&[Algorithm], DecodingKey) = match (text("kty")?.as_ref(), curve.as_deref()) {
            ("RSA", None) => (RSA, rsa(&text("n")?, &text("e")?)?),
            ("EC", Some("P-256")) => (&[Algorithm::ES256], elliptic(&text("x")?, &text("y")?, 32)?),
            ("EC", Some("P-384")) => (&[Algorithm::ES384], elliptic(&text("x")?, &text("y")?, 48)?),
            ("OKP", Some("Ed25519")) => (&[Algorithm::EdDSA], edwards(&text("x")?)?),
            _ => return None,
        };
        let algorithms: Vec<Algorithm> = match jwk.get("alg") {
            None => algorithms.to_vec(),
            Some(only) => {
                let only = parse_algorithm(&only.as_str()?)?;
                algorithms.iter().copied().filter(|algorithm| *algorithm == only).collect()
            }
        };
        (!algorithms.is_empty()).then_some(Key { id, issuer, algorithms, key })
    }
}

/// Whether two names are of one directory. Version 1 and 2 of Entra's tokens have one set of keys and names of their own.
fn is_of(own: &str, issuer: &str) -> bool {
    let directory = |name: &str| {
        let name = name.trim_end_matches('/');
        name.strip_suffix("/v2.0").unwrap_or(name).rsplit('/').next().unwrap_or_default().to_owned()
    };
    own == issuer || directory(own) == ANY_DIRECTORY || directory(own) == directory(issuer)
}

/// Stands for every directory.
const ANY_DIRECTORY: &str = "{tenantid}";

fn may_verify(jwk: Value<'_>) -> bool {
    match jwk.get("key_ops") {
        None => true,
        Some(operations) => operations.elements().any(|operation| operation.is_str("verify")),
    }
}

/// 2,048 bits or more: less is not accepted by RFC 7518, section 3.3. More than 8,192 only costs time.
fn rsa(modulus: &str, exponent: &str) -> Option<DecodingKey> {
    let modulus = decode(modulus)?;
    let exponent = decode(exponent)?;
    let leading = modulus.iter().position(|byte| *byte != 0)?;
    let bits = (modulus.len() - leading) * 8 - modulus.get(leading)?.leading_zeros() as usize;
    let is_odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
    let is_one = exponent.iter().rev().skip(1).all(|byte| *byte == 0) && exponent.last() == Some(&1);
    let is_usable = (2048..=8192).contains(&bits) && is_odd && !is_one && exponent.len() <= 8;
    is_usable.then(|| DecodingKey::from_rsa_raw_components(modulus.get(leading..).unwrap_or_default(), &exponent))
}

fn elliptic(x: &str, y: &str, bytes: usize) -> Option<DecodingKey> {
    let is_coordinate = |text: &str| decode(text).is_some_and(|coordinate| coordinate.len() == bytes);
    if is_coordinate(x) && is_coordinate(y) { DecodingKey::from_ec_components(x, y).ok() } else { None }
}

fn edwards(x: &str) -> Option<DecodingKey> {
    if decode(x)?.len() == 32 { DecodingKey::from_ed_components(x).ok() } else { None }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

const RSA: &[Algorithm] =
    &[Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256, Algorithm::PS384, Algorithm::PS512];

/// Longest JWKS document, in bytes.
pub(super) const KEY_SET_BYTES_MAX: usize = 256 * 1024;

/// Most keys in a JWKS document.
const KEYS_MAX: usize = 100;
