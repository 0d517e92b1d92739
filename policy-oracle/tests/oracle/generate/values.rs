//! Values that are usually of the right type.

use crate::generate::fields::Sort;
use crate::generate::world::World;
use crate::json::Json;
use crate::random::Random;

/// What stands in a place of this sort: missing, null or of a wrong type now and then.
pub(crate) fn draw_member(random: &mut Random, world: &World, sort: Sort) -> Option<Json> {
    match random.below(100) {
        0..=7 => None,
        8..=10 => Some(Json::Null),
        11..=16 => Some(draw_one_of(random, world, SORTS)),
        17 => Some(Json::List(Vec::new())),
        18 => Some(Json::Object(Vec::new())),
        19 => Some(Json::List(vec![draw_right(random, world, sort)])),
        _ => Some(draw_right(random, world, sort)),
    }
}

/// A value of this sort.
pub(crate) fn draw_right(random: &mut Random, world: &World, sort: Sort) -> Json {
    match sort {
        Sort::Number => Json::Number(random.one_of(&world.numbers)),
        Sort::Text => Json::Text(random.one_of(&world.texts)),
        Sort::Address => Json::Text(random.one_of(&world.addresses)),
        Sort::Time => Json::Text(random.one_of(&world.times)),
        Sort::Flag => Json::Bool(random.chance(50)),
        Sort::Numbers => draw_list(random, world, Sort::Number),
        Sort::Texts => draw_list(random, world, Sort::Text),
        Sort::Records => {
            let count = random.below(4);
            Json::List(
                (0..count).map(|_| draw_record(random, world, &[("x", Sort::Number), ("k", Sort::Text)])).collect(),
            )
        }
        Sort::Record => draw_record(random, world, &[("b", Sort::Number), ("c", Sort::Text)]),
        Sort::Anything => draw_one_of(random, world, SORTS),
    }
}

fn draw_list(random: &mut Random, world: &World, sort: Sort) -> Json {
    let count = random.below(4);
    let item = |random: &mut Random| match random.below(20) {
        0 => Json::Null,
        1 => draw_one_of(random, world, SCALARS),
        2 => random.one_of(&[Json::List(Vec::new()), Json::Object(Vec::new())]),
        _ => draw_right(random, world, sort),
    };
    Json::List((0..count).map(|_| item(random)).collect())
}

fn draw_record(random: &mut Random, world: &World, members: &[(&str, Sort)]) -> Json {
    let mut drawn = Vec::new();
    for (name, sort) in members {
        let value = match random.below(20) {
            0 => None,
            1 => Some(Json::Null),
            2 => Some(draw_one_of(random, world, SCALARS)),
            _ => Some(draw_right(random, world, *sort)),
        };
        drawn.extend(value.map(|value| ((*name).to_owned(), value)));
    }
    Json::Object(drawn)
}

fn draw_one_of(random: &mut Random, world: &World, sorts: &[Sort]) -> Json {
    let sort = random.one_of(sorts);
    draw_right(random, world, sort)
}

const SCALARS: &[Sort] = &[Sort::Number, Sort::Text, Sort::Flag];
const SORTS: &[Sort] = &[Sort::Number, Sort::Text, Sort::Flag, Sort::Numbers, Sort::Texts, Sort::Record];
