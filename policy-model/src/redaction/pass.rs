//! Redacting one message: whoever knows what its parts are says so, in the order of the text.

use std::cell::RefCell;

use super::free_text::Prose;
use super::masking::is_address;
use super::patches::{Parts, Patches};
use super::position::Position;
use super::treatment::Treatment;
use super::walk::{Selected, Walk};
use super::{MASKED, Redactor};
use crate::json::{Kind, Member, Value, quote};

/// One message on its way.
pub struct Pass<'a, 'p> {
    redactor: &'a Redactor<'p>,
    text: &'a str,
    patches: Patches,
    selected: Selected,
}

/// A container whose parts are gone through.
#[derive(Debug)]
pub struct Around {
    parts: RefCell<Parts>,
}

/// A member or element.
#[derive(Debug, Clone, Copy)]
pub struct Part<'d> {
    start: usize,
    /// Its value.
    pub value: Value<'d>,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// The protocol's own, which stays as it is whatever selects it.
    Own,
    /// A value in the document around it.
    Within,
    /// A document of its own for the paths; as a string a text.
    Document,
    /// A text in the sense of [`Prose`].
    Text(Prose),
    /// As a string the address of something: masked it is one still.
    Address,
    /// Something that nobody can look into: this JSON stands in its place.
    Opaque(&'static str),
}

/// What is left of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Passed {
    /// Everything.
    Unchanged,
    /// This JSON text.
    Redacted(String),
    /// Something that was taken out is still there.
    Residue,
}

impl<'d> From<Member<'d>> for Part<'d> {
    fn from(member: Member<'d>) -> Part<'d> {
        Part { start: member.name.span().start, value: member.value }
    }
}

impl<'d> From<Value<'d>> for Part<'d> {
    fn from(value: Value<'d>) -> Part<'d> {
        Part { start: value.span().start, value }
    }
}

impl<'a, 'p> Pass<'a, 'p> {
    /// Begins with a value's document.
    pub fn new(redactor: &'a Redactor<'p>, document: Value<'a>) -> Pass<'a, 'p> {
        Pass { redactor, text: document.source(), patches: Patches::default(), selected: Selected::new() }
    }

    /// Comes to a value where paths begin.
    pub fn root(&mut self, value: Value<'_>) -> Position {
        self.redactor.filter(value, &mut self.selected);
        Position::root(self.redactor)
    }

    /// A place to which no path leads.
    pub fn nowhere(&self) -> Position {
        Position::nowhere(self.redactor)
    }

    /// The place of a value where paths begin as well.
    pub fn and_root(&mut self, value: Value<'_>, at: Position) -> Position {
        self.redactor.filter(value, &mut self.selected);
        at.and_root(self.redactor)
    }

    /// Whether a path selects a value.
    pub fn is_selected(&self, value: Value<'_>, at: &Position) -> bool {
        self.treatment(value, at).is_some()
    }

    /// Whether what becomes of a value leaves containers and their members what they are.
    pub fn keeps_shape(&self, value: Value<'_>, at: &Position) -> bool {
        self.treatment(value, at).is_some_and(|treatment| treatment.goes_inside())
    }

    /// The place of a member.
    pub fn member(&self, at: &Position, name: &str) -> Position {
        at.member(self.redactor, name)
    }

    /// The place of an element.
    pub fn element(&self, at: &Position, index: usize) -> Position {
        at.element(self.redactor, index as u64)
    }

    /// Comes to a container whose parts are gone through one by one, each with [`Pass::part`] or between [`Pass::enter`] and
    /// [`Pass::leave`].
    pub fn open(&self, container: Value<'_>) -> Around {
        Around { parts: RefCell::new(Parts::after(container.span().start)) }
    }

    /// A part that stays, and whose own parts come next.
    pub fn enter(&mut self, around: &Around, part: Part<'_>) {
        around.parts.borrow_mut().keep(self.text, 0, part.start, &mut self.patches);
    }

    /// That part ends.
    pub fn leave(&mut self, around: &Around, part: Part<'_>) {
        around.parts.borrow_mut().ends(part.value.span().end);
    }

    /// The place of a value that is the protocol's own: nothing selects it, but perhaps what is in it.
    pub fn own(&mut self, value: Value<'_>, at: &Position) -> Position {
        self.selected.remove(&value.span().start);
        at.without_selection(self.redactor)
    }

    /// A part and all that is in it.
    pub fn part(&mut self, around: &Around, part: Part<'_>, at: &Position, is: Is) {
        if is != Is::Own && self.treatment(part.value, at) == Some(Treatment::Remove) {
            return self.drop(around, part);
        }
        self.enter(around, part);
        self.value(part.value, at, is);
        self.leave(around, part);
    }

    /// The same for a part that must be there: it is masked where it would be removed.
    pub fn required(&mut self, around: &Around, part: Part<'_>, at: &Position, is: Is) {
        if self.treatment(part.value, at) != Some(Treatment::Remove) {
            return self.part(around, part, at, is);
        }
        match is {
            Is::Own => {}
            Is::Address => self.instead(around, part, &quote(MASKED_ADDRESS)),
            Is::Opaque(json) => self.instead(around, part, json),
            Is::Within | Is::Document | Is::Text(_) => self.instead(around, part, MASKED),
        }
    }

