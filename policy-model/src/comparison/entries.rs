//! What a policy says besides its rules, compared as it is written.
//!
//! Entries that say the same in other words are two entries here: what is gone may let more be seen or done, and so may whatever cannot
//! be told.

use std::collections::{BTreeMap, BTreeSet};

use super::version::Version;
use crate::json::{Kind, Value, compare_numbers};
use crate::lint::meaning_of;

/// Something besides the rules that only one version says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The member of the policy.
    pub member: String,
    /// What it means for access.
    pub weight: Weight,
    /// What is other, in words.
    pub text: String,
}

/// What an entry means for access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// More may be seen or done.
    Widens,
    /// It cannot be told: more may be seen or done, or less.
    Changes,
    /// Less may be seen or done.
    Narrows,
    /// Nothing becomes other but what is logged.
    OnlyLogs,
}

/// Compares all that is no rule in force; without a version there is nothing.
pub fn compare_entries(old: Option<&Version<'_>>, new: Option<&Version<'_>>) -> BTreeSet<Entry> {
    let mut ledger = Ledger { old, new, found: BTreeSet::new() };
    for (member, weights) in LISTS {
        ledger.compare_lists(member, *weights);
    }
    ledger.compare_limits();
    ledger.compare_pins();
    for member in ["requireActor", "requireDecisionContext"] {
        match ledger.both(member, |value| value.text() == "true") {
            [true, false] => ledger.tell(member, Weight::Widens, "no longer true".to_owned()),
            [false, true] => ledger.tell(member, Weight::Narrows, "now true".to_owned()),
            [true, true] | [false, false] => {}
        }
    }
    for member in ["freeText", "opaqueContent", "hashKey"] {
        let [before, now] = ledger.both(member, |value| value.text().to_owned());
        if before != now {
            let word = |text: String| if text.is_empty() { "not given".to_owned() } else { text };
            ledger.tell(member, Weight::Changes, format!("was {}, is {}", word(before), word(now)));
        }
    }
    ledger.compare_logging();
    ledger.found
}

/// What it means that an entry is gone, and that one is new.
type Weights = fn(Value<'_>) -> [Weight; 2];

const LISTS: &[(&str, Weights)] = &[
    ("redactions", |_| [Weight::Widens, Weight::Narrows]),
    ("arguments", |entry| match entry.get("action").is_some_and(|action| action.is_str("REFUSE")) {
        true => [Weight::Widens, Weight::Narrows],
        // What arguments become can make a rule apply, or not.
        false => [Weight::Changes, Weight::Changes],
    }),
    ("headers", |_| [Weight::Changes, Weight::Changes]),
    ("pushNotificationUrls", |_| [Weight::Narrows, Weight::Widens]),
];

struct Ledger<'v> {
    old: Option<&'v Version<'v>>,
    new: Option<&'v Version<'v>>,
    found: BTreeSet<Entry>,
}

impl<'v> Ledger<'v> {
    fn tell(&mut self, member: &str, weight: Weight, text: String) {
        self.found.insert(Entry { member: member.to_owned(), weight, text });
    }

