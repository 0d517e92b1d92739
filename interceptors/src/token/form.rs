//! What tells an access token of each provider from its other tokens, and a machine's from a user's.

use policy_model::json::{Kind, Value};
use policy_registry::PrincipalKind;

use super::TokenFault;
use super::claims::{Claims, strings};
use crate::settings::{ClaimNames, IssuerSettings, Preset};

/// Whether it is an access token.
///
/// # Errors
/// [`TokenFault::Kind`] for any other.
pub(super) fn check(claims: &Claims, issuer: &IssuerSettings) -> Result<(), TokenFault> {
    let is = |name: &str, value: &str| claims.get(name).is_some_and(|claim| claim.is_str(value));
    if NOT_ACCESS.iter().any(|claim| claims.get(claim).is_some()) {
        return Err(TokenFault::Kind);
    }
    if claims.get("token_use").is_some() && !is("token_use", "access") {
        return Err(TokenFault::Kind);
    }
    // Keycloak says so in a claim.
    if let Some(kind) = claims.get("typ") {
        let is_access = kind.as_str().is_some_and(|kind| ACCESS_TYPES.iter().any(|own| kind.eq_ignore_ascii_case(own)));
        if !is_access {
            return Err(TokenFault::Kind);
        }
    }
    let is_own = match issuer.preset {
        None | Some(Preset::GenericOidc | Preset::Keycloak) => true,
        Some(Preset::Cognito) => is("token_use", "access"),
        Some(Preset::Entra) => is_entra(claims, &issuer.issuer),
        // Their ID tokens name no client.
        Some(Preset::Okta | Preset::Auth0) => true,
    };
    let names_client = match issuer.preset {
        None | Some(Preset::GenericOidc | Preset::Keycloak) => true,
        Some(Preset::Cognito | Preset::Entra | Preset::Okta | Preset::Auth0) => {
            // The provider's own names: the settings may take another claim for the client's id.
            ClaimNames::usual(issuer.preset).client_ids.iter().any(|name| claims.find(name).is_some())
        }
    };
    if is_own && names_client { Ok(()) } else { Err(TokenFault::Kind) }
}

/// Version and directory are those of the issuer: `https://login.microsoftonline.com/<tid>/v2.0` or
/// `https://sts.windows.net/<tid>/`.
fn is_entra(claims: &Claims, issuer: &str) -> bool {
    let issuer = issuer.trim_end_matches('/');
    let (version, issuer) = issuer.strip_suffix("/v2.0").map_or(("1.0", issuer), |issuer| ("2.0", issuer));
    let directory = issuer.rsplit('/').next().unwrap_or_default();
    let is = |name: &str, value: &str| claims.get(name).is_some_and(|claim| claim.is_str(value));
    is("ver", version) && is("tid", directory)
}

/// Whose token it is. `client` is the client id that it names.
///
/// # Errors
/// [`TokenFault::Kind`] if it says both, or neither where a provider's tokens always say one.
pub(super) fn principal_kind(
    claims: &Claims,
    issuer: &IssuerSettings,
    client: Option<&str>,
) -> Result<PrincipalKind, TokenFault> {
    let is = |name: &str, value: &str| claims.get(name).is_some_and(|claim| claim.is_str(value));
    let is_subject = |id: &str| is("sub", id);
    let has = |name: &str| claims.get(name).is_some();
    let is_client = client.is_some_and(is_subject);
    let account = claims.get("preferred_username").and_then(Value::as_str).unwrap_or_default();
    // What says so, and what would say the opposite.
    let (is_machine, is_user) = match issuer.preset {
        // What a user chooses can turn a token away, and never makes it a machine's.
        None | Some(Preset::GenericOidc) => {
            let is_account = account.starts_with(SERVICE_ACCOUNT) && issuer.preset.is_some();
            (is_client || is_account, has("username") || has("preferred_username") || has("sid"))
        }
        // A client has a user of this name there (its guide on service accounts), in lower case as all names are.
        Some(Preset::Keycloak) => {
            let own = client.map(|id| format!("{SERVICE_ACCOUNT}{}", id.to_lowercase()));
            let is_own = own.as_deref() == Some(&*account) && has("azp") && has("client_id");
            let has_session = ["sid", "session_state", "auth_time"].into_iter().any(has);
            (is_client || account.starts_with(SERVICE_ACCOUNT), !is_own || has_session)
        }
        Some(Preset::Cognito) => (is_client, has("username")),
        Some(Preset::Okta) => (is_client || !has("uid"), has("uid") || !is_client),
        Some(Preset::Auth0) => {
            let is_own = client.is_some_and(|id| is_subject(&format!("{id}@clients")));
            let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
            (is("gty", "client-credentials") || subject.ends_with("@clients"), !is_own)
        }
        Some(Preset::Entra) => {
            // A user's token has scopes. An application's has none, and is about the application itself.
            let is_own = claims.get("oid").and_then(Value::as_str).is_some_and(|oid| is_subject(&oid));
            let is_application = is("idtyp", "app") || (!has("idtyp") && is_own);
            let is_users = has("scp") || (has("idtyp") && !is("idtyp", "app")) || !is_application;
            (is_application || !has("scp"), is_users)
        }
    };
    match (is_machine, is_user) {
        (true, true) => Err(TokenFault::Kind),
        (true, false) => Ok(PrincipalKind::Client),
        (false, _) => Ok(PrincipalKind::User),
    }
}

/// Whether the roles are too many for the token, so that it does not say which they are.
pub(super) fn roles_are_elsewhere(claims: &Claims, issuer: &IssuerSettings) -> bool {
    let Some(name) = issuer.claims.roles.path().first() else { return false };
    let names = claims.get("_claim_names");
    let is_true = |claim: Option<Value<'_>>| {
        claim.is_some_and(|claim| match claim.kind() {
            Kind::Bool => claim.text() == "true",
            Kind::Null | Kind::Number | Kind::String | Kind::Array | Kind::Object => claim.is_str("true"),
        })
    };
    names.is_some_and(|names| names.get(name).is_some()) || (name == "groups" && is_true(claims.get("hasgroups")))
}

/// The audiences that a token names.
pub(super) fn audiences(claims: &Claims) -> Vec<String> {
    match claims.get("aud") {
        None => Vec::new(),
        Some(audience) => match audience.as_str() {
            Some(only) => vec![only.into_owned()],
            None => strings(Some(audience)),
        },
    }
}

/// Claims of ID tokens (`at_hash`, `c_hash`, `s_hash`, `nonce`), of security events and logout tokens (`events`), and of tokens
/// that are worthless without a proof of possession, which a bearer header does not carry (`cnf`).
const NOT_ACCESS: &[&str] = &["at_hash", "c_hash", "s_hash", "nonce", "events", "cnf"];

/// What a `typ` claim may say.
const ACCESS_TYPES: &[&str] = &["bearer", "jwt", "at+jwt", "access_token"];

/// What the name of a client's own user in Keycloak begins with.
const SERVICE_ACCOUNT: &str = "service-account-";