    /// A part is taken out with its name.
    pub fn drop(&mut self, around: &Around, part: Part<'_>) {
        self.take_out(part.value);
        around.parts.borrow_mut().remove(0, part.value.span().end, &mut self.patches);
    }

    /// A part is taken out, and this JSON stands in its place.
    pub fn instead(&mut self, around: &Around, part: Part<'_>, json: &str) {
        self.enter(around, part);
        if part.value.text() != json {
            self.take_out(part.value);
            self.patches.replace(part.value.span(), json);
        }
        self.leave(around, part);
    }

    /// A value and all that is in it, that is no part or stays one.
    pub fn value(&mut self, value: Value<'_>, at: &Position, is: Is) {
        match (is, value.kind()) {
            (Is::Own, _) => {}
            (Is::Address, Kind::String) => self.address(value, at),
            (Is::Opaque(instead), _) if self.treatment(value, at).is_some() => {
                if value.text() != instead {
                    self.take_out(value);
                    self.patches.replace(value.span(), instead);
                }
            }
            (_, _) if self.treatment(value, at).is_some() => self.walk(value, at.clone()),
            (Is::Opaque(instead), _) => {
                self.redactor.found_opaque();
                if value.text() != instead {
                    self.patches.replace(value.span(), instead);
                }
            }
            (Is::Text(prose), Kind::String) => self.string(value, prose),
            (Is::Within, _) => self.walk(value, at.clone()),
            (Is::Document, Kind::String) => self.string(value, Prose::Text),
            // Where a text should be.
            (Is::Text(Prose::Text), Kind::Number | Kind::Bool | Kind::Null) => {
                self.patches.replace(value.span(), MASKED)
            }
            (Is::Document | Is::Text(_) | Is::Address, _) => {
                self.redactor.filter(value, &mut self.selected);
                self.walk(value, at.clone().and_root(self.redactor));
            }
        }
    }

    fn string(&mut self, value: Value<'_>, prose: Prose) {
        let text = value.as_str().unwrap_or_default();
        if let Some(new) = self.redactor.redact_text(&text, prose) {
            self.patches.replace(value.span(), &quote(&new));
        }
    }

    fn address(&mut self, value: Value<'_>, at: &Position) {
        let text = value.as_str().unwrap_or_default();
        if text == MASKED_ADDRESS {
            return;
        }
        let new = match self.treatment(value, at) {
            Some(treatment) => self.redactor.treat(&treatment, Kind::String, &text, 0),
            None => self.redactor.redact_text(&text, Prose::Address).map(|new| quote(&new).into()),
        };
        let Some(new) = new else { return };
        // What is shown in part, or put in its place, may be no address.
        let is_address = new.strip_prefix('"').is_some_and(is_address);
        let instead = if is_address { new } else { quote(MASKED_ADDRESS).into() };
        self.patches.replace(value.span(), &instead);
    }

    /// What is left. Of the message it is looked only `below` a value of it for what was taken out.
    pub fn finish(self, message: Value<'_>, below: Value<'_>) -> Passed {
        let (outer, inner) = (message.span(), below.span());
        let Some(text) = self.unproved(message) else { return Passed::Unchanged };
        // Nothing around it was changed.
        let end = (text.len() + inner.end).saturating_sub(outer.end);
        let looked_at = text.get(inner.start - outer.start..end).unwrap_or(&text);
        if self.redactor.has_residue(looked_at) { Passed::Residue } else { Passed::Redacted(text) }
    }

    /// The message with its redactions made, whatever is left in it: for authors, and for nobody else. `None` if it stays as it is.
    pub fn unproved(&self, message: Value<'_>) -> Option<String> {
        (!self.patches.is_empty()).then(|| self.patches.apply(self.text, message.span()))
    }

    fn treatment(&self, value: Value<'_>, at: &Position) -> Option<Treatment> {
        let own = at.treatment(self.redactor);
        match self.selected.get(&value.span().start) {
            Some(selected) => Some(own.map_or_else(|| selected.clone(), |own| own.with(selected))),
            None => own,
        }
    }

    fn walk(&mut self, value: Value<'_>, at: Position) {
        let (text, base) = (value.text(), value.span().start);
        // It was read before, and is JSON.
        let walk = Walk::new(self.redactor, text, base, 0, at, &self.selected, &mut self.patches);
        if walk.read().is_err() {
            self.patches.replace_again(value.span(), MASKED);
        }
    }

    fn take_out(&self, value: Value<'_>) {
        for below in value.descendants() {
            self.redactor.take_out(below.kind(), &below.as_str().unwrap_or(below.text().into()));
        }
    }
}

/// What stands in the place of an address, which readers expect to have a scheme.
const MASKED_ADDRESS: &str = "redacted:****";
