//! Taking values out of what a tool returned.
//!
//! In reading order: `rules` is what a policy says, `treatment` what becomes of a value, `automaton` all paths at once and
//! `position` how far they have come somewhere, `walk` the pass over a JSON text, `free_text` what is done with strings, `pass`
//! what the protocol's own code calls, `taken_out` and `residue` the proof that nothing is left, `trial` what an
//! author asks, `values` detectors on what is no result.

mod applicable;
mod automaton;
mod data;
mod detect;
mod free_text;
mod hash;
mod masking;
mod pass;
mod patches;
mod position;
mod residue;
pub(crate) mod rules;
mod taken_out;
pub(crate) mod treatment;
mod trial;
mod values;
mod walk;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};

use crate::detector::Detectors;
use crate::json::{Kind, Token, Value};
use crate::selector::{Budget, Origin, Selector};
use applicable::Layered;
use automaton::Marks;
pub use free_text::Prose;
use free_text::text_work_of;
pub use hash::{HASH_PREFIX, HASH_SECRET_BYTES_MIN, HashKey, HashKeys};
pub use pass::{Around, Is, Part, Pass, Passed};
use patches::Patches;
pub use position::Position;
use residue::Residue;
use rules::{FreeText, Opaque};
pub use taken_out::RESIDUE_BYTES_MIN;
use taken_out::TakenOut;
pub use treatment::ELLIPSIS;
use treatment::Treatment;
pub use trial::{FoundAgain, Numbered, stands_in};
use walk::{Selected, Walk};

/// What stands in place of a masked value.
pub const MASK: &str = "****";

/// The same as JSON text.
pub const MASKED: &str = "\"****\"";

/// JSON in a string in JSON, and so on: how many such layers are looked into. What is deeper is masked.
pub const EMBEDDED_DEPTH_MAX: usize = 4;

/// Most work for the filters of one result, in values looked at: about a second. What takes more cannot be checked in time.
pub const WORK_MAX: u64 = 30_000_000;

/// The redactions that apply to one result, and what they took out of it.
#[derive(Debug)]
pub struct Redactor<'p> {
    layers: Vec<Layered<'p>>,
    /// Paths with filters, which are followed by themselves.
    filters: Vec<(&'p Selector, &'p Treatment)>,
    /// For each slot the bits that select.
    accepts: Vec<u64>,
    marks: Marks,
    /// Last names of the paths; nothing if one has none. Made when a text asks for it.
    names: OnceCell<Option<data::Names<'p>>>,
    has_paths: bool,
    /// What is looked for in texts, and what becomes of it.
    detections: Vec<(Detectors, &'p Treatment)>,
    detectors: Detectors,
    free_text: FreeText,
    opaque: Opaque,
    keys: HashKeys,
    taken_out: RefCell<TakenOut>,
    budget: Budget,
    has_opaque: Cell<bool>,
    /// Whether it is to be known that something was found in the name of a member, which stays.
    looks_at_names: bool,
}

