//! What a path selects: of all values of a document those whose location fits it.

use crate::cedar::ranks::Ranks;
use crate::json::{Json, Key};
use crate::path::{Filter, Path, Step, Test};

type Location<'j> = [(Key<'j>, &'j Json)];

pub(crate) fn select<'j>(path: &Path, document: &'j Json, ranks: &Ranks) -> Vec<&'j Json> {
    let mut found = Vec::new();
    let fits = |location: &Location<'_>| match location.split_first() {
        Some(((root, _), rest)) => *root == Key::Name(path.root) && fits(&path.steps, rest, document, ranks),
        None => false,
    };
    visit(document, &mut Vec::new(), &fits, &mut found);
    found
}

fn visit<'j>(
    value: &'j Json,
    location: &mut Vec<(Key<'j>, &'j Json)>,
    fits: &dyn Fn(&Location<'_>) -> bool,
    found: &mut Vec<&'j Json>,
) {
    if fits(location) {
        found.push(value);
    }
    for (key, child) in value.children() {
        location.push((key, child));
        visit(child, location, fits, found);
        location.pop();
    }
}

fn fits(steps: &[Step], location: &Location<'_>, document: &Json, ranks: &Ranks) -> bool {
    let Some((step, later)) = steps.split_first() else { return location.is_empty() };
    let Some(((key, value), below)) = location.split_first() else { return false };
    let is_step = match (step, key) {
        (Step::Name(name), Key::Name(key)) => name == key,
        (Step::Nth(place), Key::Nth(nth, count)) => *place == *nth as i64 || *place == *nth as i64 - *count as i64,
        (Step::From(place), Key::Nth(nth, _)) => nth >= place,
        (Step::Name(_) | Step::Nth(_) | Step::From(_), _) => false,
        (Step::All, _) => true,
        (Step::Where(filter), _) => passes(filter, value, document, ranks),
        (Step::Descend(name), _) => {
            return (0..location.len())
                .any(|at| location[at].0 == Key::Name(name) && fits(later, &location[at + 1..], document, ranks));
        }
    };
    is_step && fits(later, below, document, ranks)
}

fn passes(filter: &Filter, value: &Json, document: &Json, ranks: &Ranks) -> bool {
    let own = named(value, filter.member);
    let is = |other: Option<&Json>| match (own, other) {
        (None, None) => true,
        (Some(own @ Json::Number(_)), Some(other @ Json::Number(_))) => ranks.of_json(own) == ranks.of_json(other),
        (Some(own), Some(other)) => own == other,
        (None, Some(_)) | (Some(_), None) => false,
    };
    match &filter.test {
        Test::Exists => own.is_some(),
        Test::Equals(other) => is(Some(other)),
        Test::Differs(other) => !is(Some(other)),
        Test::IsBelow(bound) => match own {
            Some(own @ Json::Number(_)) => ranks.of_json(own) < ranks.of_json(bound),
            _ => false,
        },
        Test::IsSameAs(root, name) => is(named(document, root).and_then(|root| named(root, name))),
    }
}

fn named<'j>(value: &'j Json, name: &str) -> Option<&'j Json> {
    value.children().into_iter().find(|(key, _)| *key == Key::Name(name)).map(|(_, child)| child)
}
