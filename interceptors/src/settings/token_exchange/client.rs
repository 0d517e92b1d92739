//! As whom the endpoint is asked: client and actor.

use std::sync::Arc;

use serde::Deserialize;

use super::target::{check_name, check_scopes};
use super::{ActorSettings, ClientAuthentication, Secret, TokenType, is_printable};
use crate::settings::hash_secrets::SecretDocument;
use crate::settings::secret_access::SecretAccess;
use crate::token_exchange::{SigningKey, is_b64token};

/// The `client` member as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ClientDocument {
    id: String,
    authentication: AuthenticationWord,
    #[serde(default)]
    secret: Option<SecretDocument>,
    #[serde(default)]
    private_key: Option<SecretDocument>,
    #[serde(default)]
    key_id: Option<String>,
}

/// The word for a [`ClientAuthentication`].
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum AuthenticationWord {
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

/// The `actor` member as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ActorDocument {
    #[serde(default)]
    client_credentials: Option<ClientCredentialsDocument>,
    #[serde(default)]
    token: Option<SecretDocument>,
    #[serde(default)]
    token_type: Option<TokenType>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClientCredentialsDocument {
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    audience: Option<String>,
}

impl ClientDocument {
    /// Id and authentication; no authentication, where secrets are left alone.
    pub(super) fn check(self, access: SecretAccess) -> Result<(String, Option<ClientAuthentication>), String> {
        if !is_printable(&self.id, NAME_BYTES_MAX) {
            return Err(format!(".id: not 1 to {NAME_BYTES_MAX} printable ASCII characters"));
        }
        let secret = |document| check_secret(document, access).map_err(|what| format!(".secret{what}"));
        let authentication = match (self.authentication, self.secret, self.private_key, self.key_id) {
            (AuthenticationWord::ClientSecretBasic, Some(document), None, None) => {
                secret(document)?.map(ClientAuthentication::SecretBasic)
            }
            (AuthenticationWord::ClientSecretPost, Some(document), None, None) => {
                secret(document)?.map(ClientAuthentication::SecretPost)
            }
            (AuthenticationWord::PrivateKeyJwt, None, Some(document), key_id) => {
                if key_id.as_deref().is_some_and(|id| !is_printable(id, NAME_BYTES_MAX)) {
                    return Err(format!(".keyId: not 1 to {NAME_BYTES_MAX} printable ASCII characters"));
                }
                let key = check_key(document, access).map_err(|what| format!(".privateKey{what}"))?;
                key.map(|key| ClientAuthentication::PrivateKeyJwt { key: Arc::new(key), key_id })
            }
            (AuthenticationWord::ClientSecretBasic | AuthenticationWord::ClientSecretPost, _, _, _) => {
                return Err(": this authentication takes secret, and neither privateKey nor keyId".to_owned());
            }
            (AuthenticationWord::PrivateKeyJwt, _, _, _) => {
                return Err(": PRIVATE_KEY_JWT takes privateKey, keyId if there is one, and no secret".to_owned());
            }
        };
        Ok((self.id, authentication))
    }
}

impl ActorDocument {
    /// The actor; none, where its secret is left alone.
    pub(super) fn check(self, access: SecretAccess) -> Result<Option<ActorSettings>, String> {
        match (self.client_credentials, self.token, self.token_type) {
            (Some(document), None, None) => {
                let place = ".clientCredentials";
                check_scopes(&document.scopes).map_err(|what| format!("{place}{what}"))?;
                check_name(document.audience.as_deref()).map_err(|what| format!("{place}.audience: {what}"))?;
                let (scopes, audience) = (document.scopes, document.audience);
                Ok(Some(ActorSettings::ClientCredentials { scopes, audience }))
            }
            (None, Some(document), kind) => {
                let token = check_secret(document, access).map_err(|what| format!(".token{what}"))?;
                let Some(token) = token else { return Ok(None) };
                if !is_b64token(token.expose()) {
                    return Err(".token: not a token of A-Z a-z 0-9 - . _ ~ + / with = at the end".to_owned());
                }
                Ok(Some(ActorSettings::Token { token, kind: kind.unwrap_or(TokenType::AccessToken) }))
            }
            (_, _, _) => Err(": expected clientCredentials alone, or token with tokenType if it is another".to_owned()),
        }
    }
}

/// A secret of printable ASCII (RFC 6749, appendix A.2).
fn check_secret(document: SecretDocument, access: SecretAccess) -> Result<Option<Secret>, String> {
    let Some((place, bytes)) = document.bytes(access)? else { return Ok(None) };
    let wrong = || format!("{place}: not 1 to {SECRET_BYTES_MAX} printable ASCII characters");
    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
    // What is left of a line break that an editor wrote as two characters.
    let text = text.strip_suffix('\r').unwrap_or(&text);
    if is_printable(text, SECRET_BYTES_MAX) { Ok(Some(Secret(text.into()))) } else { Err(wrong()) }
}

fn check_key(document: SecretDocument, access: SecretAccess) -> Result<Option<SigningKey>, String> {
    let Some((place, pem)) = document.bytes(access)? else { return Ok(None) };
    SigningKey::parse(&pem).map(Some).map_err(|what| format!("{place}: {what}"))
}

/// Longest id of a client or key, in bytes.
const NAME_BYTES_MAX: usize = 256;

/// Longest secret or actor token, in bytes.
const SECRET_BYTES_MAX: usize = 4_096;
