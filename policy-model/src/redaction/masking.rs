//! Which texts are masked, since nobody can say that no path would select something in them.

use super::Redactor;
use super::data::{is_bare_value, is_event_stream, looks_like_data, plainer};
use super::free_text::Prose;
use super::rules::FreeText;
use crate::detector::{Detector, Detectors};

impl Redactor<'_> {
    /// Whether a text, or what it says in a layer of its escapes, is data that no path can be followed in, or speaks of what one
    /// names.
    pub(super) fn is_masked(&self, text: &str, prose: Prose) -> bool {
        let is_in_none = |character: char| character.is_whitespace() || character.is_control();
        if prose == Prose::Address && self.free_text != FreeText::Pass && text.contains(is_in_none) {
            return true;
        }
        if self.is_to_be_masked(text, prose) {
            return true;
        }
        let mut layer = plainer(text);
        for _ in 0..PLAINER_MAX {
            let Some(text) = layer else { return false };
            let is_document = text.trim_start().starts_with(['{', '[']);
            if is_document || is_event_stream(&text) || self.is_to_be_masked(&text, prose) {
                return true;
            }
            layer = plainer(&text);
        }
        // It goes on and on.
        layer.is_some()
    }

    /// Whether a value in a document is text of its own that labels what a path names.
    pub(super) fn is_labelled(&self, text: &str) -> bool {
        self.free_text != FreeText::Pass && self.names().is_some_and(|names| names.are_labels_in(text))
    }

    /// Whether a text is data that no path can be followed in, or speaks of what one names.
    fn is_to_be_masked(&self, text: &str, prose: Prose) -> bool {
        looks_like_data(text)
            || match (self.free_text, prose) {
                (FreeText::Pass, _) => false,
                (FreeText::Guard | FreeText::Mask, Prose::Message) | (FreeText::Mask, Prose::Text | Prose::Address) => {
                    true
                }
                (FreeText::Guard, Prose::Address) => self.is_telling(text),
                (FreeText::Guard, Prose::Text) => match self.names() {
                    Some(names) => is_bare_value(text) || names.are_in(text),
                    None => text.contains(char::is_alphanumeric),
                },
                (FreeText::Guard | FreeText::Mask, Prose::InDocument) => self.is_labelled(text),
            }
    }

    /// Whether an address lets in whoever has it, says what a path names, or is none.
    fn is_telling(&self, address: &str) -> bool {
        let Some(names) = self.names() else { return true };
        let is_data = address.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
        if is_data || !is_address(address) {
            return true;
        }
        let credentials = Detectors::NONE.with(Detector::UrlCredentials);
        names.are_in(address) || !credentials.find(address).is_empty()
    }
}

/// Whether a text begins with a scheme, as absolute addresses do.
pub(super) fn is_address(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// What is encoded more often is masked.
const PLAINER_MAX: usize = 4;
