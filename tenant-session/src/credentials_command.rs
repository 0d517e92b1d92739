//! The credential-process face: one token, one set of credentials.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

use interceptors::identity::Presented;
use tokio::time::Instant;

use crate::aws::Source;
use crate::cli::CredentialsArguments;
use crate::endpoint::ANSWER_TIME_MAX;
use crate::failure::Failure;
use crate::fault::Fault;
use crate::log::{self, Extent};

pub(crate) async fn run(arguments: &CredentialsArguments) -> Result<(), Failure> {
    log::install(Extent::Given);
    let text = read_token(&arguments.token_file)?;
    let source = match arguments.broker.profile.as_deref() {
        Some(profile) => Source::Profile(profile),
        None => Source::NoProfile,
    };
    let (broker, _) = arguments.broker.broker(source).await?;
    let broker = Arc::new(broker);
    let deadline = Instant::now() + ANSWER_TIME_MAX;
    let presented = Presented { token: text.trim(), tenant: arguments.tenant.as_deref() };
    let holder = broker.admit(presented, deadline).await.map_err(|fault| refused(&fault))?;
    let credentials = broker.credentials(&holder, deadline).await.map_err(|fault| refused(&fault))?;
    let written = writeln!(io::stdout(), "{}", credentials.process_document());
    written.map_err(|error| Failure::run(format!("cannot write output: {error}")))?;
    log::given("CREDENTIALS_PRINTED", &holder, credentials.expires);
    Ok(())
}

fn refused(fault: &Fault) -> Failure {
    let code = fault.code();
    Failure::run(match fault.detail() {
        Some(detail) => format!("no credentials: {code}: {detail}"),
        None => format!("no credentials: {code}"),
    })
}

fn read_token(path: &Path) -> Result<String, Failure> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin { "standard input".to_owned() } else { path.display().to_string() };
    let mut text = String::new();
    let read = if is_stdin {
        io::stdin().take(TOKEN_FILE_BYTES_MAX).read_to_string(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(TOKEN_FILE_BYTES_MAX).read_to_string(&mut text))
    };
    read.map_err(|error| Failure::input(format!("cannot read a token from {name}: {error}")))?;
    if text.trim().is_empty() {
        return Err(Failure::input(format!("{name} is empty; a user's token is expected, and nothing else")));
    }
    Ok(text)
}

/// Longer than any token that is taken.
const TOKEN_FILE_BYTES_MAX: u64 = 64 << 10;
