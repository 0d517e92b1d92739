//! From a resource's URI to the rules that name it.

use crate::name_index::NameIndex;
use crate::pattern::{Glob, Reach, UriPattern};
use crate::uri::symbols::Symbol;
use crate::uri::{ResourceUri, UriTemplate};

/// The rules by what they say of URIs.
#[derive(Debug, Default)]
pub(crate) struct UriIndex {
    all: Vec<u32>,
    whole: NameIndex,
    /// Patterns with a wildcard in the host: it stays there.
    by_host: Vec<(UriPattern, u32)>,
    /// All patterns again, for templates.
    written: Vec<(Reading, u32)>,
}

/// What a pattern says of a template.
#[derive(Debug)]
enum Reading {
    /// It is about every template.
    All,
    /// It is about the template if it names one of its URIs.
    Some(Box<[Symbol]>),
    /// It is about the template if it names all of its URIs.
    Every(Glob),
}

impl UriIndex {
    pub(crate) fn add(&mut self, pattern: &UriPattern, reach: Reach<'_>, rule: u32) {
        let reading = match (pattern.symbols(), reach) {
            (None, _) => Reading::All,
            (Some(symbols), Reach::Narrow(_)) => Reading::Some(symbols),
            (Some(_), Reach::Wide) => Reading::Every(pattern.whole()),
        };
        self.written.push((reading, rule));
        match (pattern, reach) {
            (UriPattern::All, _) => self.all.push(rule),
            (UriPattern::Parts { authority: Some(authority), .. }, Reach::Narrow(_))
                if authority.literal().is_none() =>
            {
                self.by_host.push((pattern.clone(), rule));
            }
            (UriPattern::Parts { .. }, _) => self.whole.add(&pattern.whole(), rule),
        }
    }

    /// How many patterns have a wildcard elsewhere than at the end.
    pub(crate) fn inner_wildcards(&self) -> usize {
        self.whole.inner_wildcards() + self.by_host.len()
    }

    /// Calls `visit` with each rule that names this URI.
    pub(crate) fn visit(&self, uri: &ResourceUri<'_>, visit: &mut impl FnMut(u32)) {
        self.all.iter().copied().for_each(&mut *visit);
        self.whole.visit(uri.as_str(), visit);
        for (pattern, rule) in &self.by_host {
            if pattern.matches_parts(uri) {
                visit(*rule);
            }
        }
    }

    /// Calls `visit` with each rule that names some URI, and whether it names every one.
    pub(crate) fn visit_some(&self, visit: &mut impl FnMut(u32, bool)) {
        for (reading, rule) in &self.written {
            visit(*rule, matches!(reading, Reading::All));
        }
    }

    /// Calls `visit` with each rule, added with [`Reach::Wide`], one of whose patterns covers this one. May pass over some.
    pub(crate) fn visit_covering(&self, pattern: &UriPattern, visit: &mut impl FnMut(u32)) {
        self.all.iter().copied().for_each(&mut *visit);
        match pattern {
            UriPattern::All => {}
            UriPattern::Parts { .. } => self.whole.visit_covering(&pattern.whole(), visit),
        }
    }

    /// Calls `visit` with each ALLOW rule that names some URI of the template, or each DENY rule that names all of them. Where
    /// finding out takes too long no ALLOW rule does, and every DENY rule.
    pub(crate) fn visit_template(&self, template: &UriTemplate<'_>, visit: &mut impl FnMut(u32)) {
        for (reading, rule) in &self.written {
            let is_about = match reading {
                Reading::All => true,
                Reading::Some(symbols) => template.produces_some_of(symbols).unwrap_or(false),
                Reading::Every(pattern) => template.is_covered_by(pattern).unwrap_or(true),
            };
            if is_about {
                visit(*rule);
            }
        }
    }
}
