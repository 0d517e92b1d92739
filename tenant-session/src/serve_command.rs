//! The endpoint as a process: started, ready, stopped.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::aws::Source;
use crate::cli::ServeArguments;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::log::{self, Extent};
use crate::server;

pub(crate) async fn run(arguments: &ServeArguments) -> Result<(), Failure> {
    log::install(Extent::All);
    let listener = server::listen(arguments.listen).await?;
    let address = listener.local_addr().map_err(|error| Failure::run(format!("cannot listen: {error}")))?;
    let source = arguments.broker.profile.as_deref().map_or(Source::Anywhere, Source::Profile);
    let (broker, selector) = arguments.broker.broker(source).await?;
    let (mut interrupt, mut terminate) = (on(SignalKind::interrupt())?, on(SignalKind::terminate())?);
    let stop = async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    let url = format!("http://{address}");
    if let Some(path) = &arguments.ready_file {
        write_ready(path, &url)
            .map_err(|error| Failure::run(format!("cannot write the ready file {}: {error}", path.display())))?;
    }
    log::told("LISTENING", &url);
    server::serve(listener, Endpoint::new(broker, address, &selector).routes(), stop).await;
    log::told("STOPPED", &url);
    remove_ready(arguments.ready_file.as_deref(), &url)
}

fn on(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| Failure::run(format!("cannot wait for signals: {error}")))
}

/// Another run may have put its own in the place of ours.
fn remove_ready(path: Option<&Path>, url: &str) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    if fs::read_to_string(path).is_ok_and(|text| text.trim_end() != url) {
        return Ok(());
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::run(format!("cannot remove the ready file {}: {error}", path.display())))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whoever waits for the file finds it whole. It takes the place of one that an earlier run left behind.
fn write_ready(path: &Path, url: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut written = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(written, "{url}")?;
    // Whoever asks may be another user.
    written.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    written.persist(path).map(drop).map_err(|error| error.error)
}