impl Redactor<'_> {
    /// Whether nothing is to be redacted.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty() && self.detections.is_empty()
    }

    /// Whether the work was more than [`WORK_MAX`]: something may have been left, and the result must not go on.
    pub fn is_exhausted(&self) -> bool {
        self.budget.is_exhausted()
    }

    /// Whether there was something that nobody can look into, and the policy wants such a result withheld.
    pub fn is_blocked(&self) -> bool {
        self.opaque == Opaque::Block && self.has_opaque.get()
    }

    /// A whole JSON text with its redactions made; `None` if it stays as it is, or is no JSON.
    pub fn redact_json(&self, text: &str) -> Option<String> {
        self.json(text, 0).ok().flatten()
    }

    /// Whether a value that was taken out, of at least [`RESIDUE_BYTES_MIN`] bytes, still stands somewhere in a JSON text:
    /// as it is, escaped, percent-encoded, in base64 or in hexadecimal.
    pub fn has_residue(&self, json: &str) -> bool {
        let taken_out = self.taken_out.borrow();
        let Some(residue) = Residue::new(&taken_out) else { return false };
        let is_in = residue.is_in(json);
        if residue.is_exhausted() {
            self.budget.exhaust();
        }
        is_in
    }

    fn found_opaque(&self) {
        self.has_opaque.set(true);
    }

    /// Takes note of a value that goes.
    fn take_out(&self, kind: Kind, content: &str) {
        let mut taken_out = self.taken_out.borrow_mut();
        match kind {
            Kind::String => taken_out.add_text(content),
            Kind::Number => taken_out.add_number(content),
            Kind::Null | Kind::Bool | Kind::Array | Kind::Object => {}
        }
    }

    /// The JSON of what becomes of a scalar; `None` if it stays.
    fn treat(&self, treatment: &Treatment, kind: Kind, content: &str, layer: usize) -> Option<Cow<'static, str>> {
        let Treatment::Show(_) = treatment else { return self.treat_as(treatment, kind, content) };
        if kind != Kind::String {
            return self.treat_as(treatment, kind, content);
        }
        // What is in the string would be shown in part and not be redacted, or what is shown is what a detector looks for.
        let has_more = self.string(content, layer, Prose::InDocument).is_some()
            || self.detect(&treatment.of_text(content, &self.keys)).is_some();
        if !has_more {
            return self.treat_as(treatment, kind, content);
        }
        if content == MASK {
            return None;
        }
        self.take_out(kind, content);
        Some(Cow::Borrowed(MASKED))
    }

    fn treat_as(&self, treatment: &Treatment, kind: Kind, content: &str) -> Option<Cow<'static, str>> {
        let new = treatment.of_scalar(kind, content, &self.keys)?;
        self.take_out(kind, content);
        Some(new)
    }

    /// Whether a scalar that no path selects may have to change.
    fn may_change(&self, token: Token, text: &str) -> bool {
        match token.kind {
            Kind::String | Kind::Number if !self.detectors.is_empty() => true,
            Kind::String => token.may_be_data || token.may_have_label || data::is_base64(text, token),
            Kind::Number | Kind::Null | Kind::Bool | Kind::Array | Kind::Object => false,
        }
    }

    /// A JSON text inside of `layer` strings with its redactions made, `None` if it stays.
    ///
    /// # Errors
    /// It is no JSON.
    fn json(&self, text: &str, layer: usize) -> Result<Option<String>, NotJson> {
        let mark = self.taken_out.borrow().mark();
        self.budget.spend(text_work_of(text.len()));
        let selected = self.filtered(text)?;
        let mut patches = Patches::default();
        let walk = Walk::new(self, text, 0, layer, Position::root(self), &selected, &mut patches);
        if walk.read().is_err() {
            self.taken_out.borrow_mut().forget_after(mark);
            return Err(NotJson);
        }
        Ok((!patches.is_empty()).then(|| patches.apply(text, 0..text.len())))
    }

    /// What the paths with filters select in a text.
    fn filtered(&self, text: &str) -> Result<Selected, NotJson> {
        let mut selected = Selected::new();
        if !self.filters.is_empty() {
            let document = crate::json::parse(text.as_bytes()).map_err(|_| NotJson)?;
            self.filter(document.root(), &mut selected);
        }
        Ok(selected)
    }

    /// Adds what the paths with filters select from a root.
    fn filter(&self, root: Value<'_>, selected: &mut Selected) {
        for (path, treatment) in &self.filters {
            for value in path.select(Origin::Value(root), &self.budget).iter() {
                let place = selected.entry(value.span().start);
                place.and_modify(|own| *own = own.clone().with(treatment)).or_insert_with(|| (*treatment).clone());
            }
        }
    }
}

/// A text is no JSON.
#[derive(Debug)]
struct NotJson;
