//! Paths of conditions that select nothing in any document.

use super::subject::Subject;
use super::{Finding, Warning};
use crate::condition::Operand;

pub(super) fn look(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for condition in subject.rules.iter().flat_map(|rule| rule.conditions()) {
        let (path, test) = condition.condition.parts();
        let paths = [("path", Some(path)), ("valuePath", test.operand().and_then(Operand::path))];
        for (member, _) in paths.into_iter().filter(|(_, path)| path.is_some_and(|path| path.selects_nothing())) {
            let place = format!("{}.{member}", condition.place);
            let at = condition.member(member);
            findings.push(subject.warning(Warning::NeverSelects, place, at, SELECTS_NOTHING.to_owned()));
        }
    }
}

pub(super) const SELECTS_NOTHING: &str = "this path selects nothing in any document: one of its slices is empty, or one of its \
     filters compares values that are never equal or in that order";
