//! One key of the `tenantContext` part.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use serde::Deserialize;

use super::{ContextKeySource, RemoteKey};
use crate::settings::document::check_url;
use crate::settings::secret_access::SecretAccess;
use crate::tenant_context::{Arn, InvalidArn, PrivateKey};

/// A key as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct KeyDocument {
    kid: String,
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    environment: Option<String>,
    #[serde(default)]
    secrets_manager: Option<String>,
    #[serde(default)]
    kms: Option<String>,
    #[serde(default)]
    endpoint_url: Option<String>,
}

impl KeyDocument {
    /// Its id and where it is; only its id, where it is left alone.
    pub(super) fn check(self, access: SecretAccess) -> Result<(String, Option<ContextKeySource>), String> {
        let is_id = (1..=KEY_ID_BYTES_MAX).contains(&self.kid.len())
            && self.kid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if !is_id {
            return Err(format!(".kid: {:?} is not 1 to {KEY_ID_BYTES_MAX} of A-Z a-z 0-9 . _ -", self.kid));
        }
        let endpoint_url = self.endpoint_url.as_deref().map(check_url).transpose();
        let endpoint_url = endpoint_url.map_err(|what| format!(".endpointUrl: {what}"))?;
        let remote = |place: &str, arn: Result<Arn, InvalidArn>, text: &str| match arn {
            Ok(arn) => Ok(RemoteKey { arn, endpoint_url: endpoint_url.clone() }),
            Err(InvalidArn(expected)) => Err(format!("{place}: {text:?} is not {expected}")),
        };
        let source = match (&self.file, &self.environment, &self.secrets_manager, &self.kms) {
            (Some(_), None, None, None) | (None, Some(_), None, None) if endpoint_url.is_some() => {
                return Err(".endpointUrl: only for secretsManager and kms; this key is asked for nowhere".to_owned());
            }
            (Some(path), None, None, None) => match access {
                SecretAccess::Read => Some(given(".file", path, read_file(path))?),
                SecretAccess::Leave => None,
            },
            (None, Some(name), None, None) => match access {
                SecretAccess::Read => {
                    Some(given(".environment", name, std::env::var(name).map_err(|error| unset(&error)))?)
                }
                SecretAccess::Leave => None,
            },
            (None, None, Some(arn), None) => {
                left(access, ContextKeySource::SecretsManager(remote(".secretsManager", Arn::of_secret(arn), arn)?))
            }
            (None, None, None, Some(arn)) => {
                left(access, ContextKeySource::Kms(remote(".kms", Arn::of_kms_key(arn), arn)?))
            }
            (_, _, _, _) => {
                return Err(": expected exactly one of file, environment, secretsManager and kms".to_owned());
            }
        };
        Ok((self.kid, source))
    }
}

/// The source, unless it is left alone.
fn left(access: SecretAccess, source: ContextKeySource) -> Option<ContextKeySource> {
    match access {
        SecretAccess::Read => Some(source),
        SecretAccess::Leave => None,
    }
}

fn given(place: &str, name: &str, text: Result<String, String>) -> Result<ContextKeySource, String> {
    let text = text.map_err(|what| format!("{place}: {name:?}: {what}"))?;
    let key = PrivateKey::parse(&text).map_err(|invalid| format!("{place}: {name:?}: {}", invalid.0))?;
    Ok(ContextKeySource::Given(Arc::new(key)))
}

fn read_file(path: &str) -> Result<String, String> {
    let mut text = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(FILE_BYTES_MAX).read_to_end(&mut text).map_err(|error| error.to_string())?;
    String::from_utf8(text).map_err(|_| "not a text".to_owned())
}

/// The error's own text would show a value that is no Unicode.
fn unset(error: &std::env::VarError) -> String {
    match error {
        std::env::VarError::NotPresent => "not set".to_owned(),
        std::env::VarError::NotUnicode(_) => "not a text".to_owned(),
    }
}

const KEY_ID_BYTES_MAX: usize = 128;

/// So much of a file is read: more than a key may have.
const FILE_BYTES_MAX: u64 = 16 * 1024 + 1;
