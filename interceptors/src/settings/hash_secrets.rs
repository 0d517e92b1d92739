//! The secrets of which HASH makes its keys.

use std::collections::HashMap;
use std::env::VarError;
use std::fmt;
use std::path::Path;

use policy_model::redaction::HASH_SECRET_BYTES_MIN;
use serde::Deserialize;

use super::entries::Entries;
use super::secret_access::SecretAccess;

/// Secrets by the names that policies call them by. They are never shown.
#[derive(Clone, Default)]
pub struct HashSecrets(HashMap<String, Vec<u8>>);

impl HashSecrets {
    /// The secret of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }
}

impl fmt::Debug for HashSecrets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.0.keys()).finish()
    }
}

/// Where a secret comes from.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SecretDocument {
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    environment: Option<String>,
}

/// The secrets; none, where they are left alone.
pub(super) fn check(documents: Entries<SecretDocument>, access: SecretAccess) -> Result<HashSecrets, String> {
    let mut secrets = HashMap::new();
    for (name, document) in documents {
        let secret = document.read(access).map_err(|what| format!("hashKeys[{name:?}]{what}"))?;
        secrets.extend(secret.map(|secret| (name, secret)));
    }
    Ok(HashSecrets(secrets))
}

impl SecretDocument {
    fn read(self, access: SecretAccess) -> Result<Option<Vec<u8>>, String> {
        let Some((place, secret)) = self.bytes(access)? else { return Ok(None) };
        match secret.len() {
            HASH_SECRET_BYTES_MIN.. => Ok(Some(secret)),
            length => Err(format!("{place}: {length} bytes; a secret has {HASH_SECRET_BYTES_MIN} or more")),
        }
    }

    /// The secret, whatever its length, and the member that says where it is; nothing, where it is left alone.
    pub(super) fn bytes(self, access: SecretAccess) -> Result<Option<(&'static str, Vec<u8>)>, String> {
        let (place, secret) = match (self.file, self.environment, access) {
            (Some(_), None, SecretAccess::Leave) | (None, Some(_), SecretAccess::Leave) => return Ok(None),
            (Some(path), None, SecretAccess::Read) => {
                let secret = std::fs::read(Path::new(&path)).map_err(|error| format!(".file: {path:?}: {error}"))?;
                (".file", secret)
            }
            (None, Some(name), SecretAccess::Read) => {
                // The library's own error would quote the secret.
                let secret = std::env::var(&name).map_err(|error| match error {
                    VarError::NotPresent => format!(".environment: {name:?} is not set"),
                    VarError::NotUnicode(_) => format!(".environment: {name:?} is not UTF-8"),
                })?;
                (".environment", secret.into_bytes())
            }
            (_, _, _) => return Err(": expected exactly one of file and environment".to_owned()),
        };
        // The line break that an editor or `echo` puts at the end is none of it.
        Ok(Some((place, secret.strip_suffix(b"\n").map(<[u8]>::to_vec).unwrap_or(secret))))
    }
}
