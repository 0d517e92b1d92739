//! What the access tokens of the usual identity providers look like (their own documentation; `docs/identity.md` has the table).

use jsonwebtoken::Algorithm;
use serde::Deserialize;

use super::{ClaimName, ClaimNames};

/// A provider whose tokens are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Amazon Cognito user pools.
    Cognito,
    /// Microsoft Entra ID, tokens of version 1 and 2.
    Entra,
    /// Okta, custom authorization servers.
    Okta,
    /// Auth0.
    Auth0,
    /// Keycloak.
    Keycloak,
    /// Any other issuer with OpenID Connect discovery.
    GenericOidc,
}

impl Preset {
    /// Where its tokens say what.
    pub(super) fn claims(self) -> ClaimNames {
        let names = |tenant, user, roles, scopes: Option<&str>, client_ids: &[&str]| ClaimNames {
            tenant: ClaimName::top(tenant),
            user: ClaimName::top(user),
            roles: ClaimName::top(roles),
            scopes: scopes.map(ClaimName::top),
            client_ids: client_ids.iter().map(|name| ClaimName::top(name)).collect(),
        };
        match self {
            Preset::Cognito => names("custom:tenant_id", "sub", "cognito:groups", Some("scope"), &["client_id"]),
            // `sub` differs from application to application; `oid` is the user.
            Preset::Entra => names("tid", "oid", "roles", Some("scp"), &["azp", "appid"]),
            // `sub` is the login, which may change and be given to somebody else; `uid` is the user.
            Preset::Okta => names("tenant", "uid", "groups", Some("scp"), &["cid"]),
            Preset::Auth0 => names("org_id", "sub", "roles", Some("scope"), &["azp", "client_id"]),
            Preset::Keycloak => ClaimNames {
                roles: ClaimName::at(&["realm_access", "roles"]),
                ..names("tenant", "sub", "roles", Some("scope"), &["azp", "client_id"])
            },
            Preset::GenericOidc => names("tenant", "sub", "roles", None, &["client_id", "azp"]),
        }
    }

    /// What it signs with unless it is told otherwise.
    pub(super) fn algorithms(self) -> Vec<Algorithm> {
        match self {
            Preset::Cognito | Preset::Entra | Preset::Okta | Preset::Auth0 | Preset::Keycloak | Preset::GenericOidc => {
                vec![Algorithm::RS256]
            }
        }
    }

    /// Hosts that its discovery document may name for the keys, besides its own.
    pub(super) fn key_hosts(self) -> &'static [&'static str] {
        match self {
            // Version 1 is issued by sts.windows.net, and has its keys with the others.
            Preset::Entra => &[
                "login.microsoftonline.com",
                "login.windows.net",
                "login.microsoftonline.us",
                "login.partner.microsoftonline.cn",
            ],
            Preset::Cognito | Preset::Okta | Preset::Auth0 | Preset::Keycloak | Preset::GenericOidc => &[],
        }
    }
}
