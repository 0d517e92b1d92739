//! Names that stand for all others of a pattern.

use std::collections::BTreeSet;

use crate::pattern::{AgentPattern, Pattern, Reach, ResourceType, ToolPattern};
use crate::request::{AgentName, ModelName, Resource};
use crate::tool_name::{DELIMITER, SEARCH_TOOL, ToolName};
use crate::uri::ResourceUri;

/// Most ways in which two patterns meet.
const MEETINGS_MAX: usize = 64;

/// Most steps in the search for them.
const MEETING_STEPS_MAX: usize = 20_000;

/// The kind of a pattern.
pub(super) fn kind(pattern: &Pattern) -> ResourceType {
    match pattern {
        Pattern::Tool(_) => ResourceType::Tool,
        Pattern::Prompt(_) => ResourceType::Prompt,
        Pattern::Uri(_) => ResourceType::Resource,
        Pattern::Agent(_) => ResourceType::Agent,
        Pattern::Model(_) => ResourceType::Model,
    }
}

/// What is called so; none if nothing can be.
pub(super) fn resource(kind: ResourceType, name: &str) -> Option<Resource<'_>> {
    match kind {
        ResourceType::Tool => ToolName::parse(name).ok().map(Resource::Tool),
        ResourceType::Prompt => ToolName::parse(name).ok().map(Resource::Prompt),
        ResourceType::Resource => ResourceUri::parse(name).ok().map(Resource::Uri),
        ResourceType::Agent => AgentName::parse(name).or_else(|| AgentName::parse_skill(name)).map(Resource::Agent),
        ResourceType::Model => ModelName::parse(name).map(Resource::Model),
    }
}

/// A pattern as whole names, in which a wildcard is any run: together they fit every name that the pattern names, and perhaps others.
pub(crate) fn whole(pattern: &Pattern, reach: Reach<'_>) -> Vec<String> {
    match pattern {
        Pattern::Tool(pattern) | Pattern::Prompt(pattern) => whole_tool(pattern, reach),
        Pattern::Uri(pattern) => vec![pattern.to_string()],
        Pattern::Agent(AgentPattern::Whole(agent)) => vec![agent.to_string(), format!("{agent}/*")],
        Pattern::Agent(AgentPattern::Skill { agent, skill }) => vec![format!("{agent}/{skill}")],
        Pattern::Model(model) => match reach {
            Reach::Narrow(_) => vec![model.to_string()],
            Reach::Wide => vec![model.to_string(), format!("*/{model}")],
        },
    }
}

fn whole_tool(pattern: &ToolPattern, reach: Reach<'_>) -> Vec<String> {
    match (pattern, reach) {
        (ToolPattern::All, _) => vec!["*".to_owned(), format!("*{DELIMITER}*")],
        (ToolPattern::Prefixed { target, tool }, _) => vec![format!("{target}{DELIMITER}{tool}")],
        (ToolPattern::Bare(tool), Reach::Narrow(target)) => {
            let search = tool.matches(SEARCH_TOOL).then(|| SEARCH_TOOL.to_owned());
            let own = match target {
                Some(target) => format!("{target}{DELIMITER}{tool}"),
                None => tool.to_string(),
            };
            std::iter::once(own).chain(search).collect()
        }
        (ToolPattern::Bare(tool), Reach::Wide) => {
            let text = tool.to_string();
            // A wildcard also crosses the delimiter.
            let crossing = text.match_indices('*').map(|(at, _)| {
                let (before, after) = text.split_at_checked(at).unwrap_or_default();
                format!("{before}*{DELIMITER}{after}")
            });
            let crossing: Vec<String> = crossing.collect();
            [text.clone(), format!("*{DELIMITER}{text}")].into_iter().chain(crossing).collect()
        }
    }
}

/// Names that fit a whole pattern, with something in the place of each wildcard that no other pattern knows.
pub(super) fn specimens(kind: ResourceType, whole: &str, run: &str) -> Vec<String> {
    let all: &[&str] = match (kind, whole) {
        // The last two are of schemes that nobody names.
        (ResourceType::Resource, "*") => &["https://*/*", "file:///*", "urn:*", "x*://*/*", "x*:*"],
        (_, _) => &[whole],
    };
    // In an address only digits can stand.
    let runs = [run, "7", ""];
    let names = all.iter().flat_map(|whole| runs.iter().map(move |run| whole.replace('*', run)));
    let mut names: Vec<String> = names.filter(|name| resource(kind, name).is_some()).collect();
    names.dedup();
    names
}

