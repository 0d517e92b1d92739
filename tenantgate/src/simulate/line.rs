//! What an audit line says of a decision.

use std::borrow::Cow;

use policy_model::recorded::Facts;
use policy_model::{AgentName, ModelName, Resource, TenantId, ToolName};
use serde::Deserialize;
use serde_json::Value;

/// An audit line, as far as it matters here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditLine<'l> {
    #[serde(borrow)]
    target: Cow<'l, str>,
    #[serde(borrow)]
    pub(super) decision_id: Cow<'l, str>,
    #[serde(borrow)]
    point: Cow<'l, str>,
    tenant: Option<String>,
    #[serde(borrow)]
    pub(super) subject: Option<Cow<'l, str>>,
    #[serde(default)]
    pub(super) machine: bool,
    #[serde(borrow)]
    agent_name: Option<Cow<'l, str>>,
    #[serde(borrow)]
    method: Option<Cow<'l, str>>,
    #[serde(borrow)]
    tool: Option<Cow<'l, str>>,
    #[serde(borrow)]
    prompt: Option<Cow<'l, str>>,
    #[serde(borrow)]
    model: Option<Cow<'l, str>>,
    #[serde(borrow)]
    resource: Option<Cow<'l, str>>,
    #[serde(borrow)]
    effect: Cow<'l, str>,
    #[serde(borrow)]
    pub(super) reason: Cow<'l, str>,
    #[serde(default)]
    pub(super) rewritten: bool,
    #[serde(borrow)]
    facts: Option<Cow<'l, str>>,
    pub(super) sample_rate: Option<f64>,
}

/// What kind of decision a line is of.
pub(super) enum Kind {
    /// An answer: its request was decided before.
    Answer,
    /// A list or a session, which every known caller may ask for.
    Session,
    /// It was refused before the policies were asked.
    Refused,
    /// It was decided, and the line does not say on what.
    WithoutFacts,
    /// It was decided, and can be again.
    Decided(Box<Facts>),
}

/// What was asked for, as a line names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Named {
    Tool(String),
    Prompt(String),
    Model(String),
    /// The hash of a URI.
    Resource(String),
    Agent(String),
    Nothing,
}

/// Whether a text that is no audit line may be what is left of one: cut off, in another wrapping, or with members of another type.
pub(super) fn is_unreadable(text: &str) -> bool {
    let is_of_others = || {
        let target =
            serde_json::from_str::<Value>(text).ok().and_then(|line| Some(line.get("target")?.as_str()? != TARGET));
        target.unwrap_or(false)
    };
    MARKS.iter().any(|mark| text.contains(mark)) && !is_of_others()
}

impl<'l> AuditLine<'l> {
    /// Takes an audit line; none of any other text.
    pub(super) fn parse(text: &'l str) -> Option<AuditLine<'l>> {
        let line: AuditLine<'l> = serde_json::from_str(text).ok()?;
        (line.target == TARGET).then_some(line)
    }

    pub(super) fn tenant(&self) -> Option<TenantId> {
        TenantId::parse(self.tenant.as_ref()?).ok()
    }

    /// Whether it names a tenant that cannot be one.
    pub(super) fn has_strange_tenant(&self) -> bool {
        self.tenant.is_some() && self.tenant().is_none()
    }

    pub(super) fn kind(&self) -> Kind {
        if self.point != "request" {
            return Kind::Answer;
        }
        if let Some(facts) = &self.facts {
            return Facts::parse(facts).map_or(Kind::WithoutFacts, |facts| Kind::Decided(Box::new(facts)));
        }
        match self.reason.as_ref() {
            "SESSION" => Kind::Session,
            "ALLOW_RULE" | "DENY_RULE" | "NO_RULE" => Kind::WithoutFacts,
            _ => Kind::Refused,
        }
    }

    /// Whether it was allowed, where facts do not say it.
    pub(super) fn is_allowed(&self) -> bool {
        self.effect == "ALLOW"
    }

    /// Why there may be no facts: of tasks and completions the arguments are not known.
    pub(super) fn has_open_arguments(&self) -> bool {
        self.method.as_ref().is_some_and(|method| method.starts_with("tasks/") || method == "completion/complete")
    }

    pub(super) fn named(&self) -> Named {
        let own = |name: &Option<Cow<'l, str>>| name.as_ref().map(|name| name.as_ref().to_owned());
        let named = [
            own(&self.tool).map(Named::Tool),
            own(&self.prompt).map(Named::Prompt),
            own(&self.model).map(Named::Model),
            own(&self.resource).map(Named::Resource),
            own(&self.agent_name).map(Named::Agent),
        ];
        named.into_iter().flatten().next().unwrap_or(Named::Nothing)
    }
}

impl Named {
    /// As a policy names it; none of what only its hash is known.
    pub(super) fn resource(&self) -> Option<Resource<'_>> {
        match self {
            Named::Tool(name) => ToolName::parse(name).ok().map(Resource::Tool),
            Named::Prompt(name) => ToolName::parse(name).ok().map(Resource::Prompt),
            Named::Model(name) => ModelName::parse(name).map(Resource::Model),
            Named::Agent(name) => AgentName::parse(name).map(Resource::Agent),
            Named::Resource(_) | Named::Nothing => None,
        }
    }

    /// The kind and the name.
    pub(super) fn words(&self) -> [&str; 2] {
        match self {
            Named::Tool(name) => ["tool", name],
            Named::Prompt(name) => ["prompt", name],
            Named::Model(name) => ["model", name],
            Named::Resource(hash) => ["resource", hash],
            Named::Agent(name) => ["agent", name],
            Named::Nothing => ["nothing", ""],
        }
    }
}

const TARGET: &str = "tenantgate::audit";

/// What every audit line has, of which one stands at its end and one near its beginning.
const MARKS: [&str; 2] = [TARGET, "decisionId"];

#[cfg(test)]
mod tests {
    use super::is_unreadable;

    #[test]
    fn what_is_left_of_an_audit_line_is_told_from_other_lines() {
        for text in [
            r#"{"timestamp":"t","decisionId":"d","point":"request","tenant":"ac"#,
            r#"enant":"acme","target":"tenantgate::audit"}"#,
            r#"{""decisionId"": ""d"", ""target"": ""tenantgate::audit""}""#,
            r#"{"decisionId":"d","tenant":["acme"],"target":"tenantgate::audit"}"#,
            r#"{"decisionId":"d","target":5}"#,
        ] {
            assert!(is_unreadable(text), "{text}");
        }
        for text in
            ["START RequestId: 1", "", r#"{"decisionId":"d","target":"tenantgate::identity"}"#, r#"{"timestamp":"t"}"#]
        {
            assert!(!is_unreadable(text), "{text}");
        }
    }
}
