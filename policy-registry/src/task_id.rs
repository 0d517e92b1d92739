//! What a target calls a task of its own.

use std::fmt;

/// Longest task id, in bytes. Encoded it fits a partition key together with the longest tenant.
pub const TASK_ID_BYTES_MAX: usize = 256;

/// A task's id: 1 to 256 printable ASCII characters. Whoever knows one may know what nobody else should: it is not shown.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId(Box<str>);

impl TaskId {
    /// Takes an id as a caller or target sent it.
    ///
    /// # Errors
    /// [`InvalidTaskId`] for anything else than the grammar above.
    pub fn parse(text: &str) -> Result<TaskId, InvalidTaskId> {
        let is_id = (1..=TASK_ID_BYTES_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if is_id { Ok(TaskId(text.into())) } else { Err(InvalidTaskId) }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TaskId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TaskId").finish_non_exhaustive()
    }
}

/// A text that is no task id. It does not quote the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTaskId;

impl fmt::Display for InvalidTaskId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "not a task id; it is 1 to {TASK_ID_BYTES_MAX} printable ASCII characters")
    }
}

impl std::error::Error for InvalidTaskId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_printable_ascii() {
        for text in ["1", "786512e2-9e0d-44bd-8f29-789f320fe840", "a#b %23/{}\"~", " ", &"x".repeat(256)] {
            assert_eq!(TaskId::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "a\n", "a\t", "\u{7f}", "\u{0}", "\u{e9}", "\u{2014}", &"x".repeat(257)] {
            assert_eq!(TaskId::parse(text), Err(InvalidTaskId), "{text:?}");
        }
    }

    #[test]
    fn no_id_is_shown_by_a_derived_debug() {
        assert!(!format!("{:?}", TaskId::parse("canary").unwrap()).contains("canary"));
    }
}
