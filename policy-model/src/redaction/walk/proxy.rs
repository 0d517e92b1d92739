//! Lambda proxy results: a body in base64 is nothing that a path can be followed in.

use std::ops::Range;

use super::Walk;
use crate::json::Token;
use crate::redaction::MASKED;

/// What a Lambda proxy result would say.
#[derive(Default)]
pub(super) struct Proxy {
    pub(super) next: Option<ProxyMember>,
    is_base64: bool,
    bodies: Vec<Range<usize>>,
}

#[derive(Clone, Copy)]
pub(super) enum ProxyMember {
    Body,
    IsBase64,
}

impl ProxyMember {
    pub(super) fn of(name: &str) -> Option<ProxyMember> {
        match name.len() {
            4 if name.eq_ignore_ascii_case("body") => Some(ProxyMember::Body),
            15 if name.eq_ignore_ascii_case("isBase64Encoded") => Some(ProxyMember::IsBase64),
            _ => None,
        }
    }
}

impl Walk<'_, '_> {
    /// Masks the bodies of a Lambda proxy result that says its body is base64: no path can be followed in it.
    pub(super) fn close_proxy(&mut self, proxy: &Proxy) {
        if !proxy.is_base64 {
            return;
        }
        for body in &proxy.bodies {
            // Nothing is hidden in what was masked before.
            if self.between(body.start - self.base, body.end - self.base) == MASKED {
                continue;
            }
            self.redactor.found_opaque();
            self.patches.replace_again(body.clone(), MASKED);
        }
    }

    pub(super) fn note_proxy(&mut self, token: Token, is_gone: bool) {
        let (text, base) = (self.text, self.base);
        if let Some(proxy) = self.open.last_mut().and_then(|open| open.proxy.as_mut()) {
            let range = base + token.start()..base + token.end();
            let text = text.get(token.start()..token.end()).unwrap_or_default();
            match proxy.next.take() {
                // Nothing is left to be masked.
                Some(ProxyMember::Body) if is_gone => {}
                Some(ProxyMember::Body) => proxy.bodies.push(range),
                Some(ProxyMember::IsBase64) => {
                    proxy.is_base64 |= !["false", "null", "\"false\"", "\"\""].contains(&text);
                }
                None => {}
            }
        }
    }
}
