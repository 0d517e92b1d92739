//! The key ring that signs development and test tokens.

use std::path::Path;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::key_directory;
use crate::signing_key::{KeyKind, SigningKey};

/// One key of the ring; its name is also its `kid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName {
    /// `es256`
    Es256,
    /// `es384`
    Es384,
    /// `rs256`, also for RS384, RS512 and PS256 to PS512.
    Rs256,
    /// `eddsa`
    EdDsa,
    /// `rs1024`, a constant test key.
    Rs1024,
    /// `other`, an ES256 key that is in no key set.
    Other,
    /// `twin`, an ES256 key that only the key set `duplicate` has, under the name `es256`.
    Twin,
}

impl KeyName {
    /// The name as written in `callers.json`.
    pub fn text(self) -> &'static str {
        match self {
            Self::Es256 => "es256",
            Self::Es384 => "es384",
            Self::Rs256 => "rs256",
            Self::EdDsa => "eddsa",
            Self::Rs1024 => "rs1024",
            Self::Other => "other",
            Self::Twin => "twin",
        }
    }

    /// The key so named.
    pub fn parse(text: &str) -> Option<Self> {
        KEY_NAMES.into_iter().find(|name| name.text() == text)
    }

    fn kind(self) -> KeyKind {
        match self {
            Self::Es256 | Self::Other | Self::Twin => KeyKind::P256,
            Self::Es384 => KeyKind::P384,
            Self::Rs256 => KeyKind::Rsa2048,
            Self::EdDsa => KeyKind::Ed25519,
            Self::Rs1024 => KeyKind::WeakRsa,
        }
    }
}

/// A set of public keys that settings can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySet {
    /// Every key but `other` and `twin`.
    Main,
    /// Only `es256`, marked as an encryption key.
    Marked,
    /// Two keys that both have the `kid` `es256`.
    Duplicate,
}

impl KeySet {
    /// The key set so named in `${jwks.<name>}`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "main" => Some(Self::Main),
            "marked" => Some(Self::Marked),
            "duplicate" => Some(Self::Duplicate),
            _ => None,
        }
    }
}

/// Every key there is.
#[derive(Debug)]
pub struct KeyRing {
    es256: SigningKey,
    es384: SigningKey,
    rs256: SigningKey,
    eddsa: SigningKey,
    other: SigningKey,
    twin: SigningKey,
    rs1024: SigningKey,
}

impl KeyRing {
    /// New keys that live as long as this process.
    pub fn generate() -> Result<Self, Failure> {
        Self::assemble(|name| {
            let pkcs8 = name.kind().generate().map_err(Failure::Run)?;
            SigningKey::parse(name.kind(), &pkcs8).map_err(Failure::Run)
        })
    }

    /// The keys of a directory, which is created on first use.
    pub fn open(directory: &Path) -> Result<Self, Failure> {
        Self::assemble(|name| {
            if name.kind() == KeyKind::WeakRsa {
                return SigningKey::parse(KeyKind::WeakRsa, &[]).map_err(Failure::Run);
            }
            let path = directory.join(format!("{}.pk8", name.text()));
            let pkcs8 = key_directory::read_or_create(&path, || name.kind().generate())?;
            SigningKey::parse(name.kind(), &pkcs8).map_err(|error| {
                let remedy = "delete it to have a new one";
                Failure::input(format!("cannot use the key file {}: {error}; {remedy}", path.display()))
            })
        })
    }

    fn assemble(key: impl Fn(KeyName) -> Result<SigningKey, Failure>) -> Result<Self, Failure> {
        Ok(Self {
            es256: key(KeyName::Es256)?,
            es384: key(KeyName::Es384)?,
            rs256: key(KeyName::Rs256)?,
            eddsa: key(KeyName::EdDsa)?,
            other: key(KeyName::Other)?,
            twin: key(KeyName::Twin)?,
            rs1024: key(KeyName::Rs1024)?,
        })
    }

    /// One key.
    pub fn key(&self, name: KeyName) -> &SigningKey {
        match name {
            KeyName::Es256 => &self.es256,
            KeyName::Es384 => &self.es384,
            KeyName::Rs256 => &self.rs256,
            KeyName::EdDsa => &self.eddsa,
            KeyName::Rs1024 => &self.rs1024,
            KeyName::Other => &self.other,
            KeyName::Twin => &self.twin,
        }
    }

    /// The public keys of a set as a JWKS document (RFC 7517 section 5).
    pub fn key_set(&self, set: KeySet) -> Value {
        let named = |name: KeyName| self.key(name).jwk(name.text());
        let keys = match set {
            KeySet::Main => MAIN_KEYS.into_iter().map(named).collect(),
            KeySet::Marked => {
                let mut key = named(KeyName::Es256);
                if let Some(purpose) = key.get_mut("use") {
                    *purpose = json!("enc");
                }
                vec![key]
            }
            KeySet::Duplicate => vec![named(KeyName::Es256), self.key(KeyName::Twin).jwk(KeyName::Es256.text())],
        };
        json!({ "keys": keys })
    }
}

/// The directory of development keys, under the current one.
pub const DEFAULT_KEY_DIRECTORY: &str = ".tenantgate/keys";

const KEY_NAMES: [KeyName; 7] =
    [KeyName::Es256, KeyName::Es384, KeyName::Rs256, KeyName::EdDsa, KeyName::Rs1024, KeyName::Other, KeyName::Twin];

const MAIN_KEYS: [KeyName; 5] = [KeyName::Es256, KeyName::Es384, KeyName::Rs256, KeyName::EdDsa, KeyName::Rs1024];

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::{KeyName, KeyRing, KeySet};

    #[test]
    fn two_processes_with_one_directory_agree() {
        let directory = tempfile::tempdir().unwrap();
        let keys = directory.path().join("a/keys");
        let (first, second) = (KeyRing::open(&keys).unwrap(), KeyRing::open(&keys).unwrap());
        assert_eq!(first.key_set(KeySet::Main), second.key_set(KeySet::Main));
        let mode = std::fs::metadata(keys.join("rs256.pk8")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_broken_key_file_is_named() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("es256.pk8"), "not a key").unwrap();
        let failure = KeyRing::open(directory.path()).unwrap_err().to_string();
        assert!(failure.contains("es256.pk8"), "{failure}");
    }

    #[test]
    fn the_sets_differ_as_their_names_say() {
        let ring = KeyRing::generate().unwrap();
        let main = ring.key_set(KeySet::Main);
        let kids: Vec<&str> = main["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap()).collect();
        assert_eq!(kids, ["es256", "es384", "rs256", "eddsa", "rs1024"]);
        assert_eq!(ring.key_set(KeySet::Marked)["keys"][0]["use"], "enc");
        let duplicate = ring.key_set(KeySet::Duplicate);
        assert_eq!(duplicate["keys"][0]["kid"], duplicate["keys"][1]["kid"]);
        assert_ne!(duplicate["keys"][0]["x"], duplicate["keys"][1]["x"]);
        assert!(!main.to_string().contains(ring.key(KeyName::Other).jwk("x")["x"].as_str().unwrap()));
    }
}
