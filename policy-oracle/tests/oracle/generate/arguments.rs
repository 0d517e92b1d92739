//! Arguments and claims that have what the conditions ask for.

use crate::generate::fields::Sort;
use crate::generate::values::draw_member;
use crate::generate::world::World;
use crate::json::Json;
use crate::path::{Path, Step};
use crate::policy::{Layers, Operand};
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
    random.shuffle(&mut members);
    Json::Object(members)
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
    layers.rules().flat_map(|(_, rule)| &rule.conditions).any(|condition| {
        looks(&condition.path)
            || match &condition.operand {
                Operand::ValuePath(path) => looks(path),
                Operand::Nothing | Operand::Value(_) | Operand::Pattern(_) => false,
            }
    })
}
