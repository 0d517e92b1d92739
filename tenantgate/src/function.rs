//! A real interceptor binary, run as Lambda would run it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::failure::Failure;
use crate::output::{Output, Stream};
use crate::runtime_api::{Invocation, ProcessWatch, RuntimeApi};

/// One running function process; killed when dropped.
#[derive(Debug)]
pub struct Function {
    binary: PathBuf,
    runtime_api: RuntimeApi,
    output: Arc<Output>,
    spawned: Instant,
    ended: Arc<OnceLock<ExitStatus>>,
    watcher: JoinHandle<()>,
    process_id: Option<u32>,
    /// Dropping it ends the process.
    _alive: oneshot::Sender<()>,
}

impl Function {
    /// Starts the binary with the Lambda variables and `environment`, and nothing else.
    pub async fn start(binary: &Path, environment: &[(String, String)]) -> Result<Self, Failure> {
        let name = binary.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let runtime_api = RuntimeApi::start(&name)
            .await
            .map_err(|error| Failure::run(format!("cannot listen on a loopback port: {error}")))?;
        let mut command = Command::new(binary);
        command.env_clear().envs(inherited());
        command
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api.address().to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", &name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_LEVEL", "INFO")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let spawned = Instant::now();
        let child = command.spawn().map_err(|error| {
            let remedy = "build the interceptors, or say where they are with --binaries";
            Failure::run(format!("cannot start {}: {error}; {remedy}", binary.display()))
        })?;
        let process_id = child.id();
        let output = Arc::new(Output::default());
        let (alive, unwanted) = oneshot::channel();
        let ended = Arc::new(OnceLock::new());
        let watcher =
            Watcher { output: Arc::clone(&output), process: runtime_api.process_watch(), ended: Arc::clone(&ended) };
        let watcher = tokio::spawn(watcher.watch(child, unwanted));
        Ok(Self { binary: binary.to_owned(), runtime_api, output, spawned, ended, watcher, process_id, _alive: alive })
    }

    /// Waits until the function asks for its first event; gives the time since it was spawned.
    pub async fn ready(&self, timeout: Duration) -> Result<Duration, Failure> {
        let first_poll = tokio::time::timeout(timeout, self.runtime_api.first_poll()).await;
        match first_poll {
            Ok(Some(first_poll)) => Ok(first_poll.duration_since(self.spawned)),
            Ok(None) => Err(Failure::run(format!("{} ended before its first event{}", self.name(), self.account()))),
            Err(_) => {
                let name = self.name();
                Err(Failure::run(format!("{name} asked for no event within {timeout:?}{}", self.account())))
            }
        }
    }

    /// Sends one event and waits for what becomes of it.
    pub async fn invoke(&self, event: Bytes, timeout: Duration) -> Invocation {
        self.invoke_with(event, None, timeout).await
    }

    /// Sends one event with a client context and waits for what becomes of it.
    pub async fn invoke_with(&self, event: Bytes, client_context: Option<&str>, timeout: Duration) -> Invocation {
        self.runtime_api.invoke_with(event, client_context, timeout).await
    }

    /// The first audit line of a request, waiting for it no longer than `timeout`.
    pub async fn audit_line(&self, request_id: &str, timeout: Duration) -> Option<String> {
        tokio::time::timeout(timeout, self.output.audit_line(request_id)).await.ok()
    }

    /// How many audit lines a request has so far.
    pub fn audit_line_count(&self, request_id: &str) -> usize {
        self.output.audit_lines(request_id).len()
    }

    /// Takes everything the process wrote since the last time, audit lines too.
    pub fn take_output(&self) -> String {
        self.output.take()
    }

    /// Ends the process and gives what it wrote since the last `take_output`.
    pub async fn stop(self) -> String {
        let Self { runtime_api, output, watcher, _alive: alive, .. } = self;
        drop(alive);
        // The watcher does not panic, and nobody aborts it.
        drop(watcher.await);
        drop(runtime_api);
        output.take()
    }

    /// The operating system's number of the process.
    pub fn process_id(&self) -> Option<u32> {
        self.process_id
    }

    /// The name of the binary.
    pub fn name(&self) -> String {
        self.binary.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// How the process ended and what it said, to end an error message with.
    pub fn account(&self) -> String {
        let status = self.ended.get().map(|status| format!(" ({status})")).unwrap_or_default();
        let init_error = self.runtime_api.init_error().unwrap_or_default();
        let texts = [String::from_utf8_lossy(&init_error).into_owned(), self.output.last_words()];
        let texts: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        if texts.is_empty() {
            return format!("{status}; it said nothing on stderr");
        }
        format!("{status}; it said:\n{}", texts.join("\n"))
    }
}

