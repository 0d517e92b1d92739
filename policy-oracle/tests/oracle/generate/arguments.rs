//! Arguments and claims that have what the conditions ask for.

use crate::generate::fields::Sort;
use crate::generate::values::draw_member;
use crate::generate::world::World;
use crate::json::Json;
use crate::path::{Path, Step};
use crate::policy::Layers;
use crate::random::Random;

/// An object with what the conditions look at, and little else.
pub(crate) fn draw_object(
    random: &mut Random,
    world: &World,
    layers: &Layers,
    root: &str,
    fields: &[(&str, Sort)],
) -> Json {
    let mut members: Vec<(String, Json)> = Vec::new();
    for (name, sort) in fields {
        if is_used(layers, root, name) || random.chance(8) {
            members.extend(draw_member(random, world, *sort).map(|value| ((*name).to_owned(), value)));
        }
    }
    if root == "arguments" && random.chance(20) {
        respell(random, &mut members);
    }
    random.shuffle(&mut members);
    Json::Object(members)
}

/// Gives a member, here or below, a name that differs only in case; the one as it was stays sometimes.
fn respell(random: &mut Random, members: &mut Vec<(String, Json)>) {
    if members.is_empty() {
        return;
    }
    let place = random.below(members.len());
    let (name, value) = members[place].clone();
    match value {
        Json::Object(mut inner) if !inner.is_empty() && random.chance(60) => {
            respell(random, &mut inner);
            members[place].1 = Json::Object(inner);
        }
        Json::List(mut items) if !items.is_empty() && random.chance(60) => {
            if let Json::Object(inner) = &mut items[0] {
                respell(random, inner);
            }
            members[place].1 = Json::List(items);
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) | Json::Object(_) => {
            let other = match random.below(3) {
                0 => name.to_uppercase(),
                1 => name.replace('s', "ſ").replace('k', "\u{212a}"),
                _ => {
                    let (first, rest) = name.split_at(1);
                    format!("{}{rest}", first.to_uppercase())
                }
            };
            if other != name && random.chance(30) {
                members.push((other, value));
            } else {
                members[place].0 = other;
            }
        }
    }
}

fn is_used(layers: &Layers, root: &str, name: &str) -> bool {
    let looks = |path: &Path| {
        path.root == root
            && path.steps.first().is_none_or(|step| match step {
                Step::Name(first) => *first == name,
                Step::Nth(_) | Step::From(_) | Step::All | Step::Where(_) => true,
                Step::Descend(_) => name == "list" || name == "a",
            })
    };
    layers.rules().flat_map(|(_, rule)| &rule.conditions).any(|condition| condition.paths().any(looks))
}
