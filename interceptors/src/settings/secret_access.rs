//! Whether the secrets that a settings document names are read.

/// Who reads the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SecretAccess {
    /// An interceptor: it needs them.
    Read,
    /// A program that needs none of them: what the document says of them is checked, and nothing that it names is touched.
    Leave,
}
