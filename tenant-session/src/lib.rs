//! A verified user's token for AWS credentials of a role session that is tagged with the user's tenant.
//!
//! [`broker`] is the whole way: who presents the token (`interceptors::identity`), whether the token may speak for its tenant to AWS
//! ([`tag_claims`]), the exchange at AWS STS ([`exchange`], for the role of a [`role_arn`]), and `held`, which remembers
//! [`credentials`] for one tenant, issuer and subject; [`fault`] is every reason not to. [`endpoint`] is the container-credentials face with its `sessions`,
//! `guard` and [`server`]; `credentials_command` is the credential-process face; [`cli`] is the command line, [`aws`] how AWS is reached, `log` what is
//! written down.

pub mod aws;
pub mod broker;
pub mod cli;
pub mod credentials;
mod credentials_command;
pub mod endpoint;
pub mod exchange;
pub mod failure;
pub mod fault;
mod guard;
mod held;
mod log;
pub mod role_arn;
mod serve_command;
pub mod server;
mod sessions;
pub mod tag_claims;
