//! `tenantgate keys`: the keys that sign tenant contexts.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, Subcommand, ValueEnum};
use interceptors::settings::TenantContextSettings;
use interceptors::tenant_context::{ContextSigner, PrivateKey};
use policy_registry::AwsEnvironment;
use tempfile::NamedTempFile;
use tokio::time::Instant;

use crate::cli::Verdict;
use crate::failure::Failure;
use crate::json::Json;
use crate::{client, input, placeholder};

/// Make keys for the tenant context, and publish their public halves
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Write a new private key into a file
    #[command(
        after_long_help = "The file is PKCS#8 in PEM, for its owner only (mode 0600). A file that is there is never overwritten.

Examples:
  tenantgate keys generate --out context-2026-11.pem
  tenantgate keys generate --out context-2027-01.pem --algorithm EdDSA

The settings name it: \"tenantContext\": { \"keys\": [ { \"kid\": \"2026-11\", \"file\": \"context-2026-11.pem\" } ], .. }
How keys are rotated is in docs/tenant-context.md.

Exit codes:
  0  written
  1  the file cannot be written
  2  wrong usage, or the file is there already"
    )]
    Generate(GenerateArguments),
    /// Print the public halves of all context keys of the settings as a JWKS document
    #[command(
        after_long_help = "Only the member tenantContext of the settings is read. Keys in Secrets Manager and KMS are asked for there, with the
usual AWS credentials. The order is that of the key ids; no private part is ever printed.

Example:
  tenantgate keys jwks --settings settings.json > jwks.json

Exit codes:
  0  printed
  1  a key cannot be had; then nothing is printed
  2  wrong usage, or settings that cannot be used"
    )]
    Jwks(JwksArguments),
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArguments {
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What it signs with
    #[arg(long, value_enum, default_value_t = KeyAlgorithm::Es256)]
    algorithm: KeyAlgorithm,
}

#[derive(Debug, Args)]
pub(crate) struct JwksArguments {
    /// The interceptors' settings; - is standard input
    #[arg(long, value_name = "FILE")]
    settings: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "verbatim")]
enum KeyAlgorithm {
    #[value(name = "ES256")]
    Es256,
    #[value(name = "EdDSA")]
    EdDsa,
}

/// Runs the command.
pub(crate) async fn run(command: &KeysCommand) -> Result<Verdict, Failure> {
    match command {
        KeysCommand::Generate(arguments) => generate(arguments),
        KeysCommand::Jwks(arguments) => jwks(arguments).await,
    }
}

fn generate(arguments: &GenerateArguments) -> Result<Verdict, Failure> {
    let out = &arguments.out;
    if out.as_os_str() == "-" {
        return Err(Failure::input("a private key is not written to standard output; name a file with --out"));
    }
    if out.symlink_metadata().is_ok() {
        return Err(exists(out));
    }
    let pem = new_key(arguments.algorithm).map_err(Failure::Run)?;
    let failed = |error: io::Error| Failure::run(format!("cannot write {}: {error}", out.display()));
    let directory = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Its mode is 0600 from the start, and its name is there only when it is whole.
    let mut file = NamedTempFile::new_in(directory).map_err(failed)?;
    file.write_all(pem.as_bytes()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    match file.persist_noclobber(out) {
        Ok(_) => {}
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => return Err(exists(out)),
        Err(error) => return Err(failed(error.error)),
    }
    writeln!(io::stdout().lock(), "{}", out.display())?;
    Ok(Verdict::Success)
}

fn exists(out: &Path) -> Failure {
    Failure::input(format!("{} is there already; a key is never overwritten, so choose another name", out.display()))
}

/// A key in PEM, read once by those who will use it.
fn new_key(algorithm: KeyAlgorithm) -> Result<String, String> {
    let random = SystemRandom::new();
    let pkcs8 = match algorithm {
        KeyAlgorithm::Es256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random),
        // The first version is what OpenSSL reads.
        KeyAlgorithm::EdDsa => Ed25519KeyPair::generate_pkcs8v1(&random),
    };
    let text = STANDARD.encode(pkcs8.map_err(|_| "cannot generate a key")?);
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    for (index, character) in text.chars().enumerate() {
        if index > 0 && index % PEM_LINE_CHARACTERS == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.push_str("\n-----END PRIVATE KEY-----\n");
    PrivateKey::parse(&pem).map_err(|invalid| format!("generated a key that cannot be used: {}", invalid.0))?;
    Ok(pem)
}

async fn jwks(arguments: &JwksArguments) -> Result<Verdict, Failure> {
    let file = &arguments.settings;
    let settings = read_settings(file).await?;
    let published = ContextSigner::new(&settings).key_set(Instant::now() + PATIENCE).await;
    let published = published
        .map_err(|missing| Failure::run(format!("the key {:?} cannot be had: {}", missing.key_id, missing.why)))?;
    let document = Json::parse(published.as_bytes()).map_err(Failure::Run)?;
    writeln!(io::stdout().lock(), "{}", document.pretty().trim_end())?;
    Ok(Verdict::Success)
}

async fn read_settings(file: &str) -> Result<TenantContextSettings, Failure> {
    let wrong = |what: &str| Failure::input(format!("the settings {} cannot be used: {what}", input::name(file)));
    let text = input::read(file, SETTINGS_BYTES_MAX, "settings")?;
    if text.len() > SETTINGS_BYTES_MAX {
        return Err(wrong("longer than 1 MiB"));
    }
    let text = String::from_utf8(text).map_err(|_| wrong("not UTF-8"))?;
    // What only a run of the fixtures knows stands outside of the part that is read.
    let stand_in = |name: &str| Ok(Some(if name.starts_with("jwks.") { "{}".to_owned() } else { String::new() }));
    let text = placeholder::expand_text(&text, stand_in).map_err(|what| wrong(&what))?;
    let found = TenantContextSettings::find_in(&text, AwsEnvironment::of_process());
    let mut settings = found
        .map_err(|error| wrong(&error.to_string()))?
        .ok_or_else(|| wrong("there is no member tenantContext, and so no key"))?;
    if settings.asks_aws() && (settings.aws.access_key_id.is_none() || settings.aws.secret_access_key.is_none()) {
        settings.aws = credentials().await?;
    }
    Ok(settings)
}

/// Those of a profile or a login.
async fn credentials() -> Result<AwsEnvironment, Failure> {
    let variables = client::environment(&client::configuration(None).await).await?;
    let find = |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    Ok(AwsEnvironment {
        region: find("AWS_REGION"),
        access_key_id: find("AWS_ACCESS_KEY_ID"),
        secret_access_key: find("AWS_SECRET_ACCESS_KEY"),
        session_token: find("AWS_SESSION_TOKEN"),
    })
}

/// RFC 7468, section 2.
const PEM_LINE_CHARACTERS: usize = 64;

const SETTINGS_BYTES_MAX: usize = 1 << 20;

/// How long all keys together may take.
const PATIENCE: Duration = Duration::from_secs(10);
