//! `tenantgate context`: what a receiver makes of a tenant context.

use std::io::{self, Write};
use std::time::Duration;

use clap::{Args, Subcommand};
use interceptors::tenant_context::{Expected, TenantContext, Unverified, verify};
use interceptors::token::KeySet;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::Verdict;
use crate::excerpt::visible;
use crate::failure::Failure;
use crate::{callers, input};

/// See what a receiver makes of a tenant context
#[derive(Debug, Subcommand)]
pub(crate) enum ContextCommand {
    /// Verify a context and print what it says
    #[command(
        after_long_help = "Everything is checked that a receiver has to check: the kind of token, the algorithm against the key, the signature,
issuer, audience and time. Without TOKEN it is read from standard input, where it does not show up in a list of processes.

Examples:
  tenantgate context verify --jwks jwks.json --issuer https://tenantgate.example/prod --audience orders < token
  tenantgate context verify --jwks jwks.json --issuer https://tenantgate.example/prod --audience orders --json < token

Exit codes:
  0  it verifies
  1  it does not; the reason is printed
  2  wrong usage, or a key set that cannot be used"
    )]
    Verify(VerifyArguments),
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The published keys, as `tenantgate keys jwks` prints them
    #[arg(long, value_name = "FILE")]
    jwks: String,
    /// The claim `iss` that is expected
    #[arg(long, value_name = "ISS")]
    issuer: String,
    /// The claim `aud` that is expected
    #[arg(long, value_name = "AUD")]
    audience: String,
    /// Tolerance for the signer's clock
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(..=300))]
    leeway: u64,
    /// Write JSON
    #[arg(long)]
    json: bool,
    /// The context; - or nothing is standard input
    #[arg(value_name = "TOKEN", default_value = input::STANDARD_INPUT, hide_default_value = true)]
    token: String,
}

/// Runs the command.
pub(crate) fn run(command: &ContextCommand) -> Result<Verdict, Failure> {
    match command {
        ContextCommand::Verify(arguments) => run_verify(arguments),
    }
}

fn run_verify(arguments: &VerifyArguments) -> Result<Verdict, Failure> {
    input::check_once([arguments.jwks.as_str(), arguments.token.as_str()])?;
    let keys = read_keys(&arguments.jwks)?;
    let expected = Expected {
        issuer: &arguments.issuer,
        audience: &arguments.audience,
        leeway: Duration::from_secs(arguments.leeway),
    };
    let now = callers::now();
    let verified = read_token(&arguments.token)?.and_then(|token| verify(token.trim_ascii(), &keys, &expected, now));
    let text = match (&verified, arguments.json) {
        (Ok(context), false) => describe(context, now),
        (Ok(context), true) => format!("{{\"verified\":true,\"claims\":{}}}\n", context.claims.text()),
        (Err(why), true) => format!("{}\n", json!({"verified": false, "reason": why.to_string()})),
        (Err(why), false) => return Err(Failure::run(format!("the context does not verify: {why}"))),
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(if verified.is_ok() { Verdict::Success } else { Verdict::FailuresFound })
}

fn read_keys(file: &str) -> Result<KeySet, Failure> {
    let text = input::read(file, KEY_SET_BYTES_MAX, "key set")?;
    let wrong = |what: &str| Failure::input(format!("{} is no key set: {what}", input::name(file)));
    let keys = KeySet::parse(&text).map_err(|invalid| wrong(invalid.0))?;
    if keys.is_empty() {
        return Err(wrong("there is no usable key in it; `tenantgate keys jwks` prints one"));
    }
    Ok(keys)
}

/// What is no text is no token.
fn read_token(token: &str) -> Result<Result<String, Unverified>, Failure> {
    if token != input::STANDARD_INPUT {
        return Ok(Ok(token.to_owned()));
    }
    let text = input::read(token, TOKEN_BYTES_READ, "token")?;
    Ok(String::from_utf8(text).map_err(|_| Unverified::Format))
}

fn describe(context: &TenantContext, now: u64) -> String {
    let listed = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let actors = listed(context.actors.iter().map(|actor| actor.as_str()).collect());
    let scopes = listed(context.scopes.iter().map(String::as_str).collect());
    let left = context.expires.saturating_sub(now);
    let lines = [
        ("tenant", context.tenant.to_string()),
        ("user", context.user.to_string()),
        ("user's issuer", context.user_issuer.clone()),
        ("actors", actors),
        ("scopes", scopes),
        ("signed", time_text(context.issued)),
        ("expires", format!("{} ({left} s left)", time_text(context.expires))),
        ("decision", context.decision_id.clone()),
    ];
    let lines = lines.map(|(name, value)| format!("{name:<14} {}\n", visible(&value)));
    format!("verified\n{}", lines.concat())
}

fn time_text(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| seconds.to_string())
}

/// So much of a key set is read: as much as one may have, and one byte more tells that it has more.
const KEY_SET_BYTES_MAX: usize = 256 * 1024;

/// So much of standard input is read: more than a token may have.
const TOKEN_BYTES_READ: usize = 16 * 1024;
