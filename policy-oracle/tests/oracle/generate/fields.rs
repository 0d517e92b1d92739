//! What arguments and claims consist of, and the paths to it.

use crate::generate::world::World;
use crate::json::Json;
use crate::path::Step::{All, Descend, From, Name, Nth, Where};
use crate::path::{Filter, Path, Step, Test};
use crate::random::Random;

/// What is usually found somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Number,
    Text,
    Address,
    Time,
    Flag,
    Numbers,
    Texts,
    /// A list of objects with a number `x` and a text `k`.
    Records,
    /// An object with a number `b` and a text `c`.
    Record,
    Anything,
}

pub(crate) const ARGUMENTS: &[(&str, Sort)] = &[
    ("amount", Sort::Number),
    ("limit", Sort::Number),
    ("name", Sort::Text),
    ("owner", Sort::Text),
    ("x-y", Sort::Text),
    ("ip", Sort::Address),
    ("at", Sort::Time),
    ("flag", Sort::Flag),
    ("tags", Sort::Texts),
    ("sizes", Sort::Numbers),
    ("list", Sort::Records),
    ("a", Sort::Record),
    ("any", Sort::Anything),
];

pub(crate) const CLAIMS: &[(&str, Sort)] = &[
    ("amount", Sort::Number),
    ("name", Sort::Text),
    ("ip", Sort::Address),
    ("at", Sort::Time),
    ("tags", Sort::Texts),
    ("sizes", Sort::Numbers),
    ("a", Sort::Record),
];

/// A path, and what is usually found there.
pub(crate) fn draw_path(random: &mut Random, world: &World) -> (Path, Sort) {
    match random.below(20) {
        0..=7 => plain(random, "arguments", ARGUMENTS),
        8..=11 => {
            let (steps, sort) = random.one_of(INNER);
            (Path::new("arguments", steps), sort)
        }
        12 => filtered(random, world),
        13..=14 => plain(random, "claims", CLAIMS),
        15 => {
            let (steps, sort) = random.one_of(INNER_CLAIMS);
            (Path::new("claims", steps), sort)
        }
        _ => {
            let (root, steps, sort) = random.one_of(OTHERS);
            (Path::new(root, steps), sort)
        }
    }
}

/// A path of names only.
pub(crate) fn draw_plain_path(random: &mut Random) -> (Path, Sort) {
    match random.below(14) {
        12 | 13 => {
            let (root, steps, sort) = random.one_of(OTHERS);
            (Path::new(root, steps), sort)
        }
        0 => (Path::new("arguments", &[Name("a"), Name("b")]), Sort::Number),
        1 => (Path::new("arguments", &[Name("a"), Name("c")]), Sort::Text),
        2 | 3 => plain(random, "claims", CLAIMS),
        _ => plain(random, "arguments", ARGUMENTS),
    }
}

fn plain(random: &mut Random, root: &'static str, fields: &[(&'static str, Sort)]) -> (Path, Sort) {
    let (name, sort) = random.one_of(fields);
    (Path::new(root, &[Name(name)]), sort)
}

const INNER: &[(&[Step], Sort)] = &[
    (&[], Sort::Anything),
    (&[Name("tags"), All], Sort::Text),
    (&[Name("tags"), Nth(0)], Sort::Text),
    (&[Name("tags"), Nth(-1)], Sort::Text),
    (&[Name("tags"), From(1)], Sort::Text),
    (&[Name("sizes"), All], Sort::Number),
    (&[Name("sizes"), Nth(1)], Sort::Number),
    (&[Name("list"), All], Sort::Record),
    (&[Name("list"), All, Name("x")], Sort::Number),
    (&[Name("list"), All, Name("k")], Sort::Text),
    (&[Name("list"), Nth(0), Name("x")], Sort::Number),
    (&[Name("list"), Nth(-2), Name("k")], Sort::Text),
    (&[Descend("x")], Sort::Number),
    (&[Descend("k")], Sort::Text),
    (&[Name("list"), Descend("x")], Sort::Number),
    (&[Name("a"), Name("b")], Sort::Number),
    (&[Name("a"), Name("c")], Sort::Text),
    (&[Name("a"), All], Sort::Anything),
];

const INNER_CLAIMS: &[(&[Step], Sort)] = &[
    (&[], Sort::Anything),
    (&[Name("tags"), All], Sort::Text),
    (&[Name("sizes"), All], Sort::Number),
    (&[Name("a"), Name("b")], Sort::Number),
    (&[Descend("c")], Sort::Text),
];

const OTHERS: &[(&str, &[Step], Sort)] = &[
    ("user", &[Name("id")], Sort::Text),
    ("user", &[Name("issuer")], Sort::Text),
    ("user", &[Name("roles")], Sort::Texts),
    ("user", &[Name("roles"), All], Sort::Text),
    ("user", &[Name("workspaces")], Sort::Texts),
    ("user", &[Name("workspaces"), All], Sort::Text),
    ("user", &[Name("scopes")], Sort::Texts),
    ("user", &[], Sort::Anything),
    ("tenant", &[Name("id")], Sort::Text),
    ("agent", &[Name("id")], Sort::Text),
    ("agent", &[], Sort::Anything),
    ("tool", &[Name("name")], Sort::Text),
    ("tool", &[Name("target")], Sort::Text),
    ("time", &[], Sort::Time),
    ("time", &[], Sort::Time),
];

/// A path with a filter over the records.
fn filtered(random: &mut Random, world: &World) -> (Path, Sort) {
    let writable: Vec<&String> = world.numbers.iter().filter(|literal| is_writable(literal)).collect();
    let number = Json::Number(if writable.is_empty() { "1".to_owned() } else { random.one_of(&writable).clone() });
    let text = Json::Text(random.one_of(&["a", "b", "alice"]).to_owned());
    let (member, test) = match random.below(7) {
        0 => ("x", Test::Exists),
        1 => ("k", Test::Equals(text)),
        2 => ("x", Test::Equals(number)),
        3 => ("k", Test::Differs(text)),
        4 => ("x", Test::IsBelow(number)),
        5 => ("k", Test::Equals(Json::Null)),
        _ => ("k", random.one_of(&[Test::IsSameAs("user", "id"), Test::IsSameAs("agent", "id")])),
    };
    let filter = Where(Filter { member, test });
    match random.below(3) {
        0 => (Path::new("arguments", &[Name("list"), filter]), Sort::Record),
        1 => (Path::new("arguments", &[Name("list"), filter, Name("k")]), Sort::Text),
        _ => (Path::new("arguments", &[Name("list"), filter, Name("x")]), Sort::Number),
    }
}

/// What the product takes for a number in a filter: less than 2^53, and so is its whole part.
fn is_writable(literal: &str) -> bool {
    let whole = literal.split(['.', 'e', 'E']).next().unwrap_or_default();
    let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, ""));
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let is_exact = digits(mantissa) <= 15 && digits(exponent) <= 2;
    is_exact && whole.len() <= 15 && literal.parse::<f64>().is_ok_and(|number| number.abs() < 9e15)
}
