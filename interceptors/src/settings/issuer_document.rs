//! An entry of `issuers`: JSON to [`IssuerSettings`].

use std::path::Path;
use std::sync::Arc;

use http::Uri;
use jsonwebtoken::Algorithm;
use policy_model::TenantId;
use policy_registry::admin::ISSUER_BYTES_MAX;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::check_url;
use super::{
    ActorSource, ClaimsDocument, IssuerSettings, KeySettings, MachineClients, Preset, TenantBinding, TenantSelection,
};
use crate::iam::IAM_ISSUER;
use crate::token::KeySet;

/// The entry as written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct IssuerDocument {
    issuer: String,
    #[serde(default)]
    preset: Option<Preset>,
    #[serde(default)]
    audiences: Vec<String>,
    #[serde(default)]
    client_ids: Vec<String>,
    #[serde(default)]
    algorithms: Option<Vec<String>>,
    #[serde(default)]
    claims: ClaimsDocument,
    #[serde(default)]
    keys: Option<KeysDocument>,
    #[serde(default)]
    tenants: Option<Vec<String>>,
    #[serde(default)]
    tenant_selection: TenantSelection,
    #[serde(default)]
    machine_clients: MachineClients,
    #[serde(default)]
    actor: ActorSource,
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
    #[serde(default)]
    discovery: Option<String>,
    #[serde(default)]
    hosts: Vec<String>,
}

impl IssuerDocument {
    pub(super) fn check(self) -> Result<IssuerSettings, String> {
        if self.issuer.is_empty() || self.issuer.len() > ISSUER_BYTES_MAX {
            return Err(format!("issuer: not 1 to {ISSUER_BYTES_MAX} bytes long"));
        }
        if self.issuer == IAM_ISSUER {
            return Err(format!("issuer: {IAM_ISSUER:?} stands for the gateway's own callers; see `iam`"));
        }
        if self.audiences.is_empty() && self.client_ids.is_empty() {
            return Err("audiences and clientIds are both empty; tokens of any application would pass".to_owned());
        }
        match self.preset {
            Some(Preset::Entra | Preset::Okta | Preset::Auth0 | Preset::Keycloak | Preset::GenericOidc)
                if self.audiences.is_empty() =>
            {
                return Err("audiences: empty; access tokens of this preset name the API that they are for".to_owned());
            }
            // Those of Cognito name the client alone.
            Some(_) | None => {}
        }
        if self.audiences.iter().chain(&self.client_ids).any(String::is_empty) {
            return Err("an audience or client id is empty".to_owned());
        }
        let algorithms = self.algorithms()?;
        let claims = self.claims.over(self.preset);
        let keys = match self.keys {
            Some(keys) => keys.check(&self.issuer, self.preset).map_err(|what| format!("keys{what}"))?,
            None if self.preset.is_some() => discovery(&self.issuer, None, Vec::new(), self.preset)
                .map_err(|what| format!("keys: not given, and not to be discovered: {what}"))?,
            None => return Err("keys: not given; name them, or a preset, whose issuers publish theirs".to_owned()),
        };
        Ok(IssuerSettings {
            preset: self.preset,
            audiences: self.audiences,
            client_ids: self.client_ids,
            algorithms,
            claims,
            keys,
            tenants: tenants(self.tenants)?,
            tenant_selection: self.tenant_selection,
            machine_clients: self.machine_clients,
            actor: self.actor,
            issuer: self.issuer,
        })
    }

    fn algorithms(&self) -> Result<Vec<Algorithm>, String> {
        let names = match (&self.algorithms, self.preset) {
            (Some(names), _) => names,
            (None, Some(preset)) => return Ok(preset.algorithms()),
            (None, None) => return Err(format!("algorithms: not given; list those of the issuer, of {ALGORITHMS}")),
        };
        if names.is_empty() {
            return Err("algorithms: empty list".to_owned());
        }
        let parse = |name: &String| {
            crate::token::parse_algorithm(name).ok_or(format!("algorithms: {name:?} is none of {ALGORITHMS}"))
        };
        names.iter().map(parse).collect()
    }
}

impl KeysDocument {
    fn check(self, issuer: &str, preset: Option<Preset>) -> Result<KeySettings, String> {
        let parse = |document: &[u8]| match KeySet::parse(document) {
            Ok(keys) => Ok(KeySettings::Given(Arc::new(keys))),
            Err(invalid) => Err(invalid.0),
        };
        if self.discovery.is_none() && !self.hosts.is_empty() {
            return Err(".hosts: goes with discovery only; leave it out".to_owned());
        }
        match (self.jwks, self.file, self.url, self.discovery) {
            (Some(jwks), None, None, None) => parse(jwks.get().as_bytes()).map_err(|what| format!(".jwks: {what}")),
            (None, Some(path), None, None) => {
                let document = std::fs::read(Path::new(&path)).map_err(|error| format!(".file: {path:?}: {error}"))?;
                parse(&document).map_err(|what| format!(".file: {path:?}: {what}"))
            }
            (None, None, Some(url), None) => {
                check_url(&url).map(KeySettings::Url).map_err(|what| format!(".url: {what}"))
            }
            (None, None, None, Some(url)) => {
                let url = if url == ISSUERS_OWN { None } else { Some(url) };
                discovery(issuer, url, self.hosts, preset).map_err(|what| format!(".discovery: {what}"))
            }
            (_, _, _, _) => Err(": expected exactly one of jwks, file, url and discovery".to_owned()),
        }
    }
}

/// OpenID Connect Discovery 1.0, section 4: below the issuer, unless the document is somewhere else.
fn discovery(
    issuer: &str,
    url: Option<String>,
    hosts: Vec<String>,
    preset: Option<Preset>,
) -> Result<KeySettings, String> {
    let url = url.unwrap_or_else(|| format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')));
    let document: Uri = check_url(&url)?;
    let usual = preset.map(Preset::key_hosts).unwrap_or_default().iter().map(|host| (*host).to_owned());
    let hosts = hosts.iter().map(|host| check_host(host)).collect::<Result<Vec<String>, String>>()?;
    let key_hosts = hosts.into_iter().chain(usual).collect();
    Ok(KeySettings::Discovery { document, issuer: issuer.to_owned(), key_hosts })
}

/// A host alone, in lower case.
fn check_host(host: &str) -> Result<String, String> {
    let uri = format!("https://{host}/").parse::<Uri>().ok();
    let is_host = uri.and_then(|uri| uri.authority().map(|own| own.as_str() == host && own.host() == host));
    if is_host == Some(true) {
        return Ok(host.to_ascii_lowercase());
    }
    Err(format!("hosts: {host:?} is not a host; write it without scheme, port and path, as \"keys.example.com\""))
}

fn tenants(written: Option<Vec<String>>) -> Result<TenantBinding, String> {
    let Some(written) = written else { return Ok(TenantBinding::Memberships) };
    match written.as_slice() {
        [] => Err("tenants: empty list; name them, or leave it out to have memberships alone decide".to_owned()),
        [only] if only == "*" => Ok(TenantBinding::Memberships),
        names => {
            let parse = |name: &String| TenantId::parse(name).map_err(|error| format!("tenants: {name:?} is {error}"));
            Ok(TenantBinding::OneOf(names.iter().map(parse).collect::<Result<_, String>>()?))
        }
    }
}

/// Stands for the place that the issuer's own name gives.
const ISSUERS_OWN: &str = "ISSUER";

const ALGORITHMS: &str = "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA";
