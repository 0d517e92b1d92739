//! Taking values out of what a tool returned.

mod embedded;
mod residue;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;

use crate::decision::Layers;
use crate::json::{Document, Edit, Edits, Kind, NodeId, Value, quote};
use crate::policy::{Action, Policy, Redaction};
use crate::request::Resource;
use crate::selector::{Budget, Origin};
use embedded::{Embedded, base64_proxy_bodies, embedded};
pub use residue::{RESIDUE_BYTES_MAX, RESIDUE_BYTES_MIN};
use residue::{Residue, TakenOut};

/// What stands in place of a masked value, of whatever type it was.
pub const MASK: &str = "****";

/// The same as JSON text.
pub const MASKED: &str = "\"****\"";

/// JSON in a string in JSON, and so on: how many such layers are looked into. What is deeper is masked.
pub const EMBEDDED_DEPTH_MAX: usize = 4;

/// Most work for the paths of one result, in values looked at: about a second. What takes more cannot be checked in time.
pub const WORK_MAX: u64 = 30_000_000;

/// The redactions that apply to one result, and what they took out of it.
#[derive(Debug)]
pub struct Redactor<'p> {
    redactions: Vec<&'p Redaction>,
    taken_out: RefCell<TakenOut>,
    budget: Budget,
}

impl<'p> Layers<'p> {
    /// The redactions for results that come of any of these, the baseline's and the tenant's. Where it is not known what it
    /// was they are all that there are.
    pub fn redactor(self, resources: Option<&[Resource<'_>]>) -> Redactor<'p> {
        let policies = self.baseline.into_iter().chain([self.policy]);
        Redactor::new(policies.flat_map(|policy| policy.redactions_for(resources)).collect())
    }
}

impl Policy {
    fn redactions_for(&self, resources: Option<&[Resource<'_>]>) -> Vec<&Redaction> {
        let Some(resources) = resources else { return self.redactions.iter().collect() };
        let mut numbers: Vec<u32> = Vec::new();
        resources.iter().for_each(|resource| self.redacted.visit(resource, &mut |number| numbers.push(number)));
        numbers.sort_unstable();
        numbers.dedup();
        numbers.iter().filter_map(|number| self.redactions.get(*number as usize)).collect()
    }
}

impl<'p> Redactor<'p> {
    /// A redactor that redacts nothing.
    pub fn none() -> Redactor<'p> {
        Redactor::new(Vec::new())
    }

    fn new(redactions: Vec<&'p Redaction>) -> Redactor<'p> {
        Redactor { redactions, taken_out: RefCell::default(), budget: Budget::new(WORK_MAX) }
    }

    /// Whether nothing is to be redacted.
    pub fn is_empty(&self) -> bool {
        self.redactions.is_empty()
    }

    /// Whether the work was more than [`WORK_MAX`]: something may have been left, and the result must not go on.
    pub fn is_exhausted(&self) -> bool {
        self.budget.is_exhausted()
    }

    /// Whether a value that was taken out, of at least [`RESIDUE_BYTES_MIN`] bytes, still stands somewhere below `root`: as a
    /// value, as a part of a string or of a member's name, or so in JSON inside a string.
    pub fn has_residue(&self, root: Value<'_>) -> bool {
        Residue::new(&self.taken_out.borrow()).is_none_or(|residue| residue.is_in(root, 0))
    }

    /// Adds the edits for a JSON value, whose paths begin at `root`: selected values, and JSON text inside its strings.
    pub fn redact(&self, root: Value<'_>, edits: &mut Edits) {
        self.redact_layer(root, edits, 0);
    }

    /// Adds the edits for the values that the paths select from `root`, and none for text inside its strings. The values in
    /// `kept` stay, but not what is below them.
    pub fn redact_selected(&self, root: Value<'_>, kept: &HashSet<NodeId>, edits: &mut Edits) {
        for redaction in &self.redactions {
            let selected = redaction.path.select(Origin::Value(root), &self.budget);
            for value in selected.iter().copied().filter(|value| !kept.contains(&value.id())) {
                self.take_out(value);
                match redaction.action {
                    Action::Mask => edits.add(value, Edit::Replace(MASKED.into())),
                    Action::Remove => edits.add(value, Edit::Remove),
                }
            }
        }
    }

    /// A text with its JSON redacted. A text that is not a JSON object or array cannot be checked and is masked.
    pub fn redact_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.is_empty() {
            return Cow::Borrowed(text);
        }
        match embedded(text, EMBEDDED_DEPTH_MAX) {
            Embedded::Json(document) => match self.redact_document(&document, 1) {
                Some(redacted) => Cow::Owned(redacted),
                None => Cow::Borrowed(text),
            },
            Embedded::Text | Embedded::Unclear => Cow::Borrowed(MASK),
        }
    }

    fn take_out(&self, value: Value<'_>) {
        let mut taken_out = self.taken_out.borrow_mut();
        for scalar in value.descendants() {
            match scalar.kind() {
                Kind::String => taken_out.add_text(&scalar.as_str().unwrap_or_default()),
                Kind::Number => taken_out.add_number(scalar.text()),
                Kind::Null | Kind::Bool | Kind::Array | Kind::Object => {}
            }
        }
    }

    fn redact_layer(&self, root: Value<'_>, edits: &mut Edits, depth: usize) {
        if self.is_empty() {
            return;
        }
        self.redact_selected(root, &HashSet::new(), edits);
        for value in root.descendants() {
            // No path can be followed in it.
            base64_proxy_bodies(value).for_each(|body| edits.add(body, Edit::Replace(MASKED.into())));
            let Some(text) = value.as_str() else { continue };
            if edits.of(value).is_some() {
                continue;
            }
            match embedded(&text, EMBEDDED_DEPTH_MAX - depth) {
                Embedded::Text => {}
                Embedded::Unclear => edits.add(value, Edit::Replace(MASKED.into())),
                Embedded::Json(document) => {
                    if let Some(redacted) = self.redact_document(&document, depth + 1) {
                        edits.add(value, Edit::Replace(quote(&redacted).into()));
                    }
                }
            }
        }
    }

    /// The text of an embedded document with its redactions made; `None` if nothing was to be redacted.
    fn redact_document(&self, document: &Document<'_>, depth: usize) -> Option<String> {
        let mut edits = Edits::default();
        let root = document.root();
        self.redact_layer(root, &mut edits, depth);
        match root.kind() {
            // Nothing is left of the document, so that the string around it is masked itself.
            Kind::Object | Kind::Array if edits.of(root).is_some() => return Some(MASK.to_owned()),
            Kind::Null | Kind::Bool | Kind::Number | Kind::String | Kind::Array | Kind::Object => {}
        }
        (!edits.is_empty()).then(|| edits.apply(root))
    }
}
