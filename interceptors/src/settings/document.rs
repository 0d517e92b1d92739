//! The settings document: JSON text to [`Settings`].

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use jsonwebtoken::Algorithm;
use policy_model::header::{is_settable, normal};
use policy_registry::AwsEnvironment;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::hash_secrets::{self, SecretDocument};
use super::registry::RegistryDocument;
use super::tenant_context::TenantContextDocument;
use super::{
    ClaimNames, HeaderNames, InvisibleCharacters, IssuerSettings, KeySettings, RefusalMode, Settings, SettingsError,
};
use crate::token::KeySet;

pub(super) fn parse(document: &str, aws: AwsEnvironment) -> Result<Settings, SettingsError> {
    let document: SettingsDocument =
        serde_json::from_str(document).map_err(|error| SettingsError(error.to_string()))?;
    let tasks = document.registry.tasks();
    let registry = document.registry.check(aws.clone())?;
    if document.issuers.is_empty() {
        return Err(SettingsError("issuers: empty list; at least one issuer is needed".to_owned()));
    }
    let mut issuers: Vec<IssuerSettings> = Vec::new();
    for (index, issuer) in document.issuers.into_iter().enumerate() {
        let issuer = issuer.check().map_err(|what| SettingsError(format!("issuers[{index}]: {what}")))?;
        if issuers.iter().any(|other| other.issuer == issuer.issuer) {
            return Err(SettingsError(format!("issuers[{index}].issuer: stands twice; give one entry to each issuer")));
        }
        issuers.push(issuer);
    }
    if document.leeway_seconds > LEEWAY_SECONDS_MAX {
        return Err(SettingsError(format!("leewaySeconds: more than {LEEWAY_SECONDS_MAX}")));
    }
    let headers = document.headers;
    for (place, name) in [("headers.tenant", &headers.tenant), ("headers.user", &headers.user)] {
        if !is_settable(name) {
            return Err(SettingsError(format!(
                "{place}: {name:?} cannot be set by an interceptor; a name is 1 to 100 of a-z A-Z 0-9 _ -, and not one \
                 that the gateway reserves"
            )));
        }
    }
    if normal(&headers.tenant) == normal(&headers.user) {
        return Err(SettingsError("headers: tenant and user have one name; give each its own".to_owned()));
    }
    let tenant_context = document.tenant_context.map(|context| context.check(aws, &headers)).transpose()?;
    if issuers.iter().any(|issuer| tenant_context.as_ref().is_some_and(|context| context.issuer == issuer.issuer)) {
        return Err(SettingsError(
            "tenantContext.issuer: is an issuer of access tokens, too; give the contexts a name of their own"
                .to_owned(),
        ));
    }
    Ok(Settings {
        registry,
        issuers,
        leeway: Duration::from_secs(document.leeway_seconds),
        tasks,
        headers,
        refusal: document.refusal,
        hash_secrets: hash_secrets::check(document.hash_keys).map_err(SettingsError)?,
        invisible: document.discovery.invisible_characters,
        tenant_context,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SettingsDocument {
    registry: RegistryDocument,
    issuers: Vec<IssuerDocument>,
    #[serde(default = "default_leeway_seconds")]
    leeway_seconds: u64,
    #[serde(default)]
    headers: HeaderNames,
    #[serde(default)]
    refusal: RefusalMode,
    #[serde(default)]
    hash_keys: HashMap<String, SecretDocument>,
    #[serde(default)]
    discovery: DiscoveryDocument,
    #[serde(default)]
    tenant_context: Option<TenantContextDocument>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct DiscoveryDocument {
    invisible_characters: InvisibleCharacters,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct IssuerDocument {
    issuer: String,
    #[serde(default)]
    audiences: Vec<String>,
    #[serde(default)]
    client_ids: Vec<String>,
    algorithms: Vec<String>,
    #[serde(default)]
    claims: ClaimNames,
    keys: KeysDocument,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeysDocument {
    #[serde(default)]
    jwks: Option<Box<RawValue>>,
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

impl IssuerDocument {
    fn check(self) -> Result<IssuerSettings, String> {
        if self.issuer.is_empty() || self.issuer.len() > ISSUER_BYTES_MAX {
            return Err(format!("issuer: not 1 to {ISSUER_BYTES_MAX} bytes long"));
        }
        if self.audiences.is_empty() && self.client_ids.is_empty() {
            return Err("audiences and clientIds are both empty; tokens of any application would pass".to_owned());
        }
        if self.audiences.iter().chain(&self.client_ids).any(String::is_empty) {
            return Err("an audience or client id is empty".to_owned());
        }
        if self.algorithms.is_empty() {
            return Err("algorithms: empty list".to_owned());
        }
        let parse = |name: &String| {
            crate::token::parse_algorithm(name).ok_or(format!("algorithms: {name:?} is none of {ALGORITHMS}"))
        };
        let algorithms = self.algorithms.iter().map(parse).collect::<Result<Vec<Algorithm>, String>>()?;
        let names = &self.claims;
        let always = [&names.tenant, &names.user, &names.roles, &names.client_id];
        if always.into_iter().chain(&names.scopes).any(String::is_empty) {
            return Err("claims: a name is empty".to_owned());
        }
        let keys = self.keys.check().map_err(|what| format!("keys{what}"))?;
        Ok(IssuerSettings {
            issuer: self.issuer,
            audiences: self.audiences,
            client_ids: self.client_ids,
            algorithms,
            claims: self.claims,
            keys,
        })
    }
}

impl KeysDocument {
    fn check(self) -> Result<KeySettings, String> {
        let parse = |document: &[u8]| match KeySet::parse(document) {
            Ok(keys) => Ok(KeySettings::Given(Arc::new(keys))),
            Err(invalid) => Err(invalid.0),
        };
        match (self.jwks, self.file, self.url) {
            (Some(jwks), None, None) => parse(jwks.get().as_bytes()).map_err(|what| format!(".jwks: {what}")),
            (None, Some(path), None) => {
                let document = std::fs::read(Path::new(&path)).map_err(|error| format!(".file: {path:?}: {error}"))?;
                parse(&document).map_err(|what| format!(".file: {path:?}: {what}"))
            }
            (None, None, Some(url)) => check_url(&url).map(KeySettings::Url).map_err(|what| format!(".url: {what}")),
            (_, _, _) => Err(": expected exactly one of jwks, file and url".to_owned()),
        }
    }
}

/// HTTPS, or plain HTTP to this machine.
pub(super) fn check_url(url: &str) -> Result<Uri, String> {
    let expected = || format!("{url:?} is neither https:// nor http:// to a loopback address");
    let uri: Uri = url.parse().map_err(|_| expected())?;
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_loopback = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        Some("https") if !host.is_empty() => Ok(uri),
        Some("http") if is_loopback => Ok(uri),
        Some(_) | None => Err(expected()),
    }
}

fn default_leeway_seconds() -> u64 {
    30
}

const ALGORITHMS: &str = "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA";

const LEEWAY_SECONDS_MAX: u64 = 300;

/// With the longest subject it fits the registry's partition key.
const ISSUER_BYTES_MAX: usize = policy_registry::admin::ISSUER_BYTES_MAX;
