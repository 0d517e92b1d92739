//! Minting of JSON Web Tokens, the forged and broken ones too.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::keys::{KeyName, KeyRing};
use crate::placeholder;
use crate::signing_key::{EcdsaForm, SigningKey};

/// How a caller's token is made; what is left out is as in a good token.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Caller {
    /// Which key signs.
    pub key: TokenKey,
    /// The algorithm named in the header, and signed with if the key can.
    pub alg: Option<String>,
    /// Merged over the header; `null` removes.
    pub header: Map<String, Value>,
    /// Merged over the default claims; `null` removes.
    pub claims: Map<String, Value>,
    /// The header's text, instead of all the above.
    pub raw_header: Option<String>,
    /// The claims' text, instead of all the above.
    pub raw_claims: Option<String>,
    /// What becomes of the signature.
    pub signature: SignatureForm,
}

/// What signs a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum TokenKey {
    /// A private key of the ring.
    Ring(KeyName),
    /// HMAC with the public bytes of `es256` as the secret, under its `kid`.
    HmacOfJwks,
    /// Nothing: `alg` is `none`, the signature empty, the `kid` that of `es256`.
    None,
}

/// What becomes of the signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignatureForm {
    /// As it should be.
    #[default]
    Valid,
    /// Not there, nor the dot before it.
    None,
    /// One bit is wrong.
    Corrupt,
    /// ASN.1 DER instead of two numbers; only for ECDSA keys.
    Der,
    /// Empty, after its dot.
    Empty,
    /// As many zero bytes as the right one has.
    Zero,
}

impl Default for TokenKey {
    fn default() -> Self {
        Self::Ring(KeyName::Es256)
    }
}

impl TryFrom<String> for TokenKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "hmac-of-jwks" => Ok(Self::HmacOfJwks),
            "none" => Ok(Self::None),
            name => KeyName::parse(name).map(Self::Ring).ok_or_else(|| {
                let known = "es256, es384, rs256, eddsa, rs1024, other, twin, hmac-of-jwks, none";
                format!("unknown key `{name}`; there are {known}")
            }),
        }
    }
}

/// Makes the compact token (RFC 7515 section 7.1) of one caller; `now` is in seconds since 1970.
pub fn mint(name: &str, caller: &Caller, ring: &KeyRing, now: u64) -> Result<String, String> {
    let signer = Signer::new(caller, ring);
    let header = match &caller.raw_header {
        Some(text) => raw_text(text, now)?,
        None => {
            let defaults = json!({"alg": signer.algorithm, "typ": "JWT", "kid": signer.kid});
            merged(defaults, &caller.header, now)
        }
    };
    let claims = match &caller.raw_claims {
        Some(text) => raw_text(text, now)?,
        None => merged(default_claims(name), &caller.claims, now),
    };
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    Ok(match signer.signature(caller.signature, signed.as_bytes())? {
        Some(signature) => format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)),
        None => signed,
    })
}

struct Signer<'a> {
    key: Option<&'a SigningKey>,
    secret: Option<Vec<u8>>,
    algorithm: String,
    kid: &'static str,
}

impl<'a> Signer<'a> {
    fn new(caller: &Caller, ring: &'a KeyRing) -> Self {
        let impersonated = KeyName::Es256;
        let (key, secret, natural, kid) = match caller.key {
            TokenKey::Ring(name) => (Some(ring.key(name)), None, ring.key(name).algorithm(), name),
            TokenKey::HmacOfJwks => (None, Some(ring.key(impersonated).public_bytes()), "HS256", impersonated),
            TokenKey::None => (None, None, "none", impersonated),
        };
        let algorithm = caller.alg.clone().unwrap_or_else(|| natural.to_owned());
        Self { key, secret, algorithm, kid: kid.text() }
    }

    fn signature(&self, form: SignatureForm, message: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let mut signature = self.sign(EcdsaForm::Fixed, message)?;
        match form {
            SignatureForm::Valid => Ok(Some(signature)),
            SignatureForm::None => Ok(None),
            SignatureForm::Empty => Ok(Some(Vec::new())),
            SignatureForm::Zero => Ok(Some(vec![0; signature.len()])),
            SignatureForm::Corrupt => {
                let first = signature.first_mut().ok_or("`signature` is `corrupt`, but this key signs nothing")?;
                *first ^= 1;
                Ok(Some(signature))
            }
            SignatureForm::Der => match self.key {
                Some(SigningKey::P256(_) | SigningKey::P384(_)) => self.sign(EcdsaForm::Der, message).map(Some),
                Some(SigningKey::Rsa(_) | SigningKey::Ed25519(_) | SigningKey::WeakRsa) | None => {
                    Err("`signature` is `der`, but this is no ECDSA key".to_owned())
                }
            },
        }
    }

    fn sign(&self, form: EcdsaForm, message: &[u8]) -> Result<Vec<u8>, String> {
        match (self.key, &self.secret) {
            (Some(key), _) => key.sign(&self.algorithm, form, message),
            (None, Some(secret)) => Ok(hmac::sign(&self.hmac_key(secret), message).as_ref().to_vec()),
            (None, None) => Ok(Vec::new()),
        }
    }

    fn hmac_key(&self, secret: &[u8]) -> hmac::Key {
        let algorithm = match self.algorithm.as_str() {
            "HS384" => hmac::HMAC_SHA384,
            "HS512" => hmac::HMAC_SHA512,
            _ => hmac::HMAC_SHA256,
        };
        hmac::Key::new(algorithm, secret)
    }
}

fn default_claims(name: &str) -> Value {
    json!({
        "iss": DEFAULT_ISSUER, "aud": DEFAULT_AUDIENCE, "sub": name, TENANT_CLAIM: "acme",
        "iat": "${now}", "exp": "${now+600}", "roles": [],
    })
}

fn merged(mut defaults: Value, changes: &Map<String, Value>, now: u64) -> String {
    if let Some(members) = defaults.as_object_mut() {
        for (name, value) in changes {
            if value.is_null() {
                members.remove(name);
            } else {
                members.insert(name.clone(), value.clone());
            }
        }
    }
    timed(defaults, now).to_string()
}

/// Strings that are a time placeholder become numbers.
fn timed(value: Value, now: u64) -> Value {
    match value {
        Value::String(text) => {
            let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            name.and_then(|name| placeholder::time(name, now)).map_or(Value::String(text), Value::from)
        }
        Value::Array(values) => values.into_iter().map(|value| timed(value, now)).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, timed(value, now))).collect(),
        value @ (Value::Null | Value::Bool(_) | Value::Number(_)) => value,
    }
}

fn raw_text(text: &str, now: u64) -> Result<String, String> {
    placeholder::expand_text(text, |name| Ok(placeholder::time(name, now).map(|time| time.to_string())))
}

/// The issuer of fixture and development tokens.
pub const DEFAULT_ISSUER: &str = "https://issuer.example/main";
/// The audience of fixture and development tokens.
pub const DEFAULT_AUDIENCE: &str = "https://gateway.example";
/// The claim of fixture and development tokens that names the tenant.
pub const TENANT_CLAIM: &str = "custom:tenant_id";

#[cfg(test)]
mod tests;
