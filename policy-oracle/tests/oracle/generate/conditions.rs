//! Conditions whose operator mostly fits what their path finds.

use crate::generate::fields::{Sort, draw_path, draw_plain_path};
use crate::generate::values::draw_right;
use crate::generate::world::World;
use crate::json::Json;
use crate::path::Path;
use crate::policy::{Condition, Operand, Operator};
use crate::random::Random;

use Operator::{
    Between, Contains, EndsWith, Equals, Exists, GreaterThan, GreaterThanOrEqual, In, InCidr, LessThan,
    LessThanOrEqual, Like, Matches, NotEquals, NotExists, NotIn, StartsWith,
};

/// Which paths there are to draw from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paths {
    All,
    Plain,
}

pub(crate) fn draw_condition(random: &mut Random, world: &World, paths: Paths) -> Condition {
    let draw = |random: &mut Random| match paths {
        Paths::All => draw_path(random, world),
        Paths::Plain => draw_plain_path(random),
    };
    let (path, sort) = draw(random);
    let operator =
        if random.chance(92) { random.one_of(operators(sort)) } else { random.one_of(operators(Sort::Anything)) };
    // A path to what the value should be, tried for a while.
    let mut value_path = None;
    if random.chance(30) {
        let wanted = wanted(operator, sort);
        value_path = (0..30).map(|_| draw(random)).find(|(_, its_sort)| *its_sort == wanted).map(|(path, _)| path);
    }
    let operand = draw_operand(random, world, operator, sort, value_path);
    Condition { path, operator, operand }
}

fn operators(sort: Sort) -> &'static [Operator] {
    match sort {
        Sort::Number => &[
            Equals,
            NotEquals,
            In,
            NotIn,
            LessThan,
            LessThanOrEqual,
            GreaterThan,
            GreaterThanOrEqual,
            LessThan,
            GreaterThanOrEqual,
            Exists,
        ],
        Sort::Text => &[Equals, NotEquals, In, NotIn, Contains, StartsWith, EndsWith, Like, Matches, NotExists],
        Sort::Address => &[InCidr, InCidr, InCidr, Equals],
        Sort::Time => &[Between, Between, Between, StartsWith],
        Sort::Flag => &[Equals, NotEquals],
        Sort::Numbers | Sort::Texts => &[Contains, Contains, Contains, Exists, NotExists, NotEquals],
        Sort::Records | Sort::Record => &[Exists, NotExists, NotEquals],
        Sort::Anything => &[
            Equals,
            NotEquals,
            In,
            NotIn,
            LessThan,
            LessThanOrEqual,
            GreaterThan,
            GreaterThanOrEqual,
            Contains,
            StartsWith,
            EndsWith,
            Like,
            Matches,
            Exists,
            NotExists,
            InCidr,
            Between,
        ],
    }
}

/// What a value path should find.
fn wanted(operator: Operator, sort: Sort) -> Sort {
    match (operator, sort) {
        (In | NotIn, Sort::Number) => Sort::Numbers,
        (In | NotIn, _) => Sort::Texts,
        (LessThan | LessThanOrEqual | GreaterThan | GreaterThanOrEqual, _) => Sort::Number,
        (StartsWith | EndsWith, _) => Sort::Text,
        (Contains, Sort::Numbers) => Sort::Number,
        (Contains, _) => Sort::Text,
        (_, sort) => sort,
    }
}

fn draw_operand(
    random: &mut Random,
    world: &World,
    operator: Operator,
    sort: Sort,
    value_path: Option<Path>,
) -> Operand {
    match (operator, value_path) {
        (Exists | NotExists, _) => Operand::Nothing,
        (Matches, _) => Operand::Pattern(random.one_of(&world.regulars)),
        (InCidr, _) => {
            let count = 1 + random.below(2);
            let networks = random.some_of(&world.networks, count);
            let is_list = count > 1 || random.chance(30);
            Operand::Value(if is_list { Json::texts(&networks) } else { Json::text(&networks[0]) })
        }
        (Between, _) => {
            let (first, end) = random.one_of(&world.clocks);
            Operand::Value(Json::texts(&[first, end]))
        }
        (Like, _) => Operand::Value(Json::Text(draw_like(random, world))),
        (_, Some(path)) => Operand::ValuePath(path),
        (Contains, None) => Operand::Value(written_out(draw_scalar(random, world, sort))),
        (Equals | NotEquals, None) => Operand::Value(draw_scalar(random, world, sort)),
        (In | NotIn, None) => {
            let wanted = if sort == Sort::Number { Sort::Number } else { Sort::Text };
            let count = 1 + random.below(4);
            Operand::Value(Json::List((0..count).map(|_| draw_right(random, world, wanted)).collect()))
        }
        (LessThan | LessThanOrEqual | GreaterThan | GreaterThanOrEqual, None) => {
            Operand::Value(draw_right(random, world, Sort::Number))
        }
        (StartsWith | EndsWith, None) => {
            let text = random.one_of(if sort == Sort::Time { &world.times } else { &world.texts });
            let half: String = text.chars().take(random.below(12)).collect();
            Operand::Value(written_out(Json::Text(random.one_of(&[text, half]))))
        }
    }
}

fn draw_scalar(random: &mut Random, world: &World, sort: Sort) -> Json {
    match random.below(20) {
        0 | 1 => Json::Null,
        2 => Json::Bool(random.chance(50)),
        _ => match sort {
            Sort::Number | Sort::Numbers => draw_right(random, world, Sort::Number),
            Sort::Text | Sort::Texts | Sort::Records | Sort::Record | Sort::Anything => {
                draw_right(random, world, Sort::Text)
            }
            Sort::Address | Sort::Time | Sort::Flag => draw_right(random, world, sort),
        },
    }
}

/// The empty string is an error where every text has it.
fn written_out(value: Json) -> Json {
    if value == Json::text("") { Json::text("a") } else { value }
}

/// A text with runs of it replaced by `*`.
fn draw_like(random: &mut Random, world: &World) -> String {
    let text: Vec<char> = random.one_of(&world.texts).chars().collect();
    let mut pattern = String::new();
    for letter in text {
        match random.below(6) {
            0 => pattern.push('*'),
            1 => pattern.extend([letter, '*']),
            _ => pattern.push(letter),
        }
    }
    if pattern.is_empty() { "*".to_owned() } else { pattern }
}
