//! Whole messages.

use crate::canary::{self, Canary};
use crate::content::{item, resource, result, text};
use crate::document::{document, selected};
use crate::random::Random;
use crate::rules::Rules;
use crate::template::{Node, Part, quote};
use crate::words::{message, parts, prose, words};

/// What a message says, as the product is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Result,
    Task,
    Error,
    ServerRequest,
}

impl Kind {
    /// The member that has it.
    pub(crate) fn member(self) -> &'static str {
        match self {
            Kind::Result | Kind::Task => "result",
            Kind::Error => "error",
            Kind::ServerRequest => "params",
        }
    }
}

/// A message that is being written, and what is in it.
pub(crate) struct Draft<'r> {
    pub(crate) rules: &'r Rules,
    /// What a rule selects, which must come back nowhere and in no form.
    pub(crate) canaries: Vec<Canary>,
    /// What stands in something that goes as a whole, and must not come back from there.
    pub(crate) hidden: Vec<Canary>,
    /// Whether there is something that nobody can look into.
    pub(crate) has_opaque: bool,
}

impl Draft<'_> {
    /// A value for a text that is masked as a whole.
    pub(crate) fn secret_words(&mut self, random: &mut Random) -> Part {
        Part::Kept(self.hidden(random))
    }

    /// A value for something that goes as a whole.
    pub(crate) fn hidden(&mut self, random: &mut Random) -> String {
        let hidden = canary::text(random, "abcdefghijklmnopqrstuvwxyzäöü名", 12);
        self.hidden.push(Canary::Text(hidden.clone()));
        hidden
    }

    /// All from that place on is not selected, but hidden.
    pub(crate) fn hide_after(&mut self, count: usize) {
        self.hidden.extend(self.canaries.drain(count..));
    }

    /// Puts something that a path selects among the members.
    pub(crate) fn add_selected(&mut self, random: &mut Random, members: &mut Vec<(String, Node)>) {
        if self.rules.has_paths() && random.chance(20) {
            let (name, action) = random.one_of(&self.rules.named);
            let value = selected(self, random, action);
            members.insert(random.below(members.len() + 1), (quote(name), value));
        }
    }
}

pub(crate) fn kept(json: &str) -> Node {
    Node::Kept(json.to_owned())
}

pub(crate) fn string(content: &str) -> Node {
    Node::Kept(quote(content))
}

/// A message of any kind.
pub(crate) fn draw(draft: &mut Draft<'_>, random: &mut Random) -> (Kind, Node) {
    let space = draft.rules.space(random);
    let (kind, said) = match random.below(16) {
        0..=5 => (Kind::Result, result(draft, random)),
        6 => (Kind::Result, prompt(draft, random)),
        7 => (Kind::Result, read(draft, random)),
        8 => (Kind::Result, completion(draft, random)),
        9 => (Kind::Result, input_required(draft, random)),
        10 => (Kind::Task, task(draft, random)),
        11 | 12 => (Kind::Error, error(draft, random)),
        13 => (Kind::Error, url_error(draft, random)),
        14 => (Kind::ServerRequest, elicitation(draft, random)),
        _ => (Kind::ServerRequest, sampling(draft, random)),
    };
    let mut members =
        vec![(quote("jsonrpc"), string("2.0")), (quote("id"), kept(random.one_of(&["7", "\"a-1\"", "\"\\u0031\""])))];
    if kind == Kind::ServerRequest {
        members.push((quote("method"), string("sampling/createMessage")));
    }
    members.push((quote(kind.member()), said));
    (kind, Node::Object(members, space))
}

fn prompt(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let messages = (0..1 + random.below(3)).map(|_| {
        let content = item(draft, random);
        let content = if random.chance(80) { content } else { Node::Array(vec![content, item(draft, random)], space) };
        Node::Object(vec![(quote("role"), string("user")), (quote("content"), content)], space)
    });
    let messages = messages.collect();
    let description = prose(draft, random);
    Node::Object(vec![(quote("description"), description), (quote("messages"), Node::Array(messages, space))], space)
}

