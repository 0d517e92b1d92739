//! What a function process wrote: its audit lines and its last words.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::sync::Notify;

use crate::audit_line;

/// The lines of one process, in order of arrival; the oldest go first when there are too many.
#[derive(Debug, Default)]
pub(crate) struct Output {
    lines: Mutex<Lines>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct Lines {
    kept: VecDeque<Line>,
    bytes: usize,
}

#[derive(Debug)]
struct Line {
    stream: Stream,
    text: String,
}

/// Which of its streams a process wrote to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

impl Output {
    /// Reads a stream of the process until it ends.
    pub(crate) async fn collect(&self, stream: Stream, source: impl AsyncRead + Unpin) {
        let mut source = BufReader::new(source);
        let mut line = Vec::new();
        // A read error means the same as the end: the process is gone.
        while source.read_until(b'\n', &mut line).await.is_ok_and(|count| count > 0) {
            let text = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
            self.push(Line { stream, text });
            line.clear();
        }
    }

    fn push(&self, line: Line) {
        let mut lines = self.lines();
        lines.bytes += line.text.len();
        lines.kept.push_back(line);
        while lines.bytes > OUTPUT_BYTES_MAX
            && let Some(oldest) = lines.kept.pop_front()
        {
            lines.bytes -= oldest.text.len();
        }
        drop(lines);
        self.arrived.notify_waiters();
    }

    /// Waits for the first audit line of this request; never ends if there is none.
    pub(crate) async fn audit_line(&self, request_id: &str) -> String {
        loop {
            let arrived = self.arrived.notified();
            if let Some(line) = self.audit_lines(request_id).into_iter().next() {
                return line;
            }
            arrived.await;
        }
    }

    /// The audit lines of this request so far; more than one is a fault of the function.
    pub(crate) fn audit_lines(&self, request_id: &str) -> Vec<String> {
        let lines = self.lines();
        let stdout = lines.kept.iter().rev().filter(|line| line.stream == Stream::Stdout);
        stdout.filter(|line| audit_line::belongs_to(&line.text, request_id)).map(|line| line.text.clone()).collect()
    }

    /// The last lines on stderr, for error messages.
    pub(crate) fn last_words(&self) -> String {
        let lines = self.lines();
        let stderr = lines.kept.iter().filter(|line| line.stream == Stream::Stderr);
        let texts: Vec<&str> = stderr.map(|line| line.text.as_str()).collect();
        let first = texts.len().saturating_sub(LAST_WORDS_LINES_MAX);
        texts.get(first..).unwrap_or_default().join("\n")
    }

    /// Takes everything written since the last time.
    pub(crate) fn take(&self) -> String {
        let mut lines = self.lines();
        lines.bytes = 0;
        let texts: Vec<String> = lines.kept.drain(..).map(|line| line.text).collect();
        texts.join("\n")
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const OUTPUT_BYTES_MAX: usize = 8 * 1024 * 1024;
const LAST_WORDS_LINES_MAX: usize = 20;

#[cfg(test)]
mod tests {
    use super::{OUTPUT_BYTES_MAX, Output, Stream};

    #[tokio::test]
    async fn an_audit_line_is_found_by_its_request() {
        let output = Output::default();
        let audit = r#"{"target":"tenantgate::audit","decisionId":"b","effect":"DENY"}"#;
        let text = format!("{{\"target\":\"other\",\"decisionId\":\"b\"}}\n{audit}\nb\n");
        output.collect(Stream::Stdout, text.as_bytes()).await;
        assert_eq!(output.audit_line("b").await, audit);
        assert!(output.audit_lines("a").is_empty());
    }

    #[tokio::test]
    async fn an_audit_line_on_stderr_does_not_count() {
        let output = Output::default();
        let audit = r#"{"target":"tenantgate::audit","decisionId":"b"}"#;
        output.collect(Stream::Stderr, audit.as_bytes()).await;
        assert!(output.audit_lines("b").is_empty());
        assert_eq!(output.last_words(), audit);
    }

    #[tokio::test]
    async fn the_oldest_lines_go_first() {
        let output = Output::default();
        output.collect(Stream::Stdout, &b"old\n"[..]).await;
        let long = vec![b'x'; OUTPUT_BYTES_MAX];
        output.collect(Stream::Stdout, long.as_slice()).await;
        assert_eq!(output.take().len(), OUTPUT_BYTES_MAX);
        assert!(output.take().is_empty());
    }
}
