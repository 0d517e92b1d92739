//! Somebody who asks, and the answer.

use policy_model::{
    AgentName, Arguments, Caller, Decision, Denial, Layers, ModelName, Request, Resource, ResourceUri, TenantId,
    ToolName, UriTemplate, UserId, decide, json,
};
use serde_json::Value;

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Allowed(String),
    Denied(String, Option<String>),
    NoRule,
    /// What was asked for has no well-formed name.
    NotAName,
}

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
    /// `claims`, `time`.
    pub(crate) fn new(special: &Value) -> Asker {
        let texts = |name: &str| -> Vec<String> {
            let list = special[name].as_array().cloned().unwrap_or_default();
            list.iter().map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let known = ["user", "agent", "roles", "registryRoles", "workspaces", "scopes", "claims", "time"];
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

    /// The answer to a request for a thing of a kind; without arguments they are unknown, as in discovery.
    pub(crate) fn ask(&self, layers: Layers<'_>, kind: &str, name: &str, arguments: Option<&str>) -> Answer {
        let Some(resource) = resource(kind, name) else { return Answer::NotAName };
        match self.decide(layers, resource, arguments, ()) {
            Decision::Permit(permit) => Answer::Allowed(permit.rule().unwrap().to_string()),
            Decision::Denial(Denial::Rule { rule, reason, .. }) => {
                Answer::Denied(rule.to_string(), reason.map(|text| text.to_string()))
            }
            Decision::Denial(Denial::NoRule) => Answer::NoRule,
        }
    }

    pub(crate) fn decide<T>(
        &self,
        layers: Layers<'_>,
        resource: Resource<'_>,
        arguments: Option<&str>,
        subject: T,
    ) -> Decision<T> {
        let claims = json::parse(self.claims.as_bytes()).unwrap();
        let arguments = arguments.map(|text| json::parse(text.as_bytes()).unwrap());
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
        let arguments =
            arguments.as_ref().map_or(Arguments::Unknown, |arguments| Arguments::Known(Some(arguments.root())));
        decide(layers, &Request::new(&caller, resource, arguments, self.time), subject)
    }
}

pub(crate) fn resource<'n>(kind: &str, name: &'n str) -> Option<Resource<'n>> {
    match kind {
        "tool" => ToolName::parse(name).ok().map(Resource::Tool),
        "prompt" => ToolName::parse(name).ok().map(Resource::Prompt),
        "resource" => ResourceUri::parse(name).ok().map(Resource::Uri),
        "template" => UriTemplate::parse(name).ok().map(Resource::Template),
        "agent" => AgentName::parse(name).map(Resource::Agent),
        "model" => ModelName::parse(name).map(Resource::Model),
        other => panic!("unknown kind {other}"),
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
