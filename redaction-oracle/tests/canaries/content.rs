//! What tools, prompts and resources say, item by item.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::document::document;
use crate::message::{Draft, kept, string};
use crate::random::Random;
use crate::template::{Node, Part, quote};
use crate::words::{address, parts, prose};

const MASKED: &str = "\"****\"";

/// A text in one piece: prose, JSON, or JSON among words.
pub(crate) fn text(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let count = draft.canaries.len();
    let (before, after) = match random.below(6) {
        0 | 1 => return prose(draft, random),
        2 | 3 => return Node::Text(vec![Part::Json(document(draft, random, 1))]),
        4 => (vec![Part::Kept("```json\n".to_owned())], "\n```"),
        _ => {
            let mut before = parts(draft, random);
            before.push(Part::Kept(" ".to_owned()));
            (before, random.one_of(&[".", " and so on", "\n\n", "`"]))
        }
    };
    let mut all = before;
    all.push(Part::Json(document(draft, random, 1)));
    all.push(Part::Kept(after.to_owned()));
    if draft.rules.masks_prose() {
        draft.hide_after(count);
        return Node::Whole(Box::new(Node::Text(all)), MASKED);
    }
    Node::Text(all)
}

pub(crate) fn item(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let mut members = Vec::new();
    match random.below(8) {
        0..=3 => members.extend([(quote("type"), string("text")), (quote("text"), text(draft, random))]),
        4 => members.extend([(quote("type"), string("resource")), (quote("resource"), resource(draft, random))]),
        5 => {
            members.push((quote("type"), string("resource_link")));
            members.push((quote("uri"), address(draft, random)));
            members.push((quote("name"), prose(draft, random)));
            members.push((quote("description"), text(draft, random)));
            members.push((quote("mimeType"), string("text/plain")));
        }
        _ => {
            draft.has_opaque = true;
            let hidden = draft.hidden(random);
            members.push((quote("type"), string(random.one_of(&["image", "audio", "video"]))));
            members.push((quote("data"), string(&STANDARD.encode(hidden))));
            members.push((quote("mimeType"), string("image/png")));
            return Node::Whole(Box::new(Node::Object(members, space)), r#"{"type":"text","text":"****"}"#);
        }
    }
    if random.chance(30) {
        members.push((quote("annotations"), document(draft, random, 0)));
    }
    if random.chance(20) {
        members.push((quote("_meta"), document(draft, random, 0)));
    }
    draft.add_selected(random, &mut members);
    Node::Object(members, space)
}

/// A part of a resource, or one in a result.
pub(crate) fn resource(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let mut members = vec![(quote("uri"), address(draft, random)), (quote("mimeType"), string("application/json"))];
    if random.chance(75) {
        members.push((quote("text"), text(draft, random)));
    } else {
        draft.has_opaque = true;
        let hidden = draft.hidden(random);
        members.push((quote("blob"), Node::Swapped(quote(&STANDARD.encode(hidden)), "\"KioqKg==\"".to_owned())));
    }
    if random.chance(30) {
        members.push((quote("_meta"), document(draft, random, 0)));
    }
    Node::Object(members, space)
}

pub(crate) fn result(draft: &mut Draft<'_>, random: &mut Random) -> Node {
    let space = draft.rules.space(random);
    let mut members = Vec::new();
    let items = (0..1 + random.below(3)).map(|_| item(draft, random)).collect();
    members.push((quote("content"), Node::Array(items, space)));
    if random.chance(60) {
        let structured = match random.below(5) {
            0..=2 => document(draft, random, 0),
            3 => text(draft, random),
            _ => kept(random.one_of(&["17", "null", "[ ]", "-1.0e3"])),
        };
        members.push((quote("structuredContent"), structured));
    }
    members.push((quote("isError"), kept(random.one_of(&["true", "false"]))));
    if random.chance(30) {
        members.push((quote("_meta"), document(draft, random, 0)));
    }
    if random.chance(30) {
        members.push((
            quote("com.example/more"),
            if random.chance(50) { text(draft, random) } else { document(draft, random, 0) },
        ));
    }
    if random.chance(30) {
        members.push((quote("resultType"), string("complete")));
    }
    draft.add_selected(random, &mut members);
    Node::Object(members, space)
}
