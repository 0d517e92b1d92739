//! The command, with credentials that its answers must never show.

use std::path::PathBuf;
use std::process::{Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

pub(crate) const SECRET: &str = "canary-secret-key";

pub(crate) const TOKEN: &str = "canary-session-token";

/// How a command ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    fn of(output: Output) -> Ended {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ended = Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
        for secret in [SECRET, TOKEN] {
            assert!(!ended.out.contains(secret) && !ended.err.contains(secret), "{ended:?}");
        }
        ended
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

/// A folder in which commands run, against one endpoint.
pub(crate) struct Desk {
    folder: TempDir,
    endpoint: String,
    region: &'static str,
}

impl Desk {
    pub(crate) fn new(endpoint: &str, region: &'static str) -> Desk {
        Desk { folder: TempDir::new().unwrap(), endpoint: endpoint.to_owned(), region }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), bytes).unwrap();
        name.to_owned()
    }

    pub(crate) fn read(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.path(name)).ok()
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, &[]).await
    }

    /// Without the endpoint among the arguments.
    pub(crate) async fn run_bare(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenantgate"));
        self.prepare(command.args(arguments));
        Ended::of(command.stdin(Stdio::null()).output().await.unwrap())
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// With these variables beside the credentials; an empty one takes a variable away.
    pub(crate) async fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenantgate"));
        command.args(arguments).args(["--endpoint-url", &self.endpoint]);
        self.prepare(&mut command);
        for (name, value) in variables {
            match *value {
                "" => command.env_remove(name),
                value => command.env(name, value),
            };
        }
        Ended::of(command.stdin(Stdio::null()).output().await.unwrap())
    }

    /// The same at a terminal, where this is typed; `None`, after a line that says so, where there is no `script` to make one.
    pub(crate) async fn type_at(&self, arguments: &[&str], typed: &str) -> Option<Ended> {
        let words = [&[env!("CARGO_BIN_EXE_tenantgate")], arguments, &["--endpoint-url", &self.endpoint]].concat();
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &words.join(" "), "/dev/null"]);
        self.prepare(&mut command);
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let Ok(mut process) = spawned else {
            println!("SKIPPED: no `script` of util-linux, which makes a terminal");
            return None;
        };
        let mut input = process.stdin.take().unwrap();
        input.write_all(typed.as_bytes()).await.unwrap();
        let output = process.wait_with_output().await.unwrap();
        drop(input);
        Some(Ended::of(output))
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(self.folder.path()).kill_on_drop(true);
        for name in ["AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"] {
            command.env_remove(name);
        }
        command.env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", self.folder.path());
        command.env("AWS_REGION", self.region);
        command.env("AWS_ACCESS_KEY_ID", "test-id").env("AWS_SECRET_ACCESS_KEY", SECRET);
        command.env("AWS_SESSION_TOKEN", TOKEN);
    }
}
