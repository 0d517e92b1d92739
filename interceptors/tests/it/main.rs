//! The two interceptors through their public door.
#![cfg(test)]

// What the tests stand on.
mod context_aws;
mod context_stage;
mod corpora;
mod emf;
mod events;
mod fixtures;
mod forge;
#[path = "../../../policy-registry/tests/it/forward.rs"]
mod forward;
mod gatekeeper;
mod issuer;
mod mcp_corpus;
mod mutation;
mod naive_policy;
mod received;
mod results;
mod runtime_host;
mod signer;
mod stage;
mod tasks;
mod token_endpoint;
mod twins;

// The tests.
mod baseline;
mod callers;
mod callers_apart;
mod context_cache;
mod context_claims;
mod context_keys;
mod context_recipes;
mod context_settings;
mod context_trouble;
mod context_verify;
mod corpus_messages;
mod fetches;
mod headers_of_claims;
mod hostile_events;
mod http_laws;
mod idempotence;
mod identity_page;
mod keys_by_discovery;
mod keys_by_url;
mod keys_refreshed;
mod leaks;
mod listing;
mod oauth_server;
mod outgoing;
mod packed_secrets;
mod pins;
mod reply_bounds;
mod reporting;
mod rewriting;
mod rewriting_decision;
mod runtime_api;
mod settings;
mod settings_identities;
mod settings_presets;
mod tasks_answers;
mod tasks_created;
mod tasks_list;
mod tasks_owner;
mod tasks_policy;
mod token_exchange;
mod token_exchange_answers;
mod token_exchange_client;
mod token_exchange_kept;
mod token_exchange_settings;
mod token_vectors;
mod wycheproof;
