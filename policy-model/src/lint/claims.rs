//! Claims that neither the standards nor the settings know.

use super::nearest::{changes, nearest};
use super::subject::Subject;
use super::{Finding, Surroundings, Warning};
use crate::condition::Operand;
use crate::request::CLAIMS;
use crate::selector::Selector;

/// What an issuer calls the claims that say who is calling, as in the interceptors' settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimNames {
    /// The tenant.
    pub tenant: String,
    /// The user.
    pub user: String,
    /// The roles.
    pub roles: String,
    /// The scopes.
    pub scopes: String,
    /// The client that the token was issued to.
    pub client_id: String,
}

impl Default for ClaimNames {
    fn default() -> ClaimNames {
        ClaimNames {
            tenant: "tenant".to_owned(),
            user: "sub".to_owned(),
            roles: "roles".to_owned(),
            scopes: "scope".to_owned(),
            client_id: "client_id".to_owned(),
        }
    }
}

impl ClaimNames {
    fn all(&self) -> [&str; 5] {
        [&self.tenant, &self.user, &self.roles, &self.scopes, &self.client_id]
    }
}

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for condition in subject.rules.iter().flat_map(|rule| rule.conditions()) {
        let (path, test) = condition.condition.parts();
        let paths = [("path", Some(path)), ("valuePath", test.operand().and_then(Operand::path))];
        for (member, path) in paths {
            if let Some(message) = path.and_then(|path| unknown_at(subject, path)) {
                let place = format!("{}.{member}", condition.place);
                findings.push(subject.warning(Warning::UnknownClaim, place, condition.member(member), message));
            }
        }
    }
}

/// What is to be said of the claim that a path looks into, if nobody knows it.
pub(super) fn unknown_at(subject: &Subject<'_>, path: &Selector) -> Option<String> {
    let Surroundings { claims, other_claims, .. } = subject.surroundings;
    match path.leading_names().as_slice() {
        [CLAIMS, name, ..] if !claims.is_empty() && !other_claims.iter().any(|other| other == name) => {
            unknown(name, claims)
        }
        _ => None,
    }
}

fn unknown(name: &str, issuers: &[ClaimNames]) -> Option<String> {
    let mapped = || issuers.iter().flat_map(ClaimNames::all);
    if KNOWN.contains(&name) || mapped().any(|own| own == name) {
        return None;
    }
    let path = |name: &str| match name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        true => format!("$.claims.{name}"),
        false => format!("$.claims['{name}']"),
    };
    if TENANT_NAMES.iter().any(|tenant| changes(tenant, name) == 0) {
        let tenant = issuers.first().map_or("tenant", |issuer| &issuer.tenant);
        return Some(format!(
            "the settings do not know the claim {name:?}; the tenant is in {tenant:?}: write $.tenant.id, or {}",
            path(tenant)
        ));
    }
    let meant = nearest(name, mapped().chain(KNOWN.iter().copied()));
    // Claims of one's own with a namespace are nobody's business, unless they look like a slip.
    let is_own = name.contains([':', '/']);
    match meant {
        Some(meant) => Some(format!("no settings or standard know the claim {name:?}; did you mean {}?", path(meant))),
        None if is_own => None,
        None => Some(format!(
            "no settings or standard know the claim {name:?}, and a condition on a claim that is missing cannot be evaluated; \
             check how the issuer spells it"
        )),
    }
}

const TENANT_NAMES: &[&str] =
    &["tenant", "tenant_id", "tenantid", "tenant-id", "custom:tenant", "custom:tenant_id", "custom:tenantid"];

/// RFC 7519, RFC 8693, RFC 9068, RFC 9396, RFC 7643, OpenID Connect Core, and what Cognito, Entra ID, Okta, Auth0 and Keycloak add.
const KNOWN: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "act",
    "may_act",
    "scope",
    "client_id",
    "cnf",
    "authorization_details",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "nonce",
    "at_hash",
    "c_hash",
    "sid",
    "roles",
    "groups",
    "entitlements",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
    "vot",
    "events",
    "txn",
    "rid",
    "org",
    "jku",
    "cognito:groups",
    "cognito:roles",
    "cognito:preferred_role",
    "cognito:username",
    "token_use",
    "username",
    "version",
    "origin_jti",
    "event_id",
    "device_key",
    "identities",
    "tid",
    "oid",
    "upn",
    "unique_name",
    "appid",
    "appidacr",
    "azpacr",
    "idp",
    "idtyp",
    "scp",
    "ver",
    "wids",
    "xms_cc",
    "xms_mirid",
    "hasgroups",
    "ipaddr",
    "uti",
    "rh",
    "aio",
    "onprem_sid",
    "acct",
    "ctry",
    "verified_primary_email",
    "verified_secondary_email",
    "tenant_ctry",
    "tenant_region_scope",
    "login_hint",
    "pwd_exp",
    "pwd_url",
    "xms_tcdt",
    "xms_tdbr",
    "appdisplayname",
    "deviceid",
    "cid",
    "uid",
    "gty",
    "org_id",
    "org_name",
    "permissions",
    "realm_access",
    "resource_access",
    "allowed-origins",
    "session_state",
    "typ",
    "clientHost",
    "clientAddress",
    "clientId",
    "trusted-certs",
    "organization",
];
