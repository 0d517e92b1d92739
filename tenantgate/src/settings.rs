//! The settings of the Lambdas, with the placeholders for what only a run knows.

use std::path::Path;

use interceptors::settings::HeaderNames;
use serde::Deserialize;

use crate::failure::Failure;
use crate::keys::{KeyRing, KeySet};
use crate::placeholder;

/// What takes the place of `${registry.table}`, `${registry.endpoint}` and `${jwks.<set>}`.
#[derive(Clone, Copy, Debug)]
pub struct Substitution<'a> {
    /// The registry's table.
    pub table: &'a str,
    /// The URL of its DynamoDB.
    pub endpoint_url: &'a str,
    /// The keys that issuers sign with.
    pub ring: &'a KeyRing,
}

impl Substitution<'_> {
    /// Fills in a settings text, which need not be good JSON.
    pub fn apply(&self, text: &str) -> Result<String, String> {
        placeholder::expand_text(text, |name| {
            let key_set = name.strip_prefix("jwks.").and_then(KeySet::parse);
            match (name, key_set) {
                ("registry.table", _) => Ok(Some(self.table.to_owned())),
                ("registry.endpoint", _) => Ok(Some(self.endpoint_url.to_owned())),
                (_, Some(set)) => Ok(Some(self.ring.key_set(set).to_string())),
                (_, None) => {
                    let known = "registry.table, registry.endpoint, jwks.main, jwks.marked and jwks.duplicate";
                    Err(format!("`${{{name}}}` is unknown; there are {known}"))
                }
            }
        })
    }
}

/// Reads a settings file.
pub fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::input(format!("cannot read the settings {}: {error}", path.display())))
}

/// The names of headers that a settings text chooses; the default ones if it says nothing of them.
pub fn header_names(text: &str) -> HeaderNames {
    let settings: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let names = settings.get("headers").and_then(|names| HeaderNames::deserialize(names).ok());
    names.unwrap_or_default()
}

/// Whether a settings text leaves the choice of the registry to us.
pub fn wants_registry(text: &str) -> bool {
    text.contains("${registry.endpoint}")
}

/// The settings for development: tokens of the key directory, the registry at hand.
pub const DEVELOPMENT: &str = r#"{
  "registry": { "table": "${registry.table}", "endpointUrl": "${registry.endpoint}" },
  "issuers": [
    {
      "issuer": "https://issuer.example/main",
      "audiences": ["https://gateway.example"],
      "algorithms": ["ES256", "ES384", "RS256", "EdDSA"],
      "claims": { "tenant": "custom:tenant_id" },
      "keys": { "jwks": ${jwks.main} }
    }
  ]
}"#;

#[cfg(test)]
mod tests {
    use super::{DEVELOPMENT, Substitution};
    use crate::keys::KeyRing;

    #[test]
    fn the_development_settings_become_json() {
        let ring = KeyRing::generate().unwrap();
        let substitution = Substitution { table: "t", endpoint_url: "http://127.0.0.1:1", ring: &ring };
        let settings = substitution.apply(DEVELOPMENT).unwrap();
        let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
        assert_eq!(settings["registry"]["table"], "t");
        assert_eq!(settings["registry"]["endpointUrl"], "http://127.0.0.1:1");
        assert_eq!(settings["issuers"][0]["keys"]["jwks"]["keys"].as_array().unwrap().len(), 5);
    }

    #[test]
    fn broken_settings_stay_broken_and_unknown_names_are_errors() {
        let ring = KeyRing::generate().unwrap();
        let substitution = Substitution { table: "t", endpoint_url: "u", ring: &ring };
        assert_eq!(substitution.apply("{ \"registry\": ${registry.table}").unwrap(), "{ \"registry\": t");
        assert!(substitution.apply("${jwks.mian}").unwrap_err().contains("jwks.main"));
    }
}
