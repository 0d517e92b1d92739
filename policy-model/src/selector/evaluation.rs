//! Following a path through documents.

use std::cell::RefCell;

use super::Origin;
use super::budget::{Budget, text_work};
use super::path::{Query, Segment, Start, Step};
use super::regexp::FoundRegexp;
use super::selection::Selection;
use crate::json::{Member, Value};
use crate::spelling::is_other_spelling;

/// One selection: what `$` is, and what may still be done.
#[derive(Debug)]
pub(super) struct Evaluation<'c, 'd> {
    origin: Origin<'c, 'd>,
    /// Whether names match in any case.
    folds_case: bool,
    pub(super) budget: &'c Budget,
    /// The latest pattern of the document's own: mostly it is the same for every value.
    pub(super) found: RefCell<Option<FoundRegexp>>,
}

impl<'c, 'd> Evaluation<'c, 'd> {
    pub(super) fn new(origin: Origin<'c, 'd>, budget: &'c Budget, folds_case: bool) -> Evaluation<'c, 'd> {
        Evaluation { origin, folds_case, budget, found: RefCell::default() }
    }

    /// What a query selects, each value once and in the order of the text; `current` is `@`.
    pub(super) fn nodes(&self, query: &Query, current: Option<Value<'d>>) -> Selection<'d> {
        let Some((mut from, mut segments)) = self.begin(query, current) else { return Selection::AtMostOne(None) };
        // While the way has no fork, nothing is allocated.
        while let Some((segment, rest)) = segments.split_first() {
            let Some(name) = segment.only_name() else { break };
            let mut named = self.named(from, name);
            match (named.next(), named.next()) {
                (None, _) => return Selection::AtMostOne(None),
                (Some(_), Some(_)) => break,
                (Some(only), None) => (from, segments) = (only, rest),
            }
        }
        match segments {
            [] => Selection::AtMostOne(Some(from)),
            _ => {
                Selection::Several(segments.iter().fold(vec![from], |selected, segment| self.follow(segment, selected)))
            }
        }
    }

    /// What a query of names and indexes selects; the first of several members of one name.
    pub(super) fn singular(&self, query: &Query, current: Value<'d>) -> Option<Value<'d>> {
        let (from, segments) = self.begin(query, Some(current))?;
        segments.iter().try_fold(from, |value, segment| match segment.only_step()? {
            Step::Name(name) => self.named(value, name).next(),
            Step::Index(index) => self.element(value, *index),
            Step::Wildcard | Step::Slice { .. } | Step::Filter(_) => None,
        })
    }

    /// The first value on the way, and the segments that are left from there.
    fn begin<'q>(&self, query: &'q Query, current: Option<Value<'d>>) -> Option<(Value<'d>, &'q [Segment])> {
        if !self.budget.spend(1) {
            return None;
        }
        match (query.start, self.origin) {
            (Start::Current, _) => Some((current?, &query.segments)),
            (Start::Root, Origin::Value(root)) => Some((root, &query.segments)),
            (Start::Root, Origin::Members(members)) => {
                let (first, rest) = query.segments.split_first()?;
                let name = first.only_name()?;
                let (_, value) = members.iter().find(|(member, _)| *member == name)?;
                Some(((*value)?, rest))
            }
        }
    }

    fn follow(&self, segment: &Segment, selected: Vec<Value<'d>>) -> Vec<Value<'d>> {
        let mut next = Nodes::default();
        let mut covered: Option<Value<'d>> = None;
        for value in selected {
            if !segment.is_descendant {
                self.take(&segment.steps, value, &mut next);
            } else if !covered.is_some_and(|covered| covered.contains(value)) {
                // In the order of the text, what is inside another comes after it, and is gone through with it.
                covered = Some(value);
                for below in value.descendants().take_while(|_| self.budget.spend(1)) {
                    self.take(&segment.steps, below, &mut next);
                }
            }
        }
        next.settled()
    }

    fn take(&self, steps: &[Step], value: Value<'d>, out: &mut Nodes<'d>) {
        for step in steps {
            if !self.budget.spend(1) {
                return;
            }
            match step {
                // All members of that name: a reader of the redacted text must not find the second of two.
                Step::Name(name) => out.extend(self.named(value, name)),
                Step::Wildcard => out.extend(self.children(value)),
                Step::Index(index) => out.extend(self.element(value, *index)),
                Step::Slice { start, end, step } => out.extend(self.slice(value, *start, *end, *step)),
                Step::Filter(filter) => out.extend(self.children(value).filter(|child| self.holds(filter, *child))),
            }
        }
    }

    fn named(&self, value: Value<'d>, name: &str) -> impl Iterator<Item = Value<'d>> {
        let is_afforded = |member: &Member<'d>| self.budget.spend(1 + text_work(member.name.text().len()));
        let is_wanted = |member: &Member<'d>| {
            let is_other = || member.name.as_str().is_some_and(|own| is_other_spelling(name, &own));
            member.name.is_str(name) || (self.folds_case && is_other())
        };
        value.members().take_while(is_afforded).filter(is_wanted).map(|member| member.value)
    }

    fn children(&self, value: Value<'d>) -> impl Iterator<Item = Value<'d>> {
        value.members().map(|member| member.value).chain(value.elements()).take_while(|_| self.budget.spend(1))
    }

    /// The element at an index, from the end if it is negative.
    fn element(&self, value: Value<'d>, index: i64) -> Option<Value<'d>> {
        let mut elements = value.elements().take_while(|_| self.budget.spend(1));
        let from_start = if index < 0 { index.checked_add(value.elements().count() as i64)? } else { index };
        elements.nth(usize::try_from(from_start).ok()?)
    }

    /// RFC 9535, section 2.3.4.2.2.
    fn slice(&self, value: Value<'d>, start: Option<i64>, end: Option<i64>, step: i64) -> Vec<Value<'d>> {
        let elements: Vec<Value<'d>> = value.elements().take_while(|_| self.budget.spend(1)).collect();
        let length = elements.len() as i64;
        let normal = |index: i64| if index >= 0 { index } else { length.saturating_add(index) };
        let mut sliced = Vec::new();
        if step > 0 {
            let (mut at, upper) =
                (normal(start.unwrap_or(0)).clamp(0, length), normal(end.unwrap_or(length)).clamp(0, length));
            while at < upper {
                sliced.extend(elements.get(at as usize));
                at = at.saturating_add(step);
            }
        } else if step < 0 {
            let mut at = normal(start.unwrap_or(length - 1)).clamp(-1, length - 1);
            let lower = end.map_or(-1, |end| normal(end).clamp(-1, length - 1));
            while at > lower {
                sliced.extend(elements.get(at as usize));
                at = at.saturating_add(step);
            }
        }
        sliced
    }
}

/// Values of one document. Several selectors of a segment may each select the same ones.
#[derive(Debug, Default)]
struct Nodes<'d> {
    list: Vec<Value<'d>>,
    settled: usize,
}

impl<'d> Nodes<'d> {
    fn extend(&mut self, values: impl IntoIterator<Item = Value<'d>>) {
        self.list.extend(values);
        // So that the list never has more than twice the nodes of the document.
        if self.list.len() > 2 * self.settled + 1_024 {
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.list.sort_unstable_by_key(|value| value.id());
        self.list.dedup_by_key(|value| value.id());
        self.settled = self.list.len();
    }

    /// Each once, in the order of the text.
    fn settled(mut self) -> Vec<Value<'d>> {
        self.settle();
        self.list
    }
}
