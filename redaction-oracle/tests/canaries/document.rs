//! JSON documents of a tool's making.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::canary::Canary;
use crate::message::Draft;
use crate::random::Random;
use crate::rules::Action;
use crate::template::{Node, Part, Side, quote};
use crate::words::{card, parts};

const MASKED: &str = "\"****\"";

/// How many strings a document may be inside of and still be looked into.
const LAYERS_MAX: usize = 4;

/// An object or array inside of `layer` strings.
pub(crate) fn document(draft: &mut Draft<'_>, random: &mut Random, layer: usize) -> Node {
    let depth = 1 + random.below(2);
    container(draft, random, layer, depth)
}

fn container(draft: &mut Draft<'_>, random: &mut Random, layer: usize, depth: usize) -> Node {
    let space = draft.rules.space(random);
    let count = 1 + random.below(4);
    if random.chance(25) {
        return Node::Array((0..count).map(|_| value(draft, random, layer, depth)).collect(), space);
    }
    if layer < LAYERS_MAX && random.chance(10) {
        return proxy(draft, random, layer, space);
    }
    let mut members: Vec<(String, Node)> = Vec::new();
    let mut names = NAMES.to_vec();
    random.shuffle(&mut names);
    members.extend(names.into_iter().take(count).map(|name| (quote(name), value(draft, random, layer, depth))));
    let mut secrets = draft.rules.named.clone();
    random.shuffle(&mut secrets);
    secrets.truncate(random.below(3));
    for (name, action) in secrets {
        let at = random.below(members.len() + 1);
        members.insert(at, (quote(name), selected(draft, random, action)));
    }
    Node::Object(members, space)
}

/// What a path selects: a value, or many in a container.
pub(crate) fn selected(draft: &mut Draft<'_>, random: &mut Random, action: Action) -> Node {
    let canary = Canary::draw(random, action);
    draft.canaries.push(canary.clone());
    if random.chance(80) {
        return canary.selected(action);
    }
    let second = Canary::draw(random, action);
    draft.canaries.push(second.clone());
    let inner = |canary: &Canary| match canary.selected(action) {
        Node::Gone(json) => Node::Kept(json),
        node @ (Node::Kept(_)
        | Node::Swapped(..)
        | Node::Whole(..)
        | Node::Object(..)
        | Node::Array(..)
        | Node::Text(_)) => node,
    };
    let both =
        Node::Object(vec![(quote("one"), Node::Array(vec![inner(&canary)], "")), (quote("two"), inner(&second))], "");
    match action {
        Action::Remove => Node::Gone(both.write(Side::Before)),
        Action::MaskTyped => both,
        Action::Replace => Node::Whole(Box::new(both), "\"not shown\""),
        Action::Mask | Action::KeepLast | Action::Truncate => Node::Whole(Box::new(both), MASKED),
    }
}

fn value(draft: &mut Draft<'_>, random: &mut Random, layer: usize, depth: usize) -> Node {
    match random.below(12) {
        0..=2 if depth > 0 => container(draft, random, layer, depth - 1),
        3 if layer < LAYERS_MAX => Node::Text(vec![Part::Json(container(draft, random, layer + 1, 1))]),
        4 if layer < LAYERS_MAX && random.chance(30) => {
            let is_url = random.chance(50);
            Node::Text(vec![Part::Base64(container(draft, random, layer + 1, 0), is_url)])
        }
        5 if layer < LAYERS_MAX && random.chance(50) => {
            let mut around = parts(draft, random);
            around.push(Part::Kept(" ".to_owned()));
            around.push(Part::Json(container(draft, random, layer + 1, 0)));
            around.push(Part::Kept(" so".to_owned()));
            Node::Text(around)
        }
        6 | 7 => Node::Text(parts(draft, random)),
        8 if draft.rules.detects => {
            let number = card(random);
            draft.canaries.push(Canary::Number(number.clone()));
            Node::Swapped(number, MASKED.to_owned())
        }
        _ => Node::Kept(random.one_of(KEPT).to_owned()),
    }
}

/// The result of a Lambda behind a proxy.
fn proxy(draft: &mut Draft<'_>, random: &mut Random, layer: usize, space: &'static str) -> Node {
    let inner = container(draft, random, layer + 1, 1);
    let mut members = vec![(quote("statusCode"), Node::Kept("200".to_owned()))];
    if random.chance(50) {
        members.push((quote("body"), Node::Text(vec![Part::Json(inner)])));
        members.push((quote("isBase64Encoded"), Node::Kept("false".to_owned())));
    } else {
        draft.has_opaque = true;
        let body = Node::Swapped(quote(&STANDARD.encode(inner.write(Side::Before))), MASKED.to_owned());
        let mark = Node::Kept(random.one_of(&["true", "\"true\"", "1"]).to_owned());
        let mut both = [(quote("body"), body), (quote("isBase64Encoded"), mark)];
        random.shuffle(&mut both);
        members.extend(both);
    }
    Node::Object(members, space)
}

const NAMES: &[&str] = &["note", "total", "Größe", "a/b", "x y", "it\"s", "items", "", "\\", "名", "body", "0"];

/// Numbers, strings and the like in spellings that another writer would not keep.
const KEPT: &[&str] = &[
    "0",
    "-0",
    "1.50E+02",
    "1e-400",
    "12345678901234567890123",
    "0.1000",
    "true",
    "false",
    "null",
    "\"\"",
    "\"\\u0041\\/é\"",
    "\"plain words here\"",
    "\"\\ud83d\\ude00 smile\"",
    "\"****\"",
    "[ ]",
    "{ }",
    "[1 , 2.0,\t3]",
];
