//! The registry against a real DynamoDB, embedded, and against endpoints that misbehave.
#![cfg(test)]

mod change;
mod context;
mod endpoint;
mod folder;
mod forward;
mod route;
mod table;
mod task;

mod admin_create;
mod admin_dump;
mod admin_load;
mod admin_load_errors;
mod admin_load_items;
mod admin_load_layers;
mod admin_load_routes;
mod cache_age;
mod cache_baseline;
mod cache_bound;
mod cache_policy;
mod cache_sharing;
mod changes_noted;
mod changes_trouble;
mod contexts_record;
mod contexts_trouble;
mod resolve_baseline;
mod resolve_clients;
mod resolve_grant;
mod resolve_keys;
mod resolve_malformed;
mod resolve_policy;
mod resolve_refusals;
mod resolve_shadow;
mod routes_cache;
mod routes_found;
mod routes_partition;
mod tasks_owner;
mod tasks_record;
mod tasks_trouble;
mod trouble_answers;
mod trouble_deadline;
mod trouble_environment;
mod trouble_errors;
mod trouble_recovery;
