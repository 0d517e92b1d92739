//! From the name of an agent or of one of its skills to the rules that name it.

use crate::name_index::NameIndex;
use crate::pattern::{AgentPattern, Glob};
use crate::request::AgentName;

/// The rules by what they say of agents. They say the same in every effect: no wildcard crosses the `/`.
#[derive(Debug, Default)]
pub(crate) struct AgentIndex {
    /// By the agent: it, and all of its skills.
    agents: NameIndex,
    /// By agent and skill, with the `/` between them.
    skills: NameIndex,
}

impl AgentIndex {
    /// Adds what a rule names.
    pub(crate) fn add(&mut self, pattern: &AgentPattern, rule: u32) {
        match pattern {
            AgentPattern::Whole(agent) => self.agents.add(agent, rule),
            AgentPattern::Skill { agent, skill } => self.skills.add(&whole(agent, skill), rule),
        }
    }

    /// How many patterns have a wildcard elsewhere than at the end.
    pub(crate) fn inner_wildcards(&self) -> usize {
        self.agents.inner_wildcards() + self.skills.inner_wildcards()
    }

    /// Calls `visit` with each rule that names this, in no order, some perhaps twice.
    pub(crate) fn visit(&self, name: &AgentName<'_>, visit: &mut impl FnMut(u32)) {
        self.agents.visit(name.agent(), visit);
        if name.skill().is_some() {
            // Name and pattern have one `/` each, so that no wildcard reaches over it.
            self.skills.visit(name.as_str(), visit);
        }
    }

    /// Calls `visit` with each rule one of whose patterns names all that this one names. May pass over some.
    pub(crate) fn visit_covering(&self, pattern: &AgentPattern, visit: &mut impl FnMut(u32)) {
        match pattern {
            AgentPattern::Whole(agent) => self.agents.visit_covering(agent, visit),
            AgentPattern::Skill { agent, skill } => {
                self.agents.visit_covering(agent, visit);
                self.skills.visit_covering(&whole(agent, skill), visit);
            }
        }
    }
}

fn whole(agent: &Glob, skill: &Glob) -> Glob {
    Glob::new(&format!("{agent}/{skill}"))
}

#[cfg(test)]
mod tests {
    use super::AgentIndex;
    use crate::pattern::{AgentPattern, Pattern, ResourceType};
    use crate::request::AgentName;

    #[test]
    fn what_surely_names_all_is_found() {
        for (wide, narrow, expected) in [
            ("*", "*", true),
            ("*", "a/b", true),
            ("*", "*/*", true),
            ("a", "a", true),
            ("a", "a/b", true),
            ("a", "a/*", true),
            ("a*", "ab", true),
            ("a*", "a*/b", true),
            ("*/b", "a/b", true),
            ("a/*", "a/b*", true),
            ("*/*", "a/b", true),
            ("a/*", "a", false),
            ("*/*", "a", false),
            ("*/*", "*", false),
            ("a/b", "a/*", false),
            ("a/b", "*/b", false),
            ("b", "a/b", false),
            ("a*b", "a/b", false),
        ] {
            assert_eq!(covers(wide, narrow), expected, "{wide} {narrow}");
        }
    }

    #[test]
    fn a_pattern_that_covers_another_names_all_that_it_names() {
        let parts = ["*", "a", "b", "a*", "*b", "a*b", "ab"];
        let mut patterns: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        patterns.extend(parts.iter().flat_map(|agent| parts.iter().map(move |skill| format!("{agent}/{skill}"))));
        let letters = ["a", "b", "ab", "ba", "aab"];
        let mut names: Vec<String> = letters.iter().map(|agent| (*agent).to_owned()).collect();
        names.extend(letters.iter().flat_map(|agent| letters.iter().map(move |skill| format!("{agent}/{skill}"))));
        let mut covered = 0;
        for narrow in &patterns {
            for wide in patterns.iter().filter(|wide| covers(wide, narrow)) {
                covered += 1;
                for name in &names {
                    assert!(!names_it(narrow, name) || names_it(wide, name), "{wide} {narrow} {name}");
                }
            }
        }
        assert!(covered > 300, "{covered}");
    }

    fn covers(wide: &str, narrow: &str) -> bool {
        let mut is_covered = false;
        index(wide).visit_covering(&pattern(narrow), &mut |_| is_covered = true);
        is_covered
    }

    fn names_it(text: &str, name: &str) -> bool {
        let name = AgentName::parse(name).or_else(|| AgentName::parse_skill(name)).unwrap();
        let mut is_named = false;
        index(text).visit(&name, &mut |_| is_named = true);
        is_named
    }

    fn index(text: &str) -> AgentIndex {
        let mut index = AgentIndex::default();
        index.add(&pattern(text), 0);
        index
    }

    fn pattern(text: &str) -> AgentPattern {
        let parsed = Pattern::parse(&format!("agent:agent:{text}"), ResourceType::Agent).unwrap();
        let Pattern::Agent(pattern) = parsed else { panic!("{parsed:?}") };
        pattern
    }
}
