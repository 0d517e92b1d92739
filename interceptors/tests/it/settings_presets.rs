//! What a preset stands for, and what comes before it.

use interceptors::settings::{
    ActorSource, IssuerSettings, KeySettings, MachineClients, Preset, Settings, TenantBinding, TenantSelection,
};
use jsonwebtoken::Algorithm;
use policy_model::TenantId;
use serde_json::{Value, json};

use crate::settings::changed;
use crate::stage::aws;

#[test]
fn a_preset_says_what_a_providers_tokens_look_like_and_where_its_keys_are() {
    for (word, preset, tenant, user, clients) in [
        ("cognito", Preset::Cognito, "custom:tenant_id", "sub", &["client_id"][..]),
        ("entra", Preset::Entra, "tid", "oid", &["azp", "appid"]),
        ("okta", Preset::Okta, "tenant", "uid", &["cid"]),
        ("auth0", Preset::Auth0, "org_id", "sub", &["azp", "client_id"]),
        ("generic-oidc", Preset::GenericOidc, "tenant", "sub", &["client_id", "azp"]),
    ] {
        let issuer = parsed(&json!({"issuer": "https://id.example/a/", "preset": word, "audiences": ["api"]}));
        assert_eq!(issuer.preset, Some(preset));
        assert_eq!(issuer.algorithms, [Algorithm::RS256]);
        assert_eq!(
            (issuer.claims.tenant.path(), issuer.claims.user.path()),
            (&[tenant.to_owned()][..], &[user.to_owned()][..])
        );
        let names: Vec<&str> = issuer.claims.client_ids.iter().map(|name| name.path()[0].as_str()).collect();
        assert_eq!(names, clients, "{word}");
        let KeySettings::Discovery { document, issuer: own, key_hosts } = issuer.keys else { panic!("{word}") };
        assert_eq!(document, "https://id.example/a/.well-known/openid-configuration");
        assert_eq!(own, "https://id.example/a/");
        assert_eq!(key_hosts.len(), if preset == Preset::Entra { 4 } else { 0 }, "{word}");
        assert_eq!(issuer.tenants, TenantBinding::Memberships);
        assert_eq!(issuer.tenant_selection, TenantSelection::Claim);
        assert_eq!((issuer.machine_clients, issuer.actor), (MachineClients::Refuse, ActorSource::Act));
    }
}

#[test]
fn what_is_written_comes_before_a_preset() {
    let issuer = parsed(&json!({
        "issuer": "https://id.example", "preset": "cognito", "clientIds": ["app"], "algorithms": ["ES256", "PS512"],
        "claims": {"tenant": "https://example.com/tenant", "user": "a.b", "roles": ["realm_access", "roles"], "scopes": "scp", "clientId": "app"},
        "keys": {"discovery": "https://other.example/metadata", "hosts": ["Keys.Example"]},
        "tenants": ["acme", "globex"], "tenantSelection": "MEMBERSHIP", "machineClients": "REGISTERED", "actor": "CLIENT",
    }));
    let tenants: Vec<TenantId> = ["acme", "globex"].map(|tenant| TenantId::parse(tenant).unwrap()).into();
    assert_eq!(issuer.algorithms, [Algorithm::ES256, Algorithm::PS512]);
    assert_eq!(issuer.claims.tenant.path(), ["https://example.com/tenant"]);
    assert_eq!(issuer.claims.user.path(), ["a.b"]);
    assert_eq!(issuer.claims.roles.path(), ["realm_access", "roles"]);
    assert_eq!(issuer.claims.client_ids.len(), 1);
    assert_eq!(issuer.tenants, TenantBinding::OneOf(tenants.into()));
    assert_eq!(issuer.tenant_selection, TenantSelection::Membership);
    assert_eq!((issuer.machine_clients, issuer.actor), (MachineClients::Registered, ActorSource::Client));
    let KeySettings::Discovery { document, key_hosts, .. } = issuer.keys else { panic!("no discovery") };
    assert_eq!(document, "https://other.example/metadata");
    assert_eq!(key_hosts, ["keys.example"]);
}

/// The one issuer of settings with this entry.
fn parsed(issuer: &Value) -> IssuerSettings {
    let settings = changed("", "issuers", json!([issuer]));
    let mut settings = Settings::parse(&settings.to_string(), aws()).unwrap();
    settings.issuers.remove(0)
}
