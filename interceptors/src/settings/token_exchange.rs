//! Token exchange (RFC 8693): at which endpoint, as which client, and for which targets.

mod client;
mod document;
mod target;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

pub(super) use document::TokenExchangeDocument;
use http::Uri;
use serde::Deserialize;

use crate::token_exchange::SigningKey;

/// The `tokenExchange` part, checked.
#[derive(Debug, Clone)]
pub struct TokenExchangeSettings {
    /// The token endpoint.
    pub endpoint: Uri,
    /// The same as it was written, which is the audience of the client's own assertions.
    pub endpoint_text: String,
    /// The client id of tenantgate at the endpoint.
    pub client_id: String,
    /// How it shows that it is this client.
    pub authentication: ClientAuthentication,
    /// Who acts on the caller's behalf; none: no actor is named.
    pub actor: Option<ActorSettings>,
    /// The issuers whose tokens the endpoint may see.
    pub issuers: HashSet<String>,
    /// What is asked for, by the names of the targets; not empty.
    pub targets: HashMap<String, TargetExchange>,
}

/// How a client authenticates at the token endpoint.
#[derive(Debug, Clone)]
pub enum ClientAuthentication {
    /// Id and secret in the `Authorization` header (RFC 6749, section 2.3.1).
    SecretBasic(Secret),
    /// Id and secret in the form (RFC 6749, section 2.3.1).
    SecretPost(Secret),
    /// A signed assertion (RFC 7523, section 2.2).
    PrivateKeyJwt {
        /// What signs it.
        key: Arc<SigningKey>,
        /// The `kid` of its header.
        key_id: Option<String>,
    },
}

/// Whose token is the actor token.
#[derive(Debug, Clone)]
pub enum ActorSettings {
    /// tenantgate's own, by the client credentials grant (RFC 6749, section 4.4).
    ClientCredentials {
        /// What it asks for.
        scopes: Vec<String>,
        /// The `audience` that it asks for.
        audience: Option<String>,
    },
    /// One that is always the same.
    Token {
        /// The token.
        token: Secret,
        /// What it is.
        kind: TokenType,
    },
}

/// What is asked for when a target is called. At least one of audience and resource is there.
#[derive(Debug, Clone)]
pub struct TargetExchange {
    /// The logical name of the target.
    pub audience: Option<String>,
    /// Its address (RFC 8707).
    pub resource: Option<String>,
    /// The most that is asked for; empty: no scope is named.
    pub scopes: Vec<String>,
    /// The kind of token that is asked for; none: what the endpoint gives.
    pub requested: Option<TokenType>,
}

/// A kind of token (RFC 8693, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum TokenType {
    /// An access token, whatever its form.
    #[serde(rename = "urn:ietf:params:oauth:token-type:access_token")]
    AccessToken,
    /// A JSON Web Token.
    #[serde(rename = "urn:ietf:params:oauth:token-type:jwt")]
    Jwt,
}

/// A text that is never shown.
#[derive(Clone)]
pub struct Secret(Arc<str>);

impl TokenType {
    /// Its identifier.
    pub fn urn(self) -> &'static str {
        match self {
            TokenType::AccessToken => "urn:ietf:params:oauth:token-type:access_token",
            TokenType::Jwt => "urn:ietf:params:oauth:token-type:jwt",
        }
    }
}

impl Secret {
    /// The text itself.
    pub(crate) fn expose(&self) -> &Arc<str> {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(..)")
    }
}

/// Whether a text is 1 to `most` printable ASCII characters.
fn is_printable(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}
