//! `tenantgate token`: tokens for development, and the keys that verify them.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Map, Value, json};

use crate::callers;
use crate::cli::Verdict;
use crate::failure::Failure;
use crate::keys::{DEFAULT_KEY_DIRECTORY, KeyName, KeyRing, KeySet};
use crate::token::{self, Caller, DEFAULT_AUDIENCE, DEFAULT_ISSUER, TENANT_CLAIM, TokenKey};

/// Mint development tokens, and show the keys that verify them
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Write one compact token
    #[command(after_long_help = "Examples:
  tenantgate token mint --subject alice --tenant acme
  tenantgate token mint --subject alice --tenant acme --role admin --scope orders:read --expires-in 60
  tenantgate token mint --subject ci --tenant acme --claim 'client_id=\"ci\"' --algorithm RS256

The keys are for development only: nobody but `tenantgate invoke` trusts them, unless told to.")]
    Mint(MintArguments),
    /// Write the public keys as a JWKS document
    Jwks {
        /// The development keys; created on first use
        #[arg(long, value_name = "DIR", default_value = DEFAULT_KEY_DIRECTORY)]
        key_dir: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct MintArguments {
    /// The claim `sub`
    #[arg(long)]
    subject: String,
    /// The claim `custom:tenant_id`
    #[arg(long)]
    tenant: String,
    /// The claim `iss`
    #[arg(long, default_value = DEFAULT_ISSUER)]
    issuer: String,
    /// The claim `aud`
    #[arg(long, default_value = DEFAULT_AUDIENCE)]
    audience: String,
    /// An element of the claim `roles`; may be repeated
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// A word of the claim `scope`; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Another claim; `null` removes one; may be repeated
    #[arg(long = "claim", value_name = "NAME=JSON", value_parser = parse_claim)]
    claims: Vec<(String, Value)>,
    /// What to sign with
    #[arg(long, value_enum, default_value_t = TokenAlgorithm::Es256)]
    algorithm: TokenAlgorithm,
    /// Seconds until it expires; may be negative
    #[arg(long, value_name = "SECONDS", default_value_t = 600, allow_negative_numbers = true)]
    expires_in: i64,
    /// The development keys; created on first use
    #[arg(long, value_name = "DIR", default_value = DEFAULT_KEY_DIRECTORY)]
    key_dir: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "verbatim")]
enum TokenAlgorithm {
    #[value(name = "ES256")]
    Es256,
    #[value(name = "ES384")]
    Es384,
    #[value(name = "RS256")]
    Rs256,
    #[value(name = "RS384")]
    Rs384,
    #[value(name = "RS512")]
    Rs512,
    #[value(name = "PS256")]
    Ps256,
    #[value(name = "PS384")]
    Ps384,
    #[value(name = "PS512")]
    Ps512,
    #[value(name = "EdDSA")]
    EdDsa,
}

impl TokenAlgorithm {
    fn key_and_text(self) -> (KeyName, &'static str) {
        match self {
            Self::Es256 => (KeyName::Es256, "ES256"),
            Self::Es384 => (KeyName::Es384, "ES384"),
            Self::Rs256 => (KeyName::Rs256, "RS256"),
            Self::Rs384 => (KeyName::Rs256, "RS384"),
            Self::Rs512 => (KeyName::Rs256, "RS512"),
            Self::Ps256 => (KeyName::Rs256, "PS256"),
            Self::Ps384 => (KeyName::Rs256, "PS384"),
            Self::Ps512 => (KeyName::Rs256, "PS512"),
            Self::EdDsa => (KeyName::EdDsa, "EdDSA"),
        }
    }
}

/// Runs the command.
pub(crate) fn run(command: &TokenCommand) -> Result<Verdict, Failure> {
    let text = match command {
        TokenCommand::Mint(arguments) => mint(arguments, &KeyRing::open(&arguments.key_dir)?)?,
        TokenCommand::Jwks { key_dir } => format!("{:#}", KeyRing::open(key_dir)?.key_set(KeySet::Main)),
    };
    writeln!(io::stdout().lock(), "{text}")?;
    Ok(Verdict::Success)
}

fn mint(arguments: &MintArguments, ring: &KeyRing) -> Result<String, Failure> {
    let now = callers::now();
    let mut claims = Map::new();
    for (name, value) in [
        ("iss", json!(arguments.issuer)),
        ("aud", json!(arguments.audience)),
        (TENANT_CLAIM, json!(arguments.tenant)),
        ("exp", json!(now.saturating_add_signed(arguments.expires_in))),
        ("roles", json!(arguments.roles)),
    ] {
        claims.insert(name.to_owned(), value);
    }
    if !arguments.scopes.is_empty() {
        claims.insert("scope".to_owned(), json!(arguments.scopes.join(" ")));
    }
    claims.extend(arguments.claims.iter().cloned());
    let (key, algorithm) = arguments.algorithm.key_and_text();
    let caller = Caller { key: TokenKey::Ring(key), alg: Some(algorithm.to_owned()), claims, ..Caller::default() };
    token::mint(&arguments.subject, &caller, ring, now).map_err(Failure::Run)
}

fn parse_claim(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("must be name=json, for example `level=3`")?;
    let value = serde_json::from_str(value).map_err(|error| {
        format!("the value of `{name}` is no JSON ({error}); a text needs its quotes: '{name}=\"text\"'")
    })?;
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use clap::Parser;
    use serde_json::Value;

    use super::{MintArguments, mint};
    use crate::keys::KeyRing;

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        mint: MintArguments,
    }

    fn parse(arguments: &[&str]) -> Result<MintArguments, String> {
        let good = ["mint", "--subject", "alice", "--tenant", "acme"];
        let parsed = Arguments::try_parse_from(good.iter().chain(arguments));
        parsed.map(|parsed| parsed.mint).map_err(|error| error.to_string())
    }

    #[test]
    fn every_option_becomes_a_claim() {
        let options =
            ["--role", "a", "--role", "b", "--scope", "x", "--scope", "y", "--claim", "n=1", "--expires-in", "-5"];
        let token = mint(&parse(&options).unwrap(), &KeyRing::generate().unwrap()).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["sub"], "alice");
        assert_eq!(claims["custom:tenant_id"], "acme");
        assert_eq!(claims["roles"], serde_json::json!(["a", "b"]));
        assert_eq!(claims["scope"], "x y");
        assert_eq!(claims["n"], 1);
        assert_eq!(claims["iat"].as_i64().unwrap() - claims["exp"].as_i64().unwrap(), 5);
    }

    #[test]
    fn a_claim_that_is_no_json_gets_the_remedy() {
        let error = parse(&["--claim", "team=blue"]).unwrap_err();
        assert!(error.contains("'team=\"text\"'"), "{error}");
    }
}
