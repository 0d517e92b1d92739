//! What a policy says, what it decides and what it redacts.
//!
//! Pure: no clock, no environment, no input or output. In reading order:
//! [`id`] and [`tool_name`] are the names of things, [`definition`] is what a tool is said to be, [`policy`] is the document and what it means, [`decision`] answers
//! "may this caller call this tool?", [`explanation`] why, [`reach`] who may, [`recorded`] the same of what an audit line says, [`rewriting`] and [`header`] are what goes on with a call,
//! [`redaction`] takes values out of results, [`detector`] finds them in free text, [`invisible`] is what nobody sees of a text, [`lint`] is for authors, [`audience`] and [`outline`] for those who look at many policies, [`json`] is
//! the text that they work on.

mod agent_index;
pub mod audience;
pub mod comparison;
mod condition;
pub mod decision;
pub mod definition;
pub mod detector;
mod discovery;
pub mod explanation;
pub mod header;
pub mod id;
pub mod invisible;
pub mod json;
mod limit;
pub mod lint;
mod model_index;
mod name_index;
pub mod outline;
mod pattern;
pub mod policy;
mod push_url;
pub mod reach;
pub mod recorded;
pub mod redaction;
pub mod request;
mod resource_index;
pub mod rewriting;
mod rule;
mod selector;
pub mod spelling;
mod tool_index;
pub mod tool_name;
pub mod uri;
mod uri_index;

pub use decision::{Decision, Denial, Effect, Layer, Layers, LogOnly, Permit, admit, decide, would_decide};
pub use definition::{Digest, Pinned};
pub use discovery::SearchWork;
pub use explanation::explain;
pub use id::{DecisionId, InvalidId, PolicyId, RuleId, TenantId, UserId};
pub use limit::{Bound, Exceeded};
pub use policy::{Policy, PolicyError};
pub use request::{AgentName, Arguments, Caller, ModelName, Request, Resource};
pub use tool_name::{InvalidToolName, ToolName};
pub use uri::{InvalidUri, ResourceUri, UriTemplate};