fn read(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let contents = (0..1 + random.below(3)).map(|_| resource(draft, random)).collect();
    let mut members = vec![(quote("contents"), Node::Array(contents, space))];
    members.push((quote("ttlMs"), kept("60000")));
    members.push((quote("cacheScope"), string("private")));
    draft.add_selected(random, &mut members);
    Node::Object(members, space)
}

fn completion(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let values = (0..1 + random.below(5)).map(|_| Node::Text(parts(draft, random))).collect();
    let mut members = vec![(quote("values"), Node::Array(values, space)), (quote("total"), kept("3"))];
    members.push((quote("hasMore"), kept("false")));
    draft.add_selected(random, &mut members);
    Node::Object(vec![(quote("completion"), Node::Object(members, space))], space)
}

fn input_required(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let ask = |method: &str, params: Node| {
        Node::Object(vec![(quote("method"), string(method)), (quote("params"), params)], space)
    };
    let first = ask("elicitation/create", elicitation(draft, random));
    let second = ask("sampling/createMessage", sampling(draft, random));
    let requests = Node::Object(vec![(quote("ask"), first), (quote("write"), second)], space);
    let mut members = vec![(quote("resultType"), string("input_required")), (quote("inputRequests"), requests)];
    members.push((quote("requestState"), string(&format!("{{\"{}\":\"{}\"}}", words(random), words(random)))));
    Node::Object(members, space)
}

fn task(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let mut members = vec![
        (quote("taskId"), string("786512e2-9e0d-44bd-8f29-789f320fe840")),
        (quote("status"), string("working")),
        (quote("createdAt"), string("2026-07-28T10:30:00Z")),
        (quote("ttlMs"), kept("60000")),
        (quote("statusMessage"), message(draft, random)),
    ];
    match random.below(3) {
        0 => {}
        1 => members.push((quote("error"), error(draft, random))),
        _ => members.push((quote("result"), result(draft, random))),
    }
    draft.add_selected(random, &mut members);
    Node::Object(members, space)
}

fn error(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let data = if random.chance(40) { text(draft, random) } else { document(draft, random, 0) };
    let members = [(quote("code"), kept("-32603")), (quote("message"), message(draft, random)), (quote("data"), data)];
    Node::Object(members.into(), space)
}

/// An error that sends the user to an address.
fn url_error(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let mut elicitation = vec![
        (quote("mode"), string("url")),
        (quote("elicitationId"), string("550e8400-e29b-41d4-a716-446655440000")),
        (quote("url"), string("https://auth.example.com/connect?state=abc&x=%22y")),
        (quote("message"), Node::Text(parts(draft, random))),
    ];
    draft.add_selected(random, &mut elicitation);
    let list = Node::Array(vec![Node::Object(elicitation, space)], space);
    let data = Node::Object(vec![(quote("elicitations"), list)], space);
    let members = [(quote("code"), kept("-32042")), (quote("message"), message(draft, random)), (quote("data"), data)];
    Node::Object(members.into(), space)
}

fn elicitation(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let field = Node::Object(vec![(quote("type"), string("string")), (quote("title"), message(draft, random))], space);
    let schema = vec![
        (quote("type"), string("object")),
        (quote("properties"), Node::Object(vec![(quote("name"), field)], space)),
        (quote("required"), kept("[ \"name\" ]")),
    ];
    let mut members = vec![(quote("mode"), string("form")), (quote("message"), message(draft, random))];
    members.push((quote("requestedSchema"), Node::Object(schema, space)));
    draft.add_selected(random, &mut members);
    Node::Object(members, space)
}

fn sampling(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let content = Node::Object(vec![(quote("type"), string("text")), (quote("text"), message(draft, random))], space);
    let said = Node::Object(vec![(quote("role"), string("user")), (quote("content"), content)], space);
    let mut members = vec![
        (quote("messages"), Node::Array(vec![said], space)),
        (quote("systemPrompt"), message(draft, random)),
        (quote("includeContext"), string("thisServer")),
        (quote("maxTokens"), kept("100")),
        (quote("temperature"), kept("0.70")),
    ];
    draft.add_selected(random, &mut members);
    Node::Object(members, space)
}
