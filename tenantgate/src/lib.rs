//! The operator's command: replay the fixtures, invoke the interceptors, keep the registry (policies and their versions, tenants, members, clients, routes, kills), mint tokens, check policies, try redactions, pin tools, check routes,
//! sign and verify tenant contexts, name and split Terraform states, attach the interceptors to a gateway, compare what is deployed with what was built.

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
mod simulate;
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

mod access_report;
mod answer;
mod aws_api;
mod claim_names;
mod client_command;
mod client_context;
mod colour;
mod completions_command;
mod confirm;
mod context_command;
mod deploy_check;
mod deploy_command;
mod doctor;
mod excerpt;
mod explain;
mod finding;
mod function_arn;
mod gateway_body;
mod gateway_command;
mod gateway_update;
mod input;
mod invoke;
mod junit;
mod keys_command;
mod kill_command;
mod lint_report;
mod log_command;
mod markdown;
mod member_command;
mod member_file;
mod member_import;
mod operator_desk;
mod policy_changes;
mod policy_command;
mod policy_diff;
mod policy_folder;
mod policy_publish;
mod policy_versions;
mod progress;
mod redact;
mod registry_access;
mod registry_command;
mod registry_file;
mod replay;
mod report;
mod route_binding;
mod route_check;
mod route_command;
mod secrets;
mod stage;
mod state_check;
mod state_command;
mod state_migrate;
mod state_unit;
mod status_command;
mod tenant_command;
mod token_command;
mod tool_list;
mod tool_states;
mod tools_command;
mod tools_report;
mod trial;
mod unseen;
mod value_changes;
mod value_path;
mod version_reference;
mod who_can;