    /// Something of both versions; of one that only logs nothing is in force.
    fn both<T: Default>(&self, member: &str, read: impl Fn(Value<'v>) -> T) -> [T; 2] {
        [self.old, self.new].map(|version| {
            let version = version.filter(|version| version.is_enforced);
            version.and_then(|version| version.document.root().get(member)).map(&read).unwrap_or_default()
        })
    }

    fn compare_lists(&mut self, member: &str, weights: Weights) {
        let [before, now] = self.both(member, |list| list.elements().flat_map(parts).collect::<BTreeMap<_, _>>());
        for (key, (text, entry)) in &before {
            if !now.contains_key(key) {
                let [gone, _] = weights(*entry);
                self.tell(member, gone, format!("no longer: {text}"));
            }
        }
        for (key, (text, entry)) in &now {
            if !before.contains_key(key) {
                let [_, new] = weights(*entry);
                self.tell(member, new, format!("new: {text}"));
            }
        }
    }

    /// The smallest bound of each resource counts.
    fn compare_limits(&mut self) {
        let [before, now] = self.both("limits", |list| {
            let mut bounds: BTreeMap<(String, String), &'v str> = BTreeMap::new();
            for entry in list.elements() {
                for resource in entry.get("resources").into_iter().flat_map(Value::elements) {
                    for bound in entry.members().filter(|member| member.value.kind() == Kind::Number) {
                        let key = (text(resource), text(bound.name));
                        let least = bounds.entry(key).or_insert(bound.value.text());
                        if compare_numbers(bound.value.text(), least).is_some_and(|order| order.is_lt()) {
                            *least = bound.value.text();
                        }
                    }
                }
            }
            bounds
        });
        let keys: BTreeSet<_> = before.keys().chain(now.keys()).collect();
        for key in keys {
            let (resource, bound) = key;
            let (weight, change) = match (before.get(key), now.get(key)) {
                (Some(before), None) => (Weight::Widens, format!("was {before}, is unlimited here")),
                (None, Some(now)) => (Weight::Narrows, format!("was unlimited here, is {now}")),
                (Some(before), Some(now)) => match compare_numbers(before, now) {
                    Some(std::cmp::Ordering::Equal) => continue,
                    Some(std::cmp::Ordering::Less) => (Weight::Widens, format!("was {before}, is {now}")),
                    Some(std::cmp::Ordering::Greater) => (Weight::Narrows, format!("was {before}, is {now}")),
                    None => (Weight::Changes, format!("was {before}, is {now}")),
                },
                (None, None) => continue,
            };
            self.tell("limits", weight, format!("{bound} of {resource} {change}"));
        }
    }

    fn compare_pins(&mut self) {
        let [before, now] = self.both("pins", |list| {
            let digests = |pin: Value<'_>| {
                pin.get("sha256").into_iter().flat_map(Value::elements).map(text).collect::<BTreeSet<String>>()
            };
            let pin = |pin: Value<'_>| Some((text(pin.get("tool")?), digests(pin)));
            list.elements().filter_map(pin).collect::<BTreeMap<String, BTreeSet<String>>>()
        });
        let tools: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        for tool in tools {
            let (weight, change) = match (before.get(tool), now.get(tool)) {
                (Some(_), None) => (Weight::Widens, "no longer pinned"),
                (None, Some(_)) => (Weight::Narrows, "now pinned"),
                (Some(before), Some(now)) if before == now => continue,
                (Some(before), Some(now)) if before.is_subset(now) => (Weight::Widens, "pinned to more definitions"),
                (Some(before), Some(now)) if now.is_subset(before) => (Weight::Narrows, "pinned to fewer definitions"),
                (Some(_), Some(_)) => (Weight::Changes, "pinned to another definition"),
                (None, None) => continue,
            };
            self.tell("pins", weight, format!("{tool} is {change}"));
        }
    }

    /// The rules that only log.
    fn compare_logging(&mut self) {
        let [before, now] = [self.old, self.new].map(|version| {
            let mut rules = BTreeSet::new();
            for (rule, written) in version.into_iter().flat_map(|own| own.policy.rules.iter().zip(&own.rules)) {
                for resource in written.resources.iter().filter(|_| !written.is_enforced) {
                    rules.insert((format!("{} of {resource}", rule.effect), written.meaning.clone()));
                }
            }
            rules
        });
        for (rule, _) in before.difference(&now) {
            self.tell("rules", Weight::OnlyLogs, format!("no longer logs the {rule}"));
        }
        for (rule, _) in now.difference(&before) {
            self.tell("rules", Weight::OnlyLogs, format!("logs the {rule}"));
        }
    }
}

/// An entry by each of its resources: one text for all that say the same, and the entry in words.
fn parts<'v>(entry: Value<'v>) -> Vec<(String, (String, Value<'v>))> {
    if entry.kind() == Kind::String {
        return vec![(text(entry), (text(entry), entry))];
    }
    let members = |tell: &dyn Fn(&str, Value<'_>) -> String| {
        let mut members: Vec<String> = entry
            .members()
            .filter(|member| !["resources", "description"].iter().any(|name| member.name.is_str(name)))
            .map(|member| (text(member.name), member.value))
            .map(|(name, value)| format!("{name} {}", tell(&name, value)))
            .collect();
        members.sort_unstable();
        members.join(", ")
    };
    let meaning = members(&meaning_of_member);
    let words = members(&|_, value| value.canonical().unwrap_or_else(|_| value.text().to_owned()));
    match entry.get("resources") {
        Some(resources) => {
            let part = |resource: Value<'_>, of: &str| format!("{}: {of}", text(resource));
            resources.elements().map(|own| (part(own, &meaning), (part(own, &words), entry))).collect()
        }
        None => vec![(meaning, (words, entry))],
    }
}

/// The order of a value that is set counts.
fn meaning_of_member(name: &str, value: Value<'_>) -> String {
    match name {
        "value" => value.canonical().unwrap_or_else(|_| value.text().to_owned()),
        _ => meaning_of(value),
    }
}

fn text(value: Value<'_>) -> String {
    value.as_str().unwrap_or_default().into_owned()
}
