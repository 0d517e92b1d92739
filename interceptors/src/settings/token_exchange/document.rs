//! The `tokenExchange` part as written.

use std::collections::HashMap;
use std::fmt;

use policy_model::tool_name::{TARGET_BYTES_MAX, is_target};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::client::{ActorDocument, ClientDocument};
use super::target::{TargetDocument, names_user};
use super::{TargetExchange, TokenExchangeSettings};
use crate::settings::SettingsError;
use crate::settings::document::check_url;

/// The part as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::settings) struct TokenExchangeDocument {
    endpoint: String,
    client: ClientDocument,
    #[serde(default)]
    actor: Option<ActorDocument>,
    targets: TargetsDocument,
}

impl TokenExchangeDocument {
    pub(in crate::settings) fn check(self) -> Result<TokenExchangeSettings, SettingsError> {
        let told = |what: String| SettingsError(format!("tokenExchange.{what}"));
        // First of all, as an address with a user in it may have a password in it, and other errors quote it.
        let (has_user, most) = (names_user(&self.endpoint), ENDPOINT_BYTES_MAX);
        if has_user || self.endpoint.contains('#') || self.endpoint.len() > most {
            return Err(told(format!(
                "endpoint: expected an address of at most {most} bytes, without user and fragment"
            )));
        }
        let endpoint = check_url(&self.endpoint).map_err(|what| told(format!("endpoint: {what}")))?;
        let (client_id, authentication) = self.client.check().map_err(|what| told(format!("client{what}")))?;
        let actor = self.actor.map(ActorDocument::check).transpose().map_err(|what| told(format!("actor{what}")))?;
        let targets = self.targets.check().map_err(|what| told(format!("targets{what}")))?;
        Ok(TokenExchangeSettings { endpoint, endpoint_text: self.endpoint, client_id, authentication, actor, targets })
    }
}

/// Targets by name, in the order of the document; a map would keep the last of two with one name.
struct TargetsDocument(Vec<(String, TargetDocument)>);

impl TargetsDocument {
    fn check(self) -> Result<HashMap<String, TargetExchange>, String> {
        if self.0.is_empty() {
            return Err(": empty; at least one target is needed".to_owned());
        }
        let mut targets = HashMap::new();
        for (name, document) in self.0 {
            if !is_target(&name) || name.len() > TARGET_BYTES_MAX {
                return Err(format!(
                    "[{name:?}]: not a target's name; it is 1 to {TARGET_BYTES_MAX} of A-Z a-z 0-9 . -"
                ));
            }
            let target = document.check().map_err(|what| format!("[{name:?}]{what}"))?;
            if targets.contains_key(&name) {
                return Err(format!("[{name:?}]: stands twice; give one entry to each target"));
            }
            targets.insert(name, target);
        }
        Ok(targets)
    }
}

impl<'d> Deserialize<'d> for TargetsDocument {
    fn deserialize<D: Deserializer<'d>>(document: D) -> Result<TargetsDocument, D::Error> {
        document.deserialize_map(Entries)
    }
}

struct Entries;

impl<'d> Visitor<'d> for Entries {
    type Value = TargetsDocument;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object with an entry for each target")
    }

    fn visit_map<M: MapAccess<'d>>(self, mut map: M) -> Result<TargetsDocument, M::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry::<String, TargetDocument>()? {
            if entries.len() >= TARGETS_MAX {
                return Err(M::Error::custom(format!("more than {TARGETS_MAX} targets")));
            }
            entries.push(entry);
        }
        Ok(TargetsDocument(entries))
    }
}

const TARGETS_MAX: usize = 1_000;

const ENDPOINT_BYTES_MAX: usize = 2_048;
