//! Patterns of names, mostly such as cover a name that is asked for.

use crate::generate::names::draw_word;
use crate::generate::uris::draw_uri_pattern;
use crate::generate::world::World;
use crate::policy::Kind;
use crate::random::Random;

/// A pattern of a kind, without `agent:<kind>:`.
pub(crate) fn draw_pattern(random: &mut Random, world: &World, kind: Kind) -> String {
    let name = random.one_of(world.names_of(kind));
    match kind {
        Kind::Resource => single(draw_uri_pattern(random, &name)),
        Kind::Agent | Kind::Model => {
            let slashes: Vec<usize> = name.match_indices('/').map(|(slash, _)| slash).collect();
            let (first, last) = match slashes.is_empty() {
                true => (name.as_str(), name.as_str()),
                false => {
                    let slash = random.one_of(&slashes);
                    (name.get(..slash).unwrap(), name.get(slash + 1..).unwrap())
                }
            };
            match random.below(10) {
                0 => "*".to_owned(),
                1 => hole(random, first),
                2 | 3 => hole(random, last),
                4 => format!("{}/{}", hole(random, first), hole(random, last)),
                _ => hole(random, &name),
            }
        }
        Kind::Tool | Kind::Prompt => loop {
            let pattern = draw_tool_pattern(random, &name);
            if is_well_formed(&pattern) {
                break single(pattern);
            }
        },
    }
}

fn draw_tool_pattern(random: &mut Random, name: &str) -> String {
    let (target, tool) = name.split_once("___").unwrap_or(("*", name));
    match random.below(12) {
        0 => "*".to_owned(),
        1 | 2 => name.to_owned(),
        3 => tool.to_owned(),
        4 => format!("{target}___*"),
        5 => hole(random, name),
        6 => format!("{target}___{}", hole(random, tool)),
        7 => format!("{}___{tool}", hole(random, target)),
        8 => hole(random, tool),
        9 => format!("{}___{}", hole(random, target), hole(random, tool)),
        10 => format!("*{}*", name.chars().nth(random.below(name.len())).unwrap_or('a')),
        _ => draw_word(random, &["a", "b", "*", "*", ".", "-"]),
    }
}

/// Two wildcards in a row are one, and are called so in the name of a rule.
fn single(pattern: String) -> String {
    if pattern.contains("**") { single(pattern.replace("**", "*")) } else { pattern }
}

/// The text with a run of it, perhaps an empty one, replaced by `*`; or as it is.
fn hole(random: &mut Random, text: &str) -> String {
    let start = random.below(text.len() + 1);
    let run = random.below(text.len() - start + 1);
    let end = random.one_of(&[text.len(), start + run]);
    let holed = format!("{}*{}", text.get(..start).unwrap(), text.get(end..).unwrap());
    if random.chance(75) { holed } else { text.to_owned() }
}

/// What the product takes for a pattern of tools: a delimiter is three underscores, with a target before it.
fn is_well_formed(pattern: &str) -> bool {
    match pattern.split_once("___") {
        Some((target, tool)) => {
            !target.is_empty() && !target.contains('_') && !tool.is_empty() && !tool.starts_with('_')
        }
        None => !pattern.is_empty() && !pattern.contains("__"),
    }
}
