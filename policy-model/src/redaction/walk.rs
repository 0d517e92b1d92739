//! One pass over a JSON text: what the paths select is changed, strings are looked into, everything else stays.

use std::borrow::Cow;
use std::collections::BTreeMap;

mod proxy;
mod visit;

use super::Redactor;
use super::data;
use super::free_text::Prose;
use super::patches::{Parts, Patches};
use super::position::Position;
use super::treatment::Treatment;
use proxy::Proxy;

use crate::json::{self, Kind, ParseError, Token, quote};

/// What filters select, by where it begins.
pub(super) type Selected = BTreeMap<usize, Treatment>;

/// Goes through a text.
pub(super) struct Walk<'w, 'p> {
    redactor: &'w Redactor<'p>,
    text: &'w str,
    /// Where the text begins in what is patched.
    base: usize,
    /// How many strings the text is inside of.
    layer: usize,
    selected: &'w Selected,
    patches: &'w mut Patches,
    /// The place of the value that comes next, unless it is one without a name that a path has.
    next: Position,
    is_next_plain: bool,
    /// For each open container its place, and the place of what is in it without a name that a path has.
    states: Vec<u64>,
    /// So many words each.
    width: usize,
    open: Vec<Open>,
    /// Treatments that go to all that is in a container, by how many containers are open inside.
    inherited: Vec<(usize, Treatment)>,
    /// A container that is treated as a whole.
    whole: Option<Whole>,
}

/// An open container.
struct Open {
    is_object: bool,
    /// Whether a path counts its elements.
    is_counted: bool,
    /// Whether a path selects what is in it without a name that a path has.
    selects_plain: bool,
    elements: u64,
    parts: Parts,
    /// Where the part that comes next begins.
    part: usize,
    proxy: Option<Box<Proxy>>,
}

struct Whole {
    start: usize,
    depth: usize,
    treatment: Treatment,
}

impl<'w, 'p> Walk<'w, 'p> {
    pub(super) fn new(
        redactor: &'w Redactor<'p>,
        text: &'w str,
        base: usize,
        layer: usize,
        at: Position,
        selected: &'w Selected,
        patches: &'w mut Patches,
    ) -> Walk<'w, 'p> {
        Walk {
            redactor,
            text,
            base,
            layer,
            selected,
            patches,
            next: at,
            is_next_plain: false,
            states: Vec::new(),
            width: redactor.accepts.len(),
            open: Vec::new(),
            inherited: Vec::new(),
            whole: None,
        }
    }

    /// Goes through all of the text, which is one value.
    pub(super) fn read(mut self) -> Result<(), ParseError> {
        json::read(self.text, &mut self)
    }

    /// Goes through the value with which the text begins: where it ends, and whether it is one.
    pub(super) fn read_first(mut self) -> (usize, bool) {
        json::first_value(self.text, &mut self)
    }

    /// Comes to a value: whether something selects it.
    fn begin(&mut self, start: usize) -> bool {
        let Some(open) = self.open.last_mut() else { return self.is_selected() };
        if !open.is_object {
            open.part = start;
            self.is_next_plain = !open.is_counted;
            if open.is_counted {
                let bits = place(&self.states, self.width);
                self.next.set_element(self.redactor, bits, open.elements);
                open.elements += 1;
            }
        }
        if self.is_next_plain && self.selected.is_empty() && self.inherited.is_empty() {
            open.selects_plain
        } else {
            self.is_selected()
        }
    }

    fn is_selected(&mut self) -> bool {
        self.settle_next();
        self.next.selects(self.redactor) || !self.selected.is_empty() || !self.inherited.is_empty()
    }

    /// Writes down the place of what comes next.
    fn settle_next(&mut self) {
        if self.is_next_plain {
            self.next.copy_from(self.states.get(self.states.len() - self.width..).unwrap_or_default());
            self.is_next_plain = false;
        }
    }

    fn treatment(&mut self, start: usize) -> Option<Treatment> {
        self.settle_next();
        let own = self.next.treatment(self.redactor);
        if self.selected.is_empty() && self.inherited.is_empty() {
            return own;
        }
        let others = self.selected.get(&(self.base + start)).into_iter().chain(self.inherited.last().map(|(_, it)| it));
        others.fold(own, |own, other| Some(own.map_or_else(|| other.clone(), |own| own.with(other))))
    }

    /// A part stays, changed or not.
    fn keep(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.parts.keep(self.text, self.base, open.part, self.patches);
        }
    }

    /// A part that stays ends.
    fn ends(&mut self, end: usize) {
        if let Some(open) = self.open.last_mut() {
            open.parts.ends(end);
        }
    }

    fn replace(&mut self, start: usize, end: usize, text: &str) {
        self.patches.replace(self.base + start..self.base + end, text);
    }

    /// A part goes away; the root becomes null.
    fn remove(&mut self, start: usize, end: usize) {
        match self.open.last_mut() {
            Some(open) => open.parts.remove(self.base, end, self.patches),
            None => self.replace(start, end, "null"),
        }
    }

    fn between(&self, start: usize, end: usize) -> &'w str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// A scalar's literal, or what a string says.
    fn content(&self, token: Token) -> Cow<'w, str> {
        match token.kind {
            Kind::String => self.unquoted(token),
            Kind::Null | Kind::Bool | Kind::Number | Kind::Array | Kind::Object => {
                Cow::Borrowed(self.between(token.start(), token.end()))
            }
        }
    }

    fn unquoted(&self, string: Token) -> Cow<'w, str> {
        let inner = self.between(string.start() + 1, string.end() - 1);
        if string.is_escaped { Cow::Owned(json::unescape(inner)) } else { Cow::Borrowed(inner) }
    }

    fn treat(&mut self, token: Token, treatment: &Treatment) {
        let content = self.content(token);
        if *treatment == Treatment::Remove {
            self.redactor.take_out(token.kind, &content);
            self.remove(token.start(), token.end());
            return;
        }
        self.keep();
        if let Some(new) = self.redactor.treat(treatment, token.kind, &content, self.layer) {
            self.replace(token.start(), token.end(), &new);
        }
        self.ends(token.end());
    }

    /// Looks into a string that no path selects, or a number that may be something else.
    fn look_into(&mut self, token: Token) {
        let content = self.content(token);
        let new = match token.kind {
            Kind::String if !token.may_be_data && !data::is_base64(self.text, token) => self.redactor.plain(&content),
            Kind::String => self.redactor.string(&content, self.layer, Prose::InDocument),
            Kind::Number => {
                if let Some(new) = self.redactor.detect_number(&content) {
                    self.replace(token.start(), token.end(), &new);
                }
                return;
            }
            Kind::Null | Kind::Bool | Kind::Array | Kind::Object => return,
        };
        if let Some(new) = new {
            self.replace(token.start(), token.end(), &quote(&new));
        }
    }
}

/// The place of the innermost open container.
fn place(states: &[u64], width: usize) -> &[u64] {
    let start = states.len().saturating_sub(2 * width);
    states.get(start..start + width).unwrap_or_default()
}
