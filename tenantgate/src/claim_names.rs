//! What the issuers in the interceptors' settings call the claims that say who is calling.

use policy_model::lint::ClaimNames;
use serde::Deserialize;

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
    if document.issuers.is_empty() {
        return Err("issuers: empty list; at least one issuer is needed".to_owned());
    }
    Ok(document.issuers.into_iter().map(|issuer| issuer.claims.into_names()).collect())
}

/// Of a settings document only this is read.
#[derive(Deserialize)]
struct SettingsDocument {
    issuers: Vec<IssuerDocument>,
}

#[derive(Deserialize)]
struct IssuerDocument {
    #[serde(default)]
    claims: ClaimsDocument,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct ClaimsDocument {
    tenant: Option<String>,
    user: Option<String>,
    roles: Option<String>,
    scopes: Option<String>,
    client_id: Option<String>,
}

impl ClaimsDocument {
    fn into_names(self) -> ClaimNames {
        let standard = ClaimNames::default();
        ClaimNames {
            tenant: self.tenant.unwrap_or(standard.tenant),
            user: self.user.unwrap_or(standard.user),
            roles: self.roles.unwrap_or(standard.roles),
            scopes: self.scopes.unwrap_or(standard.scopes),
            client_id: self.client_id.unwrap_or(standard.client_id),
        }
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
        assert_eq!((names[0].user.as_str(), names[0].client_id.as_str()), ("sub", "client_id"));
    }

    #[test]
    fn what_are_no_settings_is_said() {
        for (text, words) in [
            ("[]", "expected struct"),
            (r#"{"issuers": []}"#, "at least one issuer"),
            (r#"{"issuers": [{"claims": {"tennant": "a"}}]}"#, "unknown field `tennant`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
