//! The two Lambdas of tenantgate, as one library: AgentCore Gateway's interceptor contract, tokens, the pipelines and audit.
//!
//! In the order of the pipeline: [`event`] is what the gateway sends, [`message`] what the caller says in it ([`method`],
//! [`headers`], [`names`]), [`token`] and [`iam`] who that is, [`identity`] and `resolve` for which tenant and under which policies, `authorize` whether it may pass (`rewriting` with
//! which arguments), `answer`, [`list`], [`redacting`] and [`tool_result`] what of an answer may be
//! seen (`invisible` what nobody sees), `pins` whether a tool is the one that was reviewed, `outgoing` what goes along ([`tenant_context`], [`token_exchange`],
//! `trace`, `reserved`), [`reply`] what goes back,
//! [`tenant_context`] what a target can verify of it, [`refusal`] every reason not to, [`audit`] what is written down. [`interceptor`] runs the
//! pipeline, [`lambda`] runs the interceptor ([`gateway_context`] is what comes beside the event); [`captured`] is for trying redactions without one, [`recorded_event`] for deciding again.

mod a2a;
mod added_headers;
mod answer;
pub mod audit;
mod authorize;
pub mod captured;
mod catalog;
pub mod event;
pub mod gateway_context;
mod given_arguments;
pub mod headers;
mod http;
pub mod iam;
pub mod identity;
mod inference;
pub mod interceptor;
mod invisible;
pub mod lambda;
pub mod list;
mod log;
mod mention;
pub mod message;
pub mod method;
mod mirrored;
pub mod names;
mod outgoing;
mod own_words;
mod pem;
mod pins;
mod private_key;
mod protocol;
mod question;
pub mod recorded_event;
pub mod redacting;
pub mod refusal;
pub mod reply;
mod request;
mod reserved;
mod resolve;
mod response;
mod rewriting;
mod search;
mod sent_on;
pub mod settings;
mod spelling;
mod task;
mod task_list;
pub mod tenant_context;
pub mod token;
pub mod token_exchange;
mod tool_entry;
pub mod tool_result;
mod trace;
pub mod view;
pub mod wanted;
mod web;
mod within;
