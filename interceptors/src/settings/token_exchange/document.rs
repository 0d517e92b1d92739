//! The `tokenExchange` part as written.

use std::collections::{HashMap, HashSet};

use policy_model::tool_name::{TARGET_BYTES_MAX, is_target};
use serde::Deserialize;

use super::client::{ActorDocument, ClientDocument};
use super::target::{TargetDocument, names_user};
use super::{TargetExchange, TokenExchangeSettings};
use crate::settings::SettingsError;
use crate::settings::document::check_url;
use crate::settings::entries::Entries;
use crate::settings::secret_access::SecretAccess;

/// The part as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::settings) struct TokenExchangeDocument {
    endpoint: String,
    client: ClientDocument,
    #[serde(default)]
    actor: Option<ActorDocument>,
    #[serde(default)]
    issuers: Option<Vec<String>>,
    targets: Entries<TargetDocument>,
}

impl TokenExchangeDocument {
    /// Checks all of it; nothing is left of it where secrets are left alone.
    pub(in crate::settings) fn check(
        self,
        issuers: &[&str],
        access: SecretAccess,
    ) -> Result<Option<TokenExchangeSettings>, SettingsError> {
        let told = |what: String| SettingsError(format!("tokenExchange.{what}"));
        // First of all, as an address with a user in it may have a password in it, and other errors quote it.
        let (has_user, most) = (names_user(&self.endpoint), ENDPOINT_BYTES_MAX);
        if has_user || self.endpoint.contains('#') || self.endpoint.len() > most {
            return Err(told(format!(
                "endpoint: expected an address of at most {most} bytes, without user and fragment"
            )));
        }
        let endpoint = check_url(&self.endpoint).map_err(|what| told(format!("endpoint: {what}")))?;
        let (client_id, authentication) = self.client.check(access).map_err(|what| told(format!("client{what}")))?;
        let actor =
            self.actor.map(|actor| actor.check(access)).transpose().map_err(|what| told(format!("actor{what}")))?;
        let issuers = check_issuers(self.issuers, issuers).map_err(|what| told(format!("issuers{what}")))?;
        let targets = check_targets(self.targets).map_err(|what| told(format!("targets{what}")))?;
        let endpoint_text = self.endpoint;
        let Some(authentication) = authentication else { return Ok(None) };
        let actor = actor.flatten();
        Ok(Some(TokenExchangeSettings { endpoint, endpoint_text, client_id, authentication, actor, issuers, targets }))
    }
}

fn check_targets(documents: Entries<TargetDocument>) -> Result<HashMap<String, TargetExchange>, String> {
    if documents.len() == 0 {
        return Err(": empty; at least one target is needed".to_owned());
    }
    let mut targets = HashMap::new();
    for (name, document) in documents {
        if !is_target(&name) || name.len() > TARGET_BYTES_MAX {
            return Err(format!("[{name:?}]: not a target's name; it is 1 to {TARGET_BYTES_MAX} of A-Z a-z 0-9 . -"));
        }
        let target = document.check().map_err(|what| format!("[{name:?}]{what}"))?;
        targets.insert(name, target);
    }
    Ok(targets)
}

/// The issuers whose tokens go to the endpoint: an only one without being named, since no other's could.
fn check_issuers(written: Option<Vec<String>>, known: &[&str]) -> Result<HashSet<String>, String> {
    match (written, known) {
        (None, [only]) => Ok(HashSet::from([(*only).to_owned()])),
        (None, _) => {
            Err(": not given; name the issuers whose tokens the endpoint may see, of those in the settings".to_owned())
        }
        (Some(names), _) if names.is_empty() => Err(": empty list; name at least one".to_owned()),
        (Some(names), known) => match names.iter().find(|name| !known.contains(&name.as_str())) {
            Some(other) => Err(format!(": {other:?} is none of the issuers in the settings")),
            None => Ok(names.into_iter().collect()),
        },
    }
}

const ENDPOINT_BYTES_MAX: usize = 2_048;
