//! What the issuers in the interceptors' settings call the claims that say who is calling.

use interceptors::settings::{ClaimName, ClaimsDocument, Preset};
use policy_model::lint::ClaimNames;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::failure::Failure;
use crate::placeholder;

/// Reads them from a settings file, whose placeholders may stand for anything.
pub(crate) fn read(file: &str) -> Result<Vec<ClaimNames>, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::input(format!("cannot read the settings {file}: {error}")))?;
    parse(&text).map_err(|error| Failure::input(format!("the settings {file} cannot be used: {error}")))
}

fn parse(text: &str) -> Result<Vec<ClaimNames>, String> {
    let stand_in = |name: &str| Ok(Some(if name.starts_with("jwks.") { "{}".to_owned() } else { String::new() }));
    let text = placeholder::expand_text(text, stand_in)?;
    let document: SettingsDocument = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if document.issuers.is_empty() && document.iam.is_none() {
        return Err("issuers: none; name at least one, or AWS principals in `iam`".to_owned());
    }
    Ok(document.issuers.iter().map(names).collect())
}

/// Of a settings document only this is read.
#[derive(Deserialize)]
struct SettingsDocument {
    #[serde(default)]
    issuers: Vec<IssuerDocument>,
    iam: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct IssuerDocument {
    #[serde(default)]
    preset: Option<Preset>,
    #[serde(default)]
    claims: ClaimsDocument,
}

/// The claims at the top in which they stand.
fn names(issuer: &IssuerDocument) -> ClaimNames {
    let (standard, own) = (ClaimNames::default(), issuer.claims.over(issuer.preset));
    let top = |claim: Option<&ClaimName>, standard: String| {
        claim.and_then(|claim| claim.path().first().cloned()).unwrap_or(standard)
    };
    ClaimNames {
        tenant: top(Some(&own.tenant), standard.tenant),
        user: top(Some(&own.user), standard.user),
        roles: top(Some(&own.roles), standard.roles),
        scopes: top(own.scopes.as_ref(), standard.scopes),
        client_id: top(own.client_ids.first(), standard.client_id),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_names_of_each_issuer_are_read() {
        let text = r#"{ "registry": {"table": "${registry.table}"}, "issuers": [
            { "issuer": "a", "claims": { "tenant": "custom:tenant_id" }, "keys": { "jwks": ${jwks.main} } }, { "issuer": "b" } ] }"#;
        let names = parse(text).unwrap();
        let tenants: Vec<&str> = names.iter().map(|names| names.tenant.as_str()).collect();
        assert_eq!(tenants, ["custom:tenant_id", "tenant"]);
        let preset = parse(r#"{"issuers": [{"preset": "entra", "claims": {"roles": ["a", "b"]}}]}"#).unwrap();
        assert_eq!((preset[0].user.as_str(), preset[0].roles.as_str(), preset[0].scopes.as_str()), ("oid", "a", "scp"));
        assert_eq!((names[0].user.as_str(), names[0].client_id.as_str()), ("sub", "client_id"));
    }

    #[test]
    fn what_are_no_settings_is_said() {
        for (text, words) in [
            ("[]", "expected struct"),
            (r#"{"issuers": []}"#, "name at least one"),
            (r#"{"issuers": [{"claims": {"tennant": "a"}}]}"#, "unknown field `tennant`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
