//! What the interceptors' settings say, read by the interceptors' own parser, and which secrets they name.

use std::time::Duration;

use interceptors::settings::Settings;
use policy_registry::AwsEnvironment;
use serde_json::{Value, json};

use super::code;
use super::examination::Examination;
use crate::client;
use crate::failure::Failure;
use crate::input;

/// A settings document.
#[derive(Debug)]
pub(super) struct Document {
    /// Where it was read.
    pub(super) place: String,
    pub(super) value: Value,
}

/// Reads a file. One that is no settings document is found, and no failure.
pub(super) fn read(file: &str, out: &mut Examination) -> Result<(Option<Document>, Option<Settings>), Failure> {
    let text = input::read(file, SETTINGS_BYTES_MAX, "settings")?;
    let place = format!("settings {}", input::name(file));
    let text = String::from_utf8(text).map_err(|_| Failure::input(format!("{place} are not UTF-8")))?;
    Ok(parse(&text, place, out))
}

/// The document, if it is JSON, and the settings, if an interceptor would take them. No secret is read.
pub(super) fn parse(text: &str, place: String, out: &mut Examination) -> (Option<Document>, Option<Settings>) {
    out.look_at(place.clone());
    let settings = Settings::parse_for_identity(text, AwsEnvironment::of_process());
    let settings = settings.map_err(|error| out.find(&code::SETTINGS_UNUSABLE, place.as_str(), error.to_string())).ok();
    let value = serde_json::from_str(text).ok();
    (value.map(|value| Document { place, value }), settings)
}

/// The document in a function's variable, if it is JSON. What an interceptor would refuse is found. Files that it names are in the function's
/// package: keys in a file count as if they were there.
pub(super) fn of_function(text: &str, place: String, out: &mut Examination) -> Option<Document> {
    let value: Option<Value> = serde_json::from_str(text).ok();
    let without_files = value.clone().filter(|value| issuers(value).any(keys_are_in_file)).map(|mut value| {
        let issuers = value.get_mut("issuers").and_then(Value::as_array_mut);
        for issuer in issuers.into_iter().flatten().filter(|issuer| keys_are_in_file(issuer)) {
            if let Some(keys) = issuer.get_mut("keys") {
                *keys = json!({ "url": "https://keys.example/" });
            }
        }
        value.to_string()
    });
    let text = without_files.as_deref().unwrap_or(text);
    parse(text, place.clone(), out);
    value.map(|value| Document { place, value })
}

fn issuers(document: &Value) -> impl Iterator<Item = &Value> {
    document.get("issuers").and_then(Value::as_array).into_iter().flatten()
}

fn keys_are_in_file(issuer: &Value) -> bool {
    let keys = issuer.get("keys").and_then(Value::as_object);
    keys.is_some_and(|keys| keys.len() == 1 && keys.get("file").is_some_and(Value::is_string))
}

/// What of settings that can be used is unwise.
pub(super) fn examine(settings: &Settings, place: &str, out: &mut Examination) {
    let bound = settings.registry.cache_ttl;
    if bound > REVOCATION_BOUND_MAX {
        let what =
            format!("registry.cacheTtlMs is {}: what is revoked goes on for {} s", bound.as_millis(), bound.as_secs());
        out.find(&code::REVOCATION_SLOW, place, what);
    } else {
        out.look_at(format!(
            "{place}: what is revoked ends within {} ms",
            bound.max(settings.registry.client.timeout).as_millis()
        ));
    }
    if let Some(url) = settings.registry.client.endpoint_url.as_deref().filter(|url| client::is_loopback(url)) {
        out.find(&code::SETTINGS_ENDPOINT_LOCAL, place, format!("registry.endpointUrl is {url}"));
    }
}

/// Where settings say that a secret is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The member that says so.
    pub(super) place: String,
    pub(super) source: Source,
}

/// Where a secret is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// In a variable of the function.
    Environment(String),
    /// In a file of the function's package, or what AWS keeps.
    Elsewhere(String),
}

impl Document {
    /// The secrets that it names.
    pub(super) fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        let root = &self.value;
        for (name, secret) in root.get("hashKeys").and_then(Value::as_object).into_iter().flatten() {
            found.extend(reference(&format!("hashKeys[{name:?}]"), secret));
        }
        for pointer in
            ["/tokenExchange/client/secret", "/tokenExchange/client/privateKey", "/tokenExchange/actor/token"]
        {
            let place = pointer.trim_start_matches('/').replace('/', ".");
            found.extend(root.pointer(pointer).and_then(|secret| reference(&place, secret)));
        }
        let keys = root.pointer("/tenantContext/keys").and_then(Value::as_array);
        for (index, key) in keys.into_iter().flatten().enumerate() {
            found.extend(reference(&format!("tenantContext.keys[{index}]"), key));
        }
        for (index, issuer) in issuers(root).enumerate() {
            let keys = issuer.get("keys");
            found.extend(keys.and_then(|keys| reference(&format!("issuers[{index}].keys"), keys)));
        }
        found
    }

    /// The names of the keys that it has for hashes.
    pub(super) fn hash_keys(&self) -> Vec<&str> {
        let keys = self.value.get("hashKeys").and_then(Value::as_object);
        keys.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }
}

fn reference(place: &str, secret: &Value) -> Option<Reference> {
    let text = |name: &str| secret.get(name).and_then(Value::as_str).map(str::to_owned);
    let source = text("environment").map(Source::Environment).or_else(|| {
        let elsewhere = ["file", "secretsManager", "kms"].iter().find_map(|name| text(name));
        elsewhere.map(Source::Elsewhere)
    });
    source.map(|source| Reference { place: place.to_owned(), source })
}

const SETTINGS_BYTES_MAX: usize = 1 << 20;

/// Longer than this an operator does not want to wait at three in the morning.
const REVOCATION_BOUND_MAX: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Document, Reference, Source};

    #[test]
    fn every_secret_is_named_with_its_place() {
        let value = json!({
            "hashKeys": {"crm": {"environment": "HASH_CRM"}, "other": {"file": "secrets/other"}},
            "issuers": [{"keys": {"url": "https://i.example"}}, {"keys": {"file": "jwks.json"}}],
            "tokenExchange": {"client": {"secret": {"environment": "CLIENT"}}, "actor": {"token": {"environment": "ACTOR"}}},
            "tenantContext": {"keys": [{"kid": "a", "kms": "arn:k"}, {"kid": "b", "environment": "CONTEXT"}]},
        });
        let document = Document { place: String::new(), value };
        let variable = |place: &str, name: &str| Reference {
            place: place.to_owned(),
            source: Source::Environment(name.to_owned()),
        };
        let elsewhere =
            |place: &str, name: &str| Reference { place: place.to_owned(), source: Source::Elsewhere(name.to_owned()) };
        assert_eq!(
            document.references(),
            [
                variable("hashKeys[\"crm\"]", "HASH_CRM"),
                elsewhere("hashKeys[\"other\"]", "secrets/other"),
                variable("tokenExchange.client.secret", "CLIENT"),
                variable("tokenExchange.actor.token", "ACTOR"),
                elsewhere("tenantContext.keys[0]", "arn:k"),
                variable("tenantContext.keys[1]", "CONTEXT"),
                elsewhere("issuers[1].keys", "jwks.json"),
            ]
        );
        assert_eq!(document.hash_keys(), ["crm", "other"]);
    }
}
