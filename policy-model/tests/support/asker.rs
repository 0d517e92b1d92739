//! Somebody who asks.

use policy_model::{Caller, TenantId, UserId, json};
use serde_json::Value;

/// Who asks, and when.
pub(crate) struct Asker {
    tenant: TenantId,
    user: UserId,
    agent: Option<String>,
    roles: [Vec<String>; 2],
    workspaces: Vec<String>,
    scopes: Vec<String>,
    claims: String,
    time: i64,
}

impl Asker {
    /// Alice at noon, but for what an object says otherwise: `user`, `agent`, `roles`, `registryRoles`, `workspaces`, `scopes`,
    /// `claims`, `time`, `decision`.
    pub(crate) fn new(special: &Value) -> Asker {
        let texts = |name: &str| -> Vec<String> {
            let list = special[name].as_array().cloned().unwrap_or_default();
            list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let known = ["user", "agent", "roles", "registryRoles", "workspaces", "scopes", "claims", "time", "decision"];
        assert!(special.as_object().is_none_or(|object| object.keys().all(|key| known.contains(&key.as_str()))));
        let time = special["time"].as_str().unwrap_or("2026-11-21T12:00:00Z");
        Asker {
            tenant: TenantId::parse("acme").unwrap(),
            user: UserId::parse(special["user"].as_str().unwrap_or("alice")).unwrap(),
            agent: special["agent"].as_str().map(str::to_owned),
            roles: [texts("roles"), texts("registryRoles")],
            workspaces: texts("workspaces"),
            scopes: texts("scopes"),
            claims: if special["claims"].is_null() { "{}".to_owned() } else { special["claims"].to_string() },
            time: seconds(time),
        }
    }

    /// What comes of the caller and the time.
    pub(crate) fn with_caller<T>(&self, then: impl FnOnce(&Caller<'_>, i64) -> T) -> T {
        let claims = json::parse(self.claims.as_bytes()).unwrap();
        let caller = Caller {
            tenant: &self.tenant,
            user: &self.user,
            issuer: "https://issuer.example",
            agent: self.agent.as_deref(),
            roles: [&self.roles[0], &self.roles[1]],
            workspaces: &self.workspaces,
            scopes: &self.scopes,
            claims: Some(claims.root()),
        };
        then(&caller, self.time)
    }
}

/// RFC 3339 in UTC to seconds since 1970.
pub(crate) fn seconds(text: &str) -> i64 {
    let part = |start: usize, end: usize| text.get(start..end).unwrap().parse::<i64>().unwrap();
    assert!(text.len() == 20 && text.ends_with('Z'), "{text}");
    let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
    // Days from civil, counting years from March.
    let year = if month <= 2 { year - 1 } else { year };
    let era_year = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year.div_euclid(400) * 146_097 + era_year * 365 + era_year / 4 - era_year / 100 + day_of_year - 719_468;
    days * 86_400 + part(11, 13) * 3_600 + part(14, 16) * 60 + part(17, 19)
}
