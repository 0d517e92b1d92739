//! The client and the agent of a2a-sdk, in processes of their own.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use axum::body;
use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::forwarding::Target;

/// One Python process that speaks in lines of JSON; it ends with its standard input, or is killed when dropped.
struct Peer {
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    fn start(python: &Path, script: &str, arguments: &[&str]) -> Peer {
        let mut command = Command::new(python);
        command.arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/a2a/peers").join(script)).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Peer { _process: process, input, output: BufReader::new(output).lines() }
    }

    async fn line(&mut self) -> Value {
        let line = self.output.next_line().await.unwrap().expect("the process has ended");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }
}

/// The Python that has the SDK; `None`, after a line that says so, where it is not installed.
pub(crate) fn python() -> Option<PathBuf> {
    let python = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/a2a-peers/bin/python");
    if !python.is_file() {
        println!("SKIPPED: no A2A client and agent in target/a2a-peers; `make a2a-peers` installs them");
        return None;
    }
    Some(python)
}

/// The agent "support".
pub(crate) struct Agent {
    _peer: Peer,
    pub(crate) url: String,
    own: Target,
}

impl Agent {
    /// Starts it; its card says that it is at `public_url`.
    pub(crate) async fn start(python: &Path, public_url: &str) -> Agent {
        let mut peer = Peer::start(python, "agent.py", &[public_url]);
        let url = peer.line().await["address"].as_str().unwrap().to_owned();
        Agent { _peer: peer, own: Target::new(&url), url }
    }

    /// Every request that reached it.
    pub(crate) async fn requests(&self) -> Vec<Value> {
        let uri = "/agent/.requests".parse().unwrap();
        let answer = self.own.send(Method::GET, &uri, HeaderMap::new(), Bytes::new()).await.unwrap();
        serde_json::from_slice(&body::to_bytes(answer.into_body(), usize::MAX).await.unwrap()).unwrap()
    }
}

/// The client.
pub(crate) struct Client(Peer);

impl Client {
    pub(crate) fn start(python: &Path) -> Client {
        Client(Peer::start(python, "client.py", &[]))
    }

    /// Has it take one step; gives what it understood.
    pub(crate) async fn step(&mut self, step: &Value) -> Understood {
        self.0.input.write_all(format!("{step}\n").as_bytes()).await.unwrap();
        Understood { step: step.clone(), outcome: self.0.line().await }
    }
}

/// What the client made of an answer.
#[derive(Debug)]
pub(crate) struct Understood {
    step: Value,
    outcome: Value,
}

impl Understood {
    /// The answer.
    pub(crate) fn ok(&self) -> &Value {
        assert_eq!(self.outcome["error"], Value::Null, "{}", self.step);
        &self.outcome["ok"]
    }

    /// The id of the task that the answer is or has.
    pub(crate) fn task(&self) -> &str {
        self.ok()["task"]["id"].as_str().unwrap_or_else(|| panic!("no task: {self:?}"))
    }

    /// What the client raised, which must be an error of the protocol and not one of reading.
    pub(crate) fn error(&self) -> &Value {
        let error = &self.outcome["error"];
        let message = error["message"].as_str().unwrap_or_else(|| panic!("no error: {self:?}"));
        assert!(error["kinds"].as_array().unwrap().contains(&json!("A2AError")), "{self:?}");
        assert!(!message.contains("JSON Decode Error"), "{self:?}");
        error
    }
}
