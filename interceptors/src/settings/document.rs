//! The settings document: JSON text to [`Settings`].

use std::net::IpAddr;
use std::time::Duration;

use http::Uri;
use policy_model::header::{is_settable, normal};
use policy_registry::AwsEnvironment;
use serde::Deserialize;

use super::entries::Entries;
use super::hash_secrets::{self, SecretDocument};
use super::iam::IamDocument;
use super::issuer_document::IssuerDocument;
use super::registry::RegistryDocument;
use super::reporting::{AuditDocument, MetricsDocument};
use super::secret_access::SecretAccess;
use super::tenant_context::TenantContextDocument;
use super::token_exchange::TokenExchangeDocument;
use super::{
    ControlCharacters, HeaderNames, InvisibleCharacters, IssuerSettings, RefusalMode, Settings, SettingsError,
    UnknownCaller,
};
use crate::trace::TRACEPARENT;

pub(super) fn parse(document: &str, aws: AwsEnvironment, secrets: SecretAccess) -> Result<Settings, SettingsError> {
    let document: SettingsDocument =
        serde_json::from_str(document).map_err(|error| SettingsError(error.to_string()))?;
    let (tasks, agents) = (document.registry.tasks(), document.registry.agents());
    let registry = document.registry.check(aws.clone())?;
    let iam = document.iam.map(IamDocument::check).transpose().map_err(SettingsError)?;
    if document.issuers.is_empty() && iam.is_none() {
        return Err(SettingsError("issuers: none; name at least one, or AWS principals in `iam`".to_owned()));
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
    check_headers(&headers)?;
    let context_issuer = document.tenant_context.as_ref().map(|context| context.issuer().to_owned());
    let tenant_context = document.tenant_context.map(|context| context.check(aws, &headers, secrets)).transpose()?;
    if issuers.iter().any(|issuer| context_issuer.as_ref() == Some(&issuer.issuer)) {
        return Err(SettingsError(
            "tenantContext.issuer: is an issuer of access tokens, too; give the contexts a name of their own"
                .to_owned(),
        ));
    }
    let names: Vec<&str> = issuers.iter().map(|issuer| issuer.issuer.as_str()).collect();
    let token_exchange = document.token_exchange.map(|exchange| exchange.check(&names, secrets)).transpose()?;
    let hash_keys: Vec<String> = document.hash_keys.names().map(str::to_owned).collect();
    let audit = document.audit.check(&hash_keys).map_err(SettingsError)?;
    let metrics = document.metrics.map(MetricsDocument::check).transpose().map_err(SettingsError)?;
    Ok(Settings {
        registry,
        issuers,
        iam,
        agents,
        leeway: Duration::from_secs(document.leeway_seconds),
        tasks,
        headers,
        refusal: document.refusal,
        hash_secrets: hash_secrets::check(document.hash_keys, secrets).map_err(SettingsError)?,
        invisible: document.discovery.invisible_characters,
        controls: document.arguments.control_characters,
        token_exchange: token_exchange.flatten(),
        tenant_context: tenant_context.flatten(),
        unknown_caller: document.http.unknown_caller,
        audit,
        metrics,
    })
}

/// Each can be set, and has a name of its own.
fn check_headers(headers: &HeaderNames) -> Result<(), SettingsError> {
    let named = headers.named();
    for (index, (place, name)) in named.iter().enumerate() {
        if !is_settable(name) || normal(name) == TRACEPARENT {
            return Err(SettingsError(format!(
                "{place}: {name:?} cannot be set by an interceptor; a name is 1 to 100 of a-z A-Z 0-9 _ -, and not one \
                 that the gateway reserves"
            )));
        }
        if let Some((other, _)) = named.iter().take(index).find(|(_, other)| normal(other) == normal(name)) {
            return Err(SettingsError(format!("{place}: has the name of {other}; give it its own")));
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SettingsDocument {
    registry: RegistryDocument,
    #[serde(default)]
    issuers: Vec<IssuerDocument>,
    #[serde(default)]
    iam: Option<IamDocument>,
    #[serde(default = "default_leeway_seconds")]
    leeway_seconds: u64,
    #[serde(default)]
    headers: HeaderNames,
    #[serde(default)]
    refusal: RefusalMode,
    #[serde(default)]
    hash_keys: Entries<SecretDocument>,
    #[serde(default)]
    discovery: DiscoveryDocument,
    #[serde(default)]
    arguments: ArgumentsDocument,
    #[serde(default)]
    http: HttpDocument,
    #[serde(default)]
    token_exchange: Option<TokenExchangeDocument>,
    #[serde(default)]
    tenant_context: Option<TenantContextDocument>,
    #[serde(default)]
    audit: AuditDocument,
    #[serde(default)]
    metrics: Option<MetricsDocument>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct DiscoveryDocument {
    invisible_characters: InvisibleCharacters,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct HttpDocument {
    unknown_caller: UnknownCaller,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct ArgumentsDocument {
    control_characters: ControlCharacters,
}

/// HTTPS, or plain HTTP to this machine.
pub(crate) fn check_url(url: &str) -> Result<Uri, String> {
    // What stands before a host may be a password, and is not quoted.
    let authority =
        url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(
            "an address with a user in it; expected https:// or http:// to a loopback address, without".to_owned()
        );
    }
    let expected = || format!("{url:?} is neither https:// nor http:// to a loopback address");
    let uri: Uri = url.parse().map_err(|_| expected())?;
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    if has_port && uri.port_u16().is_none() {
        return Err(format!("{url:?} has a port that is none"));
    }
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

const LEEWAY_SECONDS_MAX: u64 = 300;
