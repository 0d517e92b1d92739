//! The name of a tool as AgentCore Gateway shows it: `<target>___<tool>`, or the unprefixed search tool.

use std::fmt;

/// What stands between target and tool.
pub const DELIMITER: &str = "___";

/// The gateway's own semantic search, an ordinary tool for every rule.
pub const SEARCH_TOOL: &str = "x_amz_bedrock_agentcore_search";

/// Longest tool name, in bytes (AgentCore quota).
pub const TOOL_NAME_BYTES_MAX: usize = 256;

/// Longest name of a target, in bytes: a delimiter and a tool must follow.
pub const TARGET_BYTES_MAX: usize = TOOL_NAME_BYTES_MAX - DELIMITER.len() - 1;

/// A well-formed tool name: `[A-Za-z0-9_.-]`, 1 to 256 characters, split at the first `___`.
///
/// A target has no underscore, so a run of two or of four and more underscores at the split is not a delimiter: such a
/// name is refused rather than read in one of two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ToolName<'n> {
    text: &'n str,
    target: Option<&'n str>,
    tool: &'n str,
}

impl<'n> ToolName<'n> {
    /// Takes a name as a caller or target sent it.
    ///
    /// # Errors
    /// [`InvalidToolName`] for anything else than the grammar above. Case, padding and look-alikes are never folded.
    pub fn parse(text: &'n str) -> Result<ToolName<'n>, InvalidToolName> {
        let is_name = (1..=TOOL_NAME_BYTES_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
        if !is_name {
            return Err(InvalidToolName);
        }
        match text.split_once(DELIMITER) {
            Some((target, tool)) if is_target(target) && !tool.is_empty() && !tool.starts_with('_') => {
                Ok(ToolName { text, target: Some(target), tool })
            }
            Some(_) => Err(InvalidToolName),
            None if text.contains("__") => Err(InvalidToolName),
            None => Ok(ToolName { text, target: None, tool: text }),
        }
    }

    /// The whole name.
    pub fn as_str(&self) -> &'n str {
        self.text
    }

    /// What stands before the delimiter; `None` for an unprefixed tool.
    pub fn target(&self) -> Option<&'n str> {
        self.target
    }

    /// What stands after the delimiter; the whole name of an unprefixed tool.
    pub fn tool(&self) -> &'n str {
        self.tool
    }

    /// Whether this is the gateway's semantic search.
    pub fn is_search(&self) -> bool {
        self.text == SEARCH_TOOL
    }
}

impl fmt::Display for ToolName<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text)
    }
}

/// A text that is not a tool name. It does not quote the text, which is a caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidToolName;

impl fmt::Display for InvalidToolName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not a tool name; it is <target>___<tool> in 1 to 256 of A-Z a-z 0-9 _ . -")
    }
}

impl std::error::Error for InvalidToolName {}

/// Whether a text can be a target's name: no underscore, not empty.
pub fn is_target(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
}