/// The file of an interceptor binary: in `directory`, or beside this executable.
pub fn binary_path(name: &str, directory: Option<&Path>) -> Result<PathBuf, Failure> {
    let remedy = "build it with `cargo build -p interceptors`, or say where it is with --binaries";
    let directory = match directory {
        Some(directory) => directory.to_owned(),
        None => std::env::current_exe()
            .ok()
            .and_then(|executable| executable.parent().map(Path::to_owned))
            .ok_or_else(|| Failure::run("cannot tell where this executable is; use --binaries"))?,
    };
    let path = directory.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !path.is_file() {
        return Err(Failure::input(format!("there is no binary {}; {remedy}", path.display())));
    }
    Ok(path)
}

struct Watcher {
    output: Arc<Output>,
    process: ProcessWatch,
    ended: Arc<OnceLock<ExitStatus>>,
}

impl Watcher {
    /// Follows the process to its end, which comes at the latest when nobody wants it any more.
    async fn watch(self, mut child: Child, unwanted: oneshot::Receiver<()>) {
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let collect_stdout = async {
            if let Some(stdout) = stdout {
                self.output.collect(Stream::Stdout, stdout).await;
            }
        };
        let collect_stderr = async {
            if let Some(stderr) = stderr {
                self.output.collect(Stream::Stderr, stderr).await;
            }
        };
        let wait = async {
            tokio::select! {
                status = child.wait() => {
                    // Without a status it is just as much at its end.
                    let _status = status.map(|status| self.ended.get_or_init(|| status));
                }
                // A process that cannot be killed has ended already.
                _ = unwanted => drop(child.kill().await),
            }
        };
        // Its last words are read before anybody is told that it ended.
        tokio::join!(collect_stdout, collect_stderr, wait);
        self.process.exited();
    }
}

/// The few variables of ours that a function process may see: they steer its tooling, not its decisions.
fn inherited() -> Vec<(&'static str, OsString)> {
    let kept = ["RUST_BACKTRACE", "LLVM_PROFILE_FILE", "SSL_CERT_FILE", "SSL_CERT_DIR"];
    kept.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use bytes::Bytes;

    use super::{Function, binary_path};
    use crate::runtime_api::Outcome;

    const PATIENCE: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn a_process_that_ends_early_is_reported_with_its_last_words() {
        let directory = tempfile::tempdir().unwrap();
        let script = directory.path().join("broken");
        std::fs::write(&script, "#!/bin/sh\necho \"no $SETTING${HOME}\" >&2\nexit 3\n").unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
        let environment = [("SETTING".to_owned(), "table".to_owned())];
        let function = Function::start(&script, &environment).await.unwrap();
        let failure = function.ready(PATIENCE).await.unwrap_err();
        assert_eq!(failure.to_string(), "broken ended before its first event (exit status: 3); it said:\nno table");
        assert_eq!(function.invoke(Bytes::new(), PATIENCE).await.outcome, Outcome::Exited);
        assert_eq!(function.stop().await, "no table");
    }

    #[test]
    fn a_missing_binary_is_named_with_the_remedy() {
        let directory = tempfile::tempdir().unwrap();
        let failure = binary_path("request-interceptor", Some(directory.path())).unwrap_err().to_string();
        assert!(failure.contains("request-interceptor") && failure.contains("cargo build"), "{failure}");
    }
}
