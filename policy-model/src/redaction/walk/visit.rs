//! What the scanner finds, one after the other.

use super::proxy::ProxyMember;
use super::{Open, Walk, Whole, place};
use crate::json::{Kind, Token, Visitor};
use crate::redaction::patches::Parts;
use crate::redaction::treatment::Treatment;

impl Visitor for Walk<'_, '_> {
    fn name(&mut self, name: Token) {
        if self.whole.is_some() {
            return;
        }
        if self.redactor.looks_at_names {
            self.redactor.look_at_name(&self.unquoted(name));
        }
        let Some(open) = self.open.last_mut() else { return };
        open.part = name.start();
        let (start, end) = (name.start() + 1, name.end() - 1);
        let first = self.text.as_bytes().get(start..end).unwrap_or_default().first().copied().unwrap_or_default();
        self.is_next_plain = !name.is_escaped && !self.redactor.marks.may_have(end - start, first);
        if self.is_next_plain && open.proxy.is_none() {
            return;
        }
        let content = self.unquoted(name);
        self.next.set_member(self.redactor, place(&self.states, self.width), &content);
        self.is_next_plain = false;
        let member = ProxyMember::of(&content);
        if let Some(open) = self.open.last_mut()
            && (member.is_some() || open.proxy.is_some())
        {
            open.proxy.get_or_insert_default().next = member;
        }
    }

    fn scalar(&mut self, value: Token) {
        if self.whole.is_some() {
            self.redactor.take_out(value.kind, &self.content(value));
            return;
        }
        let mut is_gone = false;
        if self.begin(value.start())
            && let Some(treatment) = self.treatment(value.start())
        {
            self.treat(value, &treatment);
            is_gone = !matches!(treatment, Treatment::Show(_));
        } else {
            self.keep();
            if self.redactor.may_change(value, self.text) {
                self.look_into(value);
            }
            self.ends(value.end());
        }
        self.note_proxy(value, is_gone);
    }

    fn enter(&mut self, kind: Kind, start: usize) {
        if let Some(whole) = &mut self.whole {
            whole.depth += 1;
            return;
        }
        let treatment = if self.begin(start) { self.treatment(start) } else { None };
        match treatment {
            Some(treatment) if treatment.goes_inside() => {
                self.inherited.push((self.open.len(), treatment));
            }
            Some(treatment) => {
                if treatment != Treatment::Remove {
                    self.keep();
                }
                self.whole = Some(Whole { start, depth: 1, treatment });
                return;
            }
            None => {}
        }
        self.keep();
        self.settle_next();
        let (is_counted, selects_plain) = self.next.push_with_plain(self.redactor, &mut self.states);
        self.open.push(Open {
            is_object: kind == Kind::Object,
            is_counted,
            selects_plain,
            elements: 0,
            parts: Parts::after(start),
            part: start,
            proxy: None,
        });
    }

    fn leave(&mut self, end: usize) {
        if let Some(whole) = &mut self.whole {
            whole.depth -= 1;
            if whole.depth > 0 {
                return;
            }
            if let Some(Whole { start, treatment, .. }) = self.whole.take() {
                if treatment == Treatment::Remove {
                    self.remove(start, end);
                } else {
                    self.replace(start, end, &treatment.of_container());
                    self.ends(end);
                }
            }
            return;
        }
        let closed = self.open.pop();
        self.states.truncate(self.states.len() - 2 * self.width);
        if let Some(proxy) = closed.and_then(|closed| closed.proxy) {
            self.close_proxy(&proxy);
        }
        if self.inherited.last().is_some_and(|(depth, _)| *depth == self.open.len()) {
            self.inherited.pop();
        }
        self.ends(end);
    }
}
