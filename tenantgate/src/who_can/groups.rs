//! Members that may the same, counted together.

use std::collections::HashMap;
use std::rc::Rc;

use policy_model::TenantId;
use policy_model::reach::{Question, Reach};
use policy_registry::record::Status;
use serde_json::{Value, json};

use super::roll::Enrolled;
use super::standing;
use crate::explain::source::Read;
use crate::explain::tree::{Line, Mark};
use crate::explain::words;

/// Groups by what their members may.
pub(super) struct Groups<'p> {
    names_max: usize,
    groups: Vec<Group>,
    /// The group of what is told.
    places: HashMap<String, usize>,
    /// The group of an answer, which most members share. The answer is held, so that no other one takes its address.
    answers: HashMap<*const Reach<'p>, (Rc<Reach<'p>>, usize)>,
}

struct Group {
    mark: Mark,
    word: &'static str,
    title: String,
    rules: Vec<String>,
    count: u64,
    names: Vec<String>,
}

impl<'p> Groups<'p> {
    /// Groups of which at most so many members are named.
    pub(super) fn new(names_max: usize) -> Groups<'p> {
        Groups { names_max, groups: Vec::new(), places: HashMap::new(), answers: HashMap::new() }
    }

    /// Counts a member where it belongs.
    pub(super) fn add(&mut self, own: &Enrolled, question: &Question<'p>, tenant: &TenantId, read: &Read<'_>) {
        let place = match (own.status, own.as_member(tenant)) {
            (Status::Suspended, _) => {
                self.place(Mark::No, "SUSPENDED", "may not: suspended in the registry".to_owned(), Vec::new())
            }
            (Status::Active, None) => {
                self.place(Mark::No, "NEVER", "may not: no token can have that name".to_owned(), Vec::new())
            }
            (Status::Active, Some(member)) => {
                let reach = question.ask(&member);
                let address = Rc::as_ptr(&reach);
                match self.answers.get(&address) {
                    Some((_, place)) => *place,
                    None => {
                        let place = self.place_of(&reach, read);
                        if self.answers.len() >= ANSWERS_MAX {
                            self.answers.clear();
                        }
                        self.answers.insert(address, (reach, place));
                        place
                    }
                }
            }
        };
        let names_max = self.names_max;
        if let Some(group) = self.groups.get_mut(place) {
            group.count += 1;
            if group.names.len() < names_max {
                group.names.push(own.title());
            }
        }
    }

    fn place_of(&mut self, reach: &Reach<'_>, read: &Read<'_>) -> usize {
        let word = standing::word(reach.standing);
        let mark = match word {
            "ALWAYS" => Mark::Yes,
            "NEVER" => Mark::No,
            _ => Mark::Unsure,
        };
        self.place(mark, word, standing::title(reach), standing::rules(reach, read))
    }

    /// Where there are too many groups, the last one takes all others.
    fn place(&mut self, mark: Mark, word: &'static str, title: String, rules: Vec<String>) -> usize {
        let key = format!("{title}\n{}", rules.join("\n"));
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let group = if self.groups.len() < GROUPS_MAX {
            self.places.insert(key, self.groups.len());
            Group { mark, word, title, rules, count: 0, names: Vec::new() }
        } else if self.groups.len() == GROUPS_MAX {
            let title = "differ among each other in what they may: ask what-can about one".to_owned();
            Group { mark: Mark::Unsure, word: "OTHERS", title, rules: Vec::new(), count: 0, names: Vec::new() }
        } else {
            return GROUPS_MAX;
        };
        self.groups.push(group);
        self.groups.len() - 1
    }

    /// In the order: always, under conditions, not.
    fn sorted(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        let rank = |group: &Group| ORDER.iter().position(|word| *word == group.word);
        groups.sort_by(|one, other| (rank(one), other.count, &one.title).cmp(&(rank(other), one.count, &other.title)));
        groups
    }

    /// For people.
    pub(super) fn lines(&self) -> Vec<Line> {
        let total: u64 = self.groups.iter().map(|group| group.count).sum();
        let mut lines = vec![Line::new(1, Mark::Head, words::counted(total, "member"))];
        for group in self.sorted() {
            lines.push(Line::new(2, group.mark, format!("{} {}", group.count, group.title)));
            lines.extend(group.rules.iter().map(|rule| Line::new(3, Mark::None, rule)));
            let more = group.count.saturating_sub(group.names.len() as u64);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            lines.push(Line::new(3, Mark::None, format!("{}{more}", group.names.join(", "))));
        }
        lines
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let told = |group: &&Group| json!({"standing": group.word, "words": group.title, "rules": group.rules, "count": group.count, "names": group.names});
        self.sorted().iter().map(told).collect()
    }
}

const ORDER: &[&str] = &["ALWAYS", "SOMETIMES", "PERHAPS", "OTHERS", "NEVER", "SUSPENDED"];

/// Most groups that are told apart.
const GROUPS_MAX: usize = 200;

/// Most answers whose group is remembered.
const ANSWERS_MAX: usize = 4_096;
