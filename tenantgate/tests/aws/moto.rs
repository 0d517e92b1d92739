//! moto's server, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::command::Desk;

/// The server, with boto3 to set it up; it ends with its standard input, or is killed when dropped.
pub(crate) struct Moto {
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    pub(crate) desk: Desk,
}

impl Moto {
    /// `None`, after a line that says so, where it is not installed.
    pub(crate) async fn start() -> Option<Moto> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = manifest.join("../target/moto/bin/python");
        if !python.is_file() {
            println!("SKIPPED: no moto in target/moto; `make moto` installs it");
            return None;
        }
        let script: PathBuf = manifest.join("tests/aws/moto_server.py");
        let mut command = Command::new(python);
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let mut output = BufReader::new(output).lines();
        let url: String = serde_json::from_str(&output.next_line().await.unwrap().expect("moto has ended")).unwrap();
        Some(Moto { _process: process, input, output, desk: Desk::new(&url, "eu-central-1") })
    }

    /// What boto3 answers.
    pub(crate) async fn call(&mut self, service: &str, operation: &str, arguments: Value) -> Value {
        let call = json!({"service": service, "operation": operation, "arguments": arguments});
        self.input.write_all(format!("{call}\n").as_bytes()).await.unwrap();
        let line = self.output.next_line().await.unwrap().expect("moto has ended");
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer.get("error"), None, "{service} {operation}");
        answer["ok"].clone()
    }
}
