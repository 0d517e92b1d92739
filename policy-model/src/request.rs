//! What is decided on: who asks for what, with which arguments, and when.

use std::cell::OnceCell;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::discovery::SearchWork;
use crate::id::{DecisionId, TenantId, UserId};
use crate::json::{self, Document, Value, quote};
use crate::redaction::HashKey;
use crate::tool_name::ToolName;
use crate::uri::{ResourceUri, UriTemplate};

/// Who asks, from a verified token and the registry.
#[derive(Clone, Copy)]
pub struct Caller<'c> {
    /// The tenant.
    pub tenant: &'c TenantId,
    /// The user.
    pub user: &'c UserId,
    /// Who says that this is the user.
    pub issuer: &'c str,
    /// The agent that calls on the user's behalf.
    pub agent: Option<&'c str>,
    /// Roles from the token, and roles from the registry.
    pub roles: [&'c [String]; 2],
    /// Workspaces from the registry.
    pub workspaces: &'c [String],
    /// Scopes of the token.
    pub scopes: &'c [String],
    /// The token's claims, an object.
    pub claims: Option<Value<'c>>,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource<'r> {
    /// A tool.
    Tool(ToolName<'r>),
    /// A prompt, named like a tool.
    Prompt(ToolName<'r>),
    /// A resource.
    Uri(ResourceUri<'r>),
    /// Some of the resources that a template produces.
    Template(UriTemplate<'r>),
    /// An agent, or one of its skills.
    Agent(AgentName<'r>),
    /// A model.
    Model(ModelName<'r>),
}

/// The arguments of a call.
#[derive(Debug, Clone, Copy)]
pub enum Arguments<'a> {
    /// These; there may be none.
    Known(Option<Value<'a>>),
    /// Any: the question is whether some of them could be allowed, as in discovery.
    Unknown,
}

/// One question to a policy.
pub struct Request<'r> {
    pub(crate) caller: &'r Caller<'r>,
    pub(crate) resource: Resource<'r>,
    pub(crate) arguments: Arguments<'r>,
    /// Seconds since 1970.
    pub(crate) time: i64,
    decision: Option<DecisionId<'r>>,
    facts: Facts<'r>,
    pub(crate) search: Option<&'r SearchWork>,
}

/// What else than claims and arguments is known, written when a condition asks for it.
enum Facts<'r> {
    Own(OnceCell<Option<Document<'static>>>),
    /// Those of the same question about other arguments.
    Of(&'r OnceCell<Option<Document<'static>>>),
}

impl<'r> Request<'r> {
    /// A question at a time, in seconds since 1970. Only tools and prompts have arguments.
    pub fn new(caller: &'r Caller<'r>, resource: Resource<'r>, arguments: Arguments<'r>, time: i64) -> Request<'r> {
        let arguments = match resource {
            Resource::Tool(_) | Resource::Prompt(_) => arguments,
            Resource::Uri(_) | Resource::Template(_) | Resource::Agent(_) | Resource::Model(_) => {
                Arguments::Known(None)
            }
        };
        Request { caller, resource, arguments, time, decision: None, facts: Facts::Own(OnceCell::new()), search: None }
    }

    /// The same question, whose answer has this id: what is set from it in arguments.
    pub fn with_decision(self, decision: Option<DecisionId<'r>>) -> Request<'r> {
        Request { decision, facts: Facts::Own(OnceCell::new()), ..self }
    }

    /// The same question among others, all of which may take this much work.
    pub fn among(self, search: &'r SearchWork) -> Request<'r> {
        Request { search: Some(search), ..self }
    }

    /// The same question about other arguments, by the same caller, perhaps with other claims.
    pub(crate) fn with_arguments<'a>(&'a self, caller: &'a Caller<'a>, arguments: Option<Value<'a>>) -> Request<'a> {
        Request {
            caller,
            resource: self.resource.clone(),
            arguments: Arguments::Known(arguments),
            time: self.time,
            decision: self.decision,
            facts: Facts::Of(self.facts.cell()),
            search: None,
        }
    }

    /// A digest of the arguments' canonical form (RFC 8785); none where there are none, or more than [`DIGESTED_BYTES_MAX`], or they
    /// have no canonical form.
    pub fn arguments_digest(&self, key: &HashKey) -> Option<[u8; 16]> {
        let Arguments::Known(Some(arguments)) = self.arguments else { return None };
        let is_small = arguments.text().len() <= DIGESTED_BYTES_MAX;
        let canonical = if is_small { arguments.canonical().ok() } else { None };
        canonical.map(|canonical| key.digest_of_arguments(&canonical))
    }

    /// The members of what `$` is in a condition, and in what a policy sets.
    pub(crate) fn roots(&self, has_facts: bool) -> [(&'static str, Option<Value<'_>>); 8] {
        let arguments = match self.arguments {
            Arguments::Known(arguments) => arguments,
            Arguments::Unknown => None,
        };
        let facts = if has_facts { self.facts.cell().get_or_init(|| self.write_facts()).as_ref() } else { None };
        let fact = |name: &'static str| (name, facts.and_then(|facts| facts.root().get(name)));
        [
            (CLAIMS, self.caller.claims),
            (ARGUMENTS, arguments),
            fact("tool"),
            fact("tenant"),
            fact("user"),
            fact("agent"),
            fact("time"),
            fact(DECISION),
        ]
    }

    fn write_facts(&self) -> Option<Document<'static>> {
        facts(self.caller, Some(&self.resource), self.time, self.decision)
    }
}

impl Facts<'_> {
    fn cell(&self) -> &OnceCell<Option<Document<'static>>> {
        match self {
            Facts::Own(cell) => cell,
            Facts::Of(cell) => cell,
        }
    }
}

/// What paths find besides claims and arguments: one document.
pub(crate) fn facts(
    caller: &Caller<'_>,
    resource: Option<&Resource<'_>>,
    time: i64,
    decision: Option<DecisionId<'_>>,
) -> Option<Document<'static>> {
    let list = |names: &mut dyn Iterator<Item = &String>| {
        let quoted: Vec<String> = names.map(|name| quote(name)).collect();
        quoted.join(",")
    };
    let mut text = String::from("{");
    match resource {
        Some(Resource::Tool(name)) => {
            text.push_str(&format!("\"tool\":{{\"name\":{}", quote(name.as_str())));
            if let Some(target) = name.target() {
                text.push_str(&format!(",\"target\":{}", quote(target)));
            }
            text.push_str("},");
        }
        Some(
            Resource::Prompt(_) | Resource::Uri(_) | Resource::Template(_) | Resource::Agent(_) | Resource::Model(_),
        )
        | None => {}
    }
    if let Some(agent) = caller.agent {
        text.push_str(&format!("\"agent\":{{\"id\":{}}},", quote(agent)));
    }
    if let Some(decision) = decision {
        text.push_str(&format!("\"decision\":{{\"id\":{}}},", quote(decision.as_str())));
    }
    // A clock outside of the years that can be written leaves conditions on the time without an answer.
    let time = OffsetDateTime::from_unix_timestamp(time).ok().and_then(|time| time.format(&Rfc3339).ok());
    if let Some(time) = time {
        text.push_str(&format!("\"time\":{},", quote(&time)));
    }
    text.push_str(&format!(
        "\"tenant\":{{\"id\":{}}},\"user\":{{\"id\":{},\"issuer\":{},\"roles\":[{}],\"workspaces\":[{}],\"scopes\":[{}]}}}}",
        quote(caller.tenant.as_str()),
        quote(caller.user.as_str()),
        quote(caller.issuer),
        list(&mut caller.roles.iter().copied().flatten()),
        list(&mut caller.workspaces.iter()),
        list(&mut caller.scopes.iter()),
    ));
    json::parse_owned(text).ok()
}

/// The names of what a path of a condition can begin with.
pub const ROOTS: &[&str] = &[CLAIMS, ARGUMENTS, "tool", "tenant", "user", "agent", "time"];

/// The same of what a policy sets in arguments: never the arguments, which are the caller's own word, nor the time, which is
/// another one at RESPONSE. The decision's id is another one there as well, but can be read in the arguments that went on.
pub(crate) const VALUE_ROOTS: &[&str] = &[CLAIMS, "tool", "tenant", "user", "agent", DECISION];

/// The same of what it sets in headers, which go along with every request.
pub(crate) const HEADER_ROOTS: &[&str] = &[CLAIMS, "tenant", "user", "agent", "time", DECISION];

pub(crate) const CLAIMS: &str = "claims";

pub(crate) const ARGUMENTS: &str = "arguments";

pub(crate) const DECISION: &str = "decision";

/// Most bytes of arguments of which a digest is made.
pub const DIGESTED_BYTES_MAX: usize = 1 << 16;

/// Longest name of an agent, in bytes.
pub const AGENT_NAME_BYTES_MAX: usize = 128;

/// Longest id of a skill, in bytes.
pub const SKILL_ID_BYTES_MAX: usize = 128;

/// Longest name of a model, in bytes.
pub const MODEL_NAME_BYTES_MAX: usize = 256;

/// An agent: 1 to 128 of `[A-Za-z0-9._-]`; or one of its skills, `<agent>/<skill>`, of which both are so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentName<'n> {
    text: &'n str,
    agent: &'n str,
    skill: Option<&'n str>,
}

/// A model: 1 to 256 of `[A-Za-z0-9._:/@-]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelName<'n>(&'n str);

impl<'n> AgentName<'n> {
    /// Takes the name of an agent.
    pub fn parse(text: &'n str) -> Option<AgentName<'n>> {
        is_agent_name(text).then_some(AgentName { text, agent: text, skill: None })
    }

    /// Takes the name of a skill: `<agent>/<skill>`.
    pub fn parse_skill(text: &'n str) -> Option<AgentName<'n>> {
        let (agent, skill) = text.split_once('/')?;
        (is_agent_name(agent) && is_skill_id(skill)).then_some(AgentName { text, agent, skill: Some(skill) })
    }

    /// The whole name.
    pub fn as_str(&self) -> &'n str {
        self.text
    }

    /// The agent that it is, or whose skill it is.
    pub fn agent(&self) -> &'n str {
        self.agent
    }

    /// The skill; `None` for the agent itself.
    pub fn skill(&self) -> Option<&'n str> {
        self.skill
    }
}

impl<'n> ModelName<'n> {
    /// Takes a name that fits the grammar.
    pub fn parse(text: &'n str) -> Option<ModelName<'n>> {
        is_model_name(text).then_some(ModelName(text))
    }

    /// The name.
    pub fn as_str(&self) -> &'n str {
        self.0
    }
}

pub(crate) fn is_agent_name(text: &str) -> bool {
    (1..=AGENT_NAME_BYTES_MAX).contains(&text.len()) && is_of_words(text)
}

pub(crate) fn is_skill_id(text: &str) -> bool {
    (1..=SKILL_ID_BYTES_MAX).contains(&text.len()) && is_of_words(text)
}

fn is_of_words(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

pub(crate) fn is_model_name(text: &str) -> bool {
    (1..=MODEL_NAME_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:/@-".contains(&byte))
}