/// A text that is in no exact name, and neither in any of these pieces of patterns nor begins, ends or goes on where one of them does;
/// none if they have everything.
pub(super) fn fresh_run(pieces: &BTreeSet<String>, exact: &BTreeSet<String>) -> Option<String> {
    let letters = || "qzxjkvwyubfghmnpoaeiclrdst0123456789".chars();
    let short = letters().map(|letter| letter.to_string());
    let long = letters().flat_map(|first| letters().map(move |last| format!("{first}7{last}q{last}")));
    let is_new = |run: &String| !exact.iter().any(|name| name.contains(run.as_str()));
    short.chain(long).find(|run| is_new(run) && pieces.iter().all(|piece| is_apart(run, piece)))
}

fn is_apart(run: &str, piece: &str) -> bool {
    let overlaps = |left: &str, right: &str| {
        (1..=left.len().min(right.len()))
            .any(|length| left.get(left.len() - length..).is_some_and(|end| right.get(..length) == Some(end)))
    };
    !piece.contains(run) && !run.contains(piece) && !overlaps(run, piece) && !overlaps(piece, run)
}

/// The whole patterns that together fit exactly the texts that both of these fit; none if there are too many.
pub(crate) fn meet(left: &str, right: &str) -> Option<Vec<String>> {
    let symbols = |text: &str| text.chars().collect::<Vec<char>>();
    let (left, right) = (symbols(left), symbols(right));
    let mut meeting = Meeting { found: BTreeSet::new(), steps: 0, is_cut: false };
    meeting.step(&left, &right, &mut String::new());
    (!meeting.is_cut).then(|| meeting.found.into_iter().collect())
}

struct Meeting {
    found: BTreeSet<String>,
    steps: usize,
    is_cut: bool,
}

impl Meeting {
    /// Goes on with what is left of both, after what they have in common so far.
    fn step(&mut self, left: &[char], right: &[char], common: &mut String) {
        self.steps += 1;
        if self.steps > MEETING_STEPS_MAX || self.found.len() > MEETINGS_MAX {
            self.is_cut = true;
            return;
        }
        let length = common.len();
        match (left.split_first(), right.split_first()) {
            (None, None) => {
                self.found.insert(common.clone());
            }
            (Some(('*', left)), None) => self.step(left, &[], common),
            (None, Some(('*', right))) => self.step(&[], right, common),
            (None, Some(_)) | (Some(_), None) => {}
            (Some(('*', below)), Some(('*', other_below))) => {
                if !common.ends_with('*') {
                    common.push('*');
                }
                self.step(below, right, common);
                self.step(left, other_below, common);
            }
            (Some(('*', below)), Some((letter, other_below))) => {
                self.step(below, right, common);
                common.push(*letter);
                self.step(left, other_below, common);
            }
            (Some((letter, below)), Some(('*', other_below))) => {
                self.step(left, other_below, common);
                common.push(*letter);
                self.step(below, right, common);
            }
            (Some((letter, below)), Some((other, other_below))) if letter == other => {
                common.push(*letter);
                self.step(below, other_below, common);
            }
            (Some(_), Some(_)) => {}
        }
        common.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{fresh_run, meet};

    #[test]
    fn patterns_meet_in_what_fits_both() {
        for (left, right, both) in [
            ("a", "a", &["a"][..]),
            ("a", "b", &[]),
            ("a*", "*b", &["a*b"]),
            ("*", "ab", &["ab"]),
            ("db___*", "*drop*", &["db___*drop*"]),
            ("a*", "a*", &["a*"]),
            ("*a*", "*b*", &["*a*b*", "*b*a*"]),
            ("ab*", "*bc", &["ab*bc", "abc"]),
        ] {
            let found = meet(left, right).unwrap();
            assert!(both.iter().all(|one| found.iter().any(|own| own == one)), "{left} {right}: {found:?}");
            assert_eq!(both.is_empty(), found.is_empty(), "{left} {right}: {found:?}");
        }
    }

    #[test]
    fn a_fresh_run_touches_no_piece() {
        let pieces = ["q", "zz", "ax"].map(str::to_owned).into();
        assert_eq!(fresh_run(&pieces, &BTreeSet::new()).unwrap(), "j");
        assert_eq!(fresh_run(&pieces, &["object".to_owned()].into()).unwrap(), "k");
        let every = "qzxjkvwyubfghmnpoaeiclrdst0123456789".chars().map(|letter| letter.to_string()).collect();
        assert_eq!(fresh_run(&every, &BTreeSet::new()), None);
    }
}
