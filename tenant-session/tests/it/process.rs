//! The program as a process, with an environment of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sts::ROLE;

/// A folder with settings, and how the program is run with them.
pub(crate) struct Host {
    pub(crate) folder: tempfile::TempDir,
    sts: String,
}

/// `serve`, until it is dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

impl Host {
    pub(crate) fn new(settings: &Value, sts: &str) -> Host {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("settings.json"), settings.to_string()).unwrap();
        Host { folder, sts: sts.to_owned() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with what every run has.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenantgate-session"));
        command.env_clear().envs(self.environment()).stdin(Stdio::null());
        command
    }

    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("TENANTGATE_SETTINGS_FILE", self.path("settings.json").display().to_string()),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "CANARY-broker-secret".to_owned()),
            ("AWS_ENDPOINT_URL_STS", self.sts.clone()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("HOME", self.folder.path().display().to_string()),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
        ]
    }

    /// `credentials` for a token.
    pub(crate) fn credentials(&self, token: &str) -> Output {
        let file = self.path("token");
        std::fs::write(&file, format!("{token}\n")).unwrap();
        self.command().args(["credentials", "--role-arn", ROLE, "--token-file"]).arg(file).output().unwrap()
    }

    pub(crate) fn serve(&self) -> Serving {
        let (ready, log) = (self.path("ready"), self.path("log"));
        let child = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0", "--role-arn", ROLE, "--ready-file"])
            .arg(&ready)
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let address = wait_for(&ready, &log);
        Serving { child, address, log }
    }
}

fn wait_for(ready: &Path, log: &Path) -> SocketAddr {
    let began = Instant::now();
    loop {
        if let Ok(text) = std::fs::read_to_string(ready) {
            return text.strip_prefix("http://").unwrap().strip_suffix('\n').unwrap().parse().unwrap();
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", std::fs::read_to_string(log));
        std::thread::sleep(Duration::from_millis(10));
    }
}

impl Serving {
    /// Asks it to end, and how it did.
    pub(crate) fn stop(&mut self, signal: &str) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
