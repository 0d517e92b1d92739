//! Values for an argument: what the conditions name, what is beside it, between it, and made up of it.

use crate::decimal::neighbours;
use crate::generate::Batch;
use crate::json::Json;
use crate::laws::witness::member;
use crate::naive::paths::select;
use crate::path::{Path, Step};
use crate::policy::{Condition, Operand};
use crate::random::Random;
use crate::regular::Regular;

/// What an argument of this name could be; `None` is that it is missing.
pub(crate) fn candidates(batch: &Batch, conditions: &[&Condition], document: &Json, name: &str) -> Vec<Option<Json>> {
    let mut constants = Constants::default();
    for condition in conditions {
        constants.add(condition, document);
    }
    let values = constants.values(batch);
    let inner: Vec<&'static str> = inner_names(conditions, name);
    let mut candidates = vec![None];
    if inner.is_empty() {
        candidates.extend(values.into_iter().map(Some));
        return candidates;
    }
    candidates.extend([Json::Null, Json::Bool(true), Json::List(Vec::new())].map(Some));
    let mut objects: Vec<Vec<(String, Json)>> = vec![Vec::new()];
    for name in inner {
        let with = |object: &Vec<(String, Json)>| {
            let mut objects = vec![object.clone()];
            objects.extend(values.iter().map(|value| {
                let mut object = object.clone();
                object.push((name.to_owned(), value.clone()));
                object
            }));
            objects
        };
        objects = objects.iter().flat_map(with).collect();
    }
    candidates.extend(objects.into_iter().map(|members| Some(Json::Object(members))));
    candidates
}

/// The members of the argument that conditions ask for.
fn inner_names(conditions: &[&Condition], name: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    for path in conditions.iter().flat_map(|condition| condition.paths()) {
        if let (Some(first), Some(Step::Name(second))) = (member(path), path.steps.get(1))
            && first == name
            && !names.contains(second)
        {
            names.push(*second);
        }
    }
    names
}

/// What conditions compare with.
#[derive(Default)]
struct Constants {
    numbers: Vec<String>,
    texts: Vec<String>,
    regulars: Vec<Regular>,
    lists: Vec<Json>,
}

impl Constants {
    fn add(&mut self, condition: &Condition, document: &Json) {
        self.add_selected(&condition.path, document);
        match &condition.operand {
            Operand::Nothing => {}
            Operand::Value(value) => self.add_value(value),
            Operand::Pattern(pattern) => self.regulars.push(pattern.clone()),
            Operand::ValuePath(path) => self.add_selected(path, document),
        }
    }

    fn add_selected(&mut self, path: &Path, document: &Json) {
        if path.root != "arguments" {
            select(path, document).into_iter().for_each(|value| self.add_value(value));
        }
    }

    fn add_value(&mut self, value: &Json) {
        match value {
            Json::Number(literal) => self.numbers.push(literal.clone()),
            Json::Text(text) => self.texts.push(text.clone()),
            Json::List(items) => {
                self.lists.push(value.clone());
                items.iter().for_each(|item| self.add_value(item));
            }
            Json::Null | Json::Bool(_) | Json::Object(_) => {}
        }
    }

    fn values(&self, batch: &Batch) -> Vec<Json> {
        let mut scalars = vec![Json::Null, Json::Bool(true), Json::Bool(false)];
        let mut numbers = vec!["31337.5".to_owned()];
        for literal in &self.numbers {
            numbers.push(literal.clone());
            numbers.extend(neighbours(literal));
        }
        scalars.extend(numbers.into_iter().map(Json::Number));
        scalars.extend(self.made_up(batch).into_iter().map(Json::Text));
        let mut values = Vec::new();
        for value in scalars {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let named = [
            self.numbers.iter().cloned().map(Json::Number).collect(),
            self.texts.iter().cloned().map(Json::Text).collect::<Vec<_>>(),
        ]
        .concat();
        let lists =
            [vec![Json::List(Vec::new()), Json::Object(Vec::new()), Json::List(named.clone())], self.lists.clone()]
                .concat();
        values.extend(lists);
        values.extend(
            named
                .into_iter()
                .chain([Json::Null, Json::Bool(true), Json::Bool(false)])
                .map(|value| Json::List(vec![value])),
        );
        values
    }

    /// Texts that begin with, end with and contain the constants; times and addresses at boundaries.
    fn made_up(&self, batch: &Batch) -> Vec<String> {
        let random = &mut Random::new(1);
        let mut parts = vec!["zz".to_owned(), String::new()];
        for text in &self.texts {
            parts.extend([text.clone(), text.replace('*', ""), text.replace('*', "b")]);
        }
        for regular in &self.regulars {
            parts.extend((0..6).map(|_| regular.sample(random)));
        }
        parts.sort();
        parts.dedup();
        let mut texts = parts.clone();
        if parts.len() <= 16 {
            texts.extend(parts.iter().flat_map(|first| parts.iter().map(move |second| format!("{first}{second}"))));
        }
        texts.extend(batch.world.times.iter().chain(&batch.world.addresses).cloned());
        texts.extend(
            [
                "2026-11-21T12:00:30Z",
                "2026-11-21T07:00:00Z",
                "2026-11-21T20:00:00Z",
                "2026-11-21T23:59:30Z",
                "2026-11-21T00:00:00Z",
            ]
            .map(str::to_owned),
        );
        texts.extend(
            [
                "10.1.2.3",
                "10.9.9.9",
                "192.168.0.129",
                "203.0.113.7",
                "1.2.3.4",
                "2001:db8::1",
                "fe80::1",
                "::1",
                "abcd::1",
            ]
            .map(str::to_owned),
        );
        texts
    }
}
