//! A registry in a file: the embedded DynamoDB on SQLite, for one command at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use dynoxide::Database;
use tokio::net::TcpListener;

use crate::embedded::EmbeddedDynamoDb;
use crate::failure::Failure;

/// A registry file that this process serves, and nobody else opens meanwhile.
#[derive(Debug)]
pub(crate) struct RegistryFile {
    server: EmbeddedDynamoDb,
    _lock: File,
}

impl RegistryFile {
    /// Opens a file that `registry create` made, on a free loopback port.
    pub(crate) async fn open(path: &Path) -> Result<RegistryFile, Failure> {
        RegistryFile::open_at(path, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
    }

    /// Opens a file that `registry create` made, and listens where the operator says.
    pub(crate) async fn open_at(path: &Path, address: SocketAddr) -> Result<RegistryFile, Failure> {
        // Asked first, so that a misspelled name leaves no lock behind.
        check_is_there(path)?;
        check_is_database(path)?;
        let lock = lock(path).await?;
        check_is_there(path)?;
        RegistryFile::serve(path, address, lock).await
    }

    /// Opens a file, and makes it where there is none; only its owner may read it.
    pub(crate) async fn create(path: &Path) -> Result<RegistryFile, Failure> {
        let lock = lock(path).await?;
        let mut options = private();
        options.append(true).create(true).open(path).map_err(|error| cannot("create", path, &error))?;
        RegistryFile::serve(path, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), lock).await
    }

    async fn serve(path: &Path, address: SocketAddr, lock: File) -> Result<RegistryFile, Failure> {
        let name =
            path.to_str().ok_or_else(|| Failure::input(format!("the name of {} is not UTF-8", path.display())))?;
        let database = Database::new(name).map_err(|error| {
            // What follows the first sentence is about another way to build the library.
            let text = error.to_string();
            let what = text.split(". ").next().unwrap_or_default();
            Failure::input(format!("{} is no registry file: {what}", path.display()))
        })?;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| Failure::run(format!("cannot listen on {address}: {error}")))?;
        Ok(RegistryFile { server: EmbeddedDynamoDb::serve(listener, database)?, _lock: lock })
    }

    /// Where it listens.
    pub(crate) fn endpoint_url(&self) -> &str {
        self.server.endpoint_url()
    }
}

fn check_is_there(path: &Path) -> Result<(), Failure> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => Err(Failure::input(format!("{} is no file", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let path = path.display();
            Err(Failure::input(format!("there is no {path}; make it with `tenantgate registry create --file {path}`")))
        }
        Err(error) => Err(cannot("read", path, &error)),
    }
}

fn check_is_database(path: &Path) -> Result<(), Failure> {
    let mut start = Vec::new();
    let length = u64::try_from(DATABASE_START.len()).unwrap_or(u64::MAX);
    let read = File::open(path).and_then(|file| file.take(length).read_to_end(&mut start));
    read.map_err(|error| cannot("read", path, &error))?;
    if start == DATABASE_START {
        return Ok(());
    }
    let path = path.display();
    Err(Failure::input(format!("{path} is no registry file; `tenantgate registry create --file` makes one")))
}

/// Waits until no other command has the file open, and says so while it waits. The system lets go of the lock of a process
/// that ends, however it ends.
async fn lock(path: &Path) -> Result<File, Failure> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let mut options = private();
    let lock = options.append(true).create(true).open(&name).map_err(|error| cannot("create", &name, &error))?;
    match lock.try_lock() {
        Ok(()) => return Ok(lock),
        Err(TryLockError::Error(error)) => return Err(cannot("lock", &name, &error)),
        Err(TryLockError::WouldBlock) => {}
    }
    // Without stderr there is nobody to tell.
    drop(writeln!(
        io::stderr().lock(),
        "tenantgate: waiting: another command has {} open; if that is `registry serve`, name its URL with --endpoint-url instead",
        path.display()
    ));
    let waited = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await;
    let waited = waited.map_err(|error| Failure::run(format!("cannot wait for {}: {error}", name.display())))?;
    waited.map_err(|error| cannot("lock", &name, &error))
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::input(format!("cannot {what} {}: {error}", path.display()))
}

/// How every database of SQLite begins.
const DATABASE_START: &[u8] = b"SQLite format 3\0";
