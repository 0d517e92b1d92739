//! What a policy says, what it decides and what it redacts.
//!
//! Pure: no clock, no environment, no input or output. In reading order:
//! [`id`] and [`tool_name`] are the names of things, [`policy`] is the document and what it means, [`decision`] answers
//! "may this caller call this tool?", [`redaction`] takes values out of results, [`json`] is the text that both work on.

pub mod decision;
pub mod id;
pub mod json;
mod pattern;
pub mod policy;
pub mod redaction;
mod selector;
mod tool_index;
pub mod tool_name;

pub use decision::{Decision, Denial, Permit, admit, decide};
pub use id::{InvalidId, PolicyId, RuleId, TenantId, UserId};
pub use policy::{Policy, PolicyError};
pub use tool_name::{InvalidToolName, ToolName};
