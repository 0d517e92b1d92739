//! The operator's command: replay the fixtures, invoke the interceptors, load the registry, mint tokens, check policies, try redactions, pin tools, check routes, sign and verify tenant contexts.

pub mod cli;
pub mod failure;

pub mod function;
mod output;
pub mod runtime_api;

pub mod client;
pub mod embedded;
pub mod registry_host;

mod key_directory;
pub mod keys;
pub mod signing_key;
mod weak_rsa;

pub mod callers;
pub mod placeholder;
pub mod settings;
pub mod token;

pub mod audit_line;
pub mod compare;
pub mod expectation;
pub mod fixture;
pub mod json;

mod claim_names;
mod client_context;
mod colour;
mod context_command;
mod excerpt;
mod gateway_body;
mod input;
mod invoke;
mod junit;
mod keys_command;
mod lint_report;
mod policy_command;
mod redact;
mod registry_command;
mod replay;
mod report;
mod route_check;
mod route_command;
mod secrets;
mod stage;
mod token_command;
mod tool_list;
mod tool_states;
mod tools_command;
mod tools_report;
mod trial;
mod unseen;
mod value_changes;
mod value_path;
