//! What a value in a list stands in.

use policy_model::redaction::EMBEDDED_DEPTH_MAX;

/// The texts with JSON, and the tools, around a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Within {
    texts: usize,
    /// Whether a tool, in the innermost of these texts, that is shown without what nobody sees.
    is_shown: bool,
}

impl Within {
    /// In the message itself.
    pub(crate) const MESSAGE: Within = Within { texts: 0, is_shown: false };

    /// In a tool in it, that is shown so; none if one is around it, with which it was shown.
    pub(crate) fn tool(self) -> Option<Within> {
        (!self.is_shown).then_some(Within { is_shown: true, ..self })
    }

    /// In a text in it; none if that is too deep.
    pub(crate) fn text(self) -> Option<Within> {
        (self.texts < EMBEDDED_DEPTH_MAX).then_some(Within { texts: self.texts + 1, is_shown: false })
    }
}
