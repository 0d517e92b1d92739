//! A Lambda Runtime API whose answers are written byte by byte, and a real interceptor process that polls it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// What the process asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// The host, and the process that is gone when it is.
pub(crate) struct RuntimeHost {
    process: Child,
    asked: Receiver<Asked>,
    answers: Sender<Vec<u8>>,
}

impl RuntimeHost {
    /// Starts an interceptor without settings, which refuses every event.
    pub(crate) fn start(environment: &[(&str, &str)]) -> RuntimeHost {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (told, asked) = channel();
        let (answers, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (told, waiting) = (told.clone(), Arc::clone(&waiting));
                std::thread::spawn(move || serve(&stream, &told, &waiting));
            }
        });
        let process = Command::new(env!("CARGO_BIN_EXE_request-interceptor"))
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "f")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        RuntimeHost { process, asked, answers }
    }

    /// Answers the poll that is waiting, or the next one.
    pub(crate) fn answer(&self, bytes: &[u8]) {
        self.answers.send(bytes.to_vec()).unwrap();
    }

    /// The next thing that the process asks for.
    pub(crate) fn asked(&self) -> Asked {
        self.asked.recv_timeout(PATIENCE).unwrap()
    }

    /// Whether it asks for anything within a time.
    pub(crate) fn asks_within(&self, time: Duration) -> bool {
        self.asked.recv_timeout(time).is_ok()
    }

    /// Waits for a poll.
    pub(crate) fn polled(&self) {
        let asked = self.asked();
        assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/2018-06-01/runtime/invocation/next"));
    }

    /// The refusal of an invocation, which must be a response and no error.
    pub(crate) fn refusal(&self, id: &str) -> Value {
        let asked = self.asked();
        let path = format!("/2018-06-01/runtime/invocation/{id}/response");
        let body = String::from_utf8_lossy(&asked.body);
        assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", path.as_str()), "{body}");
        let reply: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(reply["interceptorOutputVersion"], "1.0");
        reply
    }

    /// How the process ends by itself.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }
}

impl Drop for RuntimeHost {
    fn drop(&mut self) {
        // A process that cannot be killed has ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The answer to a poll: an invocation with these header lines.
pub(crate) fn invocation(headers: &[u8], event: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", event.len());
    [head.as_bytes(), headers, b"\r\n", event.as_bytes()].concat()
}

fn serve(stream: &TcpStream, told: &Sender<Asked>, answers: &Mutex<Receiver<Vec<u8>>>) {
    let mut reader = BufReader::new(stream);
    while let Some(asked) = read(&mut reader) {
        let is_poll = asked.method == "GET";
        if told.send(asked).is_err() {
            return;
        }
        let answer = if is_poll {
            let Ok(answer) = answers.lock().unwrap().recv() else { return };
            answer
        } else {
            b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_vec()
        };
        let breaks_off = answer.ends_with(BROKEN_OFF);
        if (&*stream).write_all(answer.strip_suffix(BROKEN_OFF).unwrap_or(&answer)).is_err() || breaks_off {
            drop(stream.shutdown(std::net::Shutdown::Both));
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Asked> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let mut words = head.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, path, head, body })
}

/// At the end of an answer: the connection is closed there.
pub(crate) const BROKEN_OFF: &[u8] = b"\0broken off";

const PATIENCE: Duration = Duration::from_secs(20);
