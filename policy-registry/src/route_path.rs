//! The path of an `http` event, and of what it is bound to: plain segments, that cannot be read in two ways.

use std::fmt;

/// Longest path of an event, in bytes.
pub const PATH_BYTES_MAX: usize = 2_048;

/// Most segments in the path of an event.
pub const PATH_SEGMENTS_MAX: usize = 16;

/// Longest segment, in bytes.
pub const SEGMENT_BYTES_MAX: usize = 256;

/// Most segments in the path of a binding.
pub const BINDING_SEGMENTS_MAX: usize = 8;

/// Longest path of a binding, in bytes: it fits DynamoDB's sort key.
pub const BINDING_PATH_BYTES_MAX: usize = 680;

/// A path: 1 to 16 segments, each after a `/` and 1 to 256 of `[A-Za-z0-9._~:@-]`, none of them `.` or `..`; one `/` may end it.
/// At most 2,048 bytes. Compared exactly: nothing is decoded, and case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RoutePath<'p>(&'p str);

impl<'p> RoutePath<'p> {
    /// Takes a path that fits the grammar.
    ///
    /// # Errors
    /// [`InvalidRoutePath`] for anything else, also where a web server would make a path of it.
    pub fn parse(text: &'p str) -> Result<RoutePath<'p>, InvalidRoutePath> {
        let bare = text.strip_suffix('/').unwrap_or(text);
        let segments = bare.strip_prefix('/').ok_or(InvalidRoutePath)?;
        let is_path = text.len() <= PATH_BYTES_MAX
            && segments.split('/').all(is_segment)
            && segments.split('/').count() <= PATH_SEGMENTS_MAX;
        if is_path { Ok(RoutePath(text)) } else { Err(InvalidRoutePath) }
    }

    /// Takes the path of a binding: the same, with at most 8 segments and 680 bytes, and no `/` at its end.
    ///
    /// # Errors
    /// [`InvalidRoutePath`] for anything else.
    pub fn parse_binding(text: &'p str) -> Result<RoutePath<'p>, InvalidRoutePath> {
        let path = RoutePath::parse(text)?;
        // The path that it could itself be bound to is then the whole of it.
        if path.prefixes().next() == Some(text) { Ok(path) } else { Err(InvalidRoutePath) }
    }

    /// The path as it was taken.
    pub fn as_str(&self) -> &'p str {
        self.0
    }

    /// The first segment: on AgentCore the name of the target.
    pub fn first_segment(&self) -> &'p str {
        self.0.split('/').nth(1).unwrap_or_default()
    }

    /// The paths of the bindings that it can have: its whole first segments without a `/` at the end, most of them first.
    pub fn prefixes(&self) -> impl Iterator<Item = &'p str> + use<'p> {
        let bare = self.0.strip_suffix('/').unwrap_or(self.0);
        // Each segment begins with a `/`.
        let end = bare.match_indices('/').nth(BINDING_SEGMENTS_MAX).map_or(bare.len(), |(end, _)| end);
        let shorter = |path: &&'p str| path.rsplit_once('/').map(|(head, _)| head).filter(|head| !head.is_empty());
        std::iter::successors(bare.get(..end), shorter).skip_while(|path| path.len() > BINDING_PATH_BYTES_MAX)
    }

    /// What follows one of its [prefixes](RoutePath::prefixes): nothing, or a text that begins with `/`. The whole path if that
    /// is none of them.
    pub fn rest_after(&self, prefix: &str) -> &'p str {
        let rest = self.0.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        rest.unwrap_or(self.0)
    }
}

fn is_segment(text: &str) -> bool {
    (1..=SEGMENT_BYTES_MAX).contains(&text.len())
        && !matches!(text, "." | "..")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~:@-".contains(&byte))
}

/// A text that is no path of a route. It does not quote the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidRoutePath;

impl fmt::Display for InvalidRoutePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "not a path of plain segments; each begins with / and has 1 to {SEGMENT_BYTES_MAX} of A-Z a-z 0-9 . _ ~ : @ - after it, and \
             is not /. or /.."
        )
    }
}

impl std::error::Error for InvalidRoutePath {}

#[cfg(test)]
mod tests;
