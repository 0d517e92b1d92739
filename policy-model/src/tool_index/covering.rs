//! Which wide patterns surely name all that another pattern names.

use super::{ToolIndex, whole};
use crate::pattern::{Glob, Reach, ToolPattern};
use crate::tool_name::SEARCH_TOOL;

impl ToolIndex {
    /// Calls `visit` with each rule, added with [`Reach::Wide`], one of whose patterns covers this one. May pass over some.
    pub(crate) fn visit_covering(&self, pattern: &ToolPattern, reach: Reach<'_>, visit: &mut impl FnMut(u32)) {
        self.all.iter().copied().for_each(&mut *visit);
        let mut prefixed = |target: &Glob, tool: &Glob| {
            self.names.visit_covering(&whole(target, tool), visit);
            match reach {
                Reach::Narrow(_) => self.tools.visit_covering(tool, visit),
                // The target's wildcard crosses into the tool, whose name then begins elsewhere.
                Reach::Wide if target.literal().is_some() => self.tools.visit_covering(tool, visit),
                Reach::Wide => {}
            }
        };
        match (pattern, reach) {
            (ToolPattern::All, _) => {}
            (ToolPattern::Prefixed { target, tool }, _) => prefixed(target, tool),
            (ToolPattern::Bare(tool), Reach::Narrow(Some(target))) if tool.literal() != Some(SEARCH_TOOL) => {
                prefixed(&Glob::new(target), tool);
            }
            // A bare pattern that fits the whole name also fits it as the name of a tool.
            (ToolPattern::Bare(tool), _) => self.names.visit_covering(tool, visit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ToolIndex;
    use crate::pattern::{Pattern, Reach, ResourceType, ToolPattern};
    use crate::tool_name::ToolName;

    #[test]
    fn what_surely_denies_all_is_found() {
        for (deny, allow, target, expected) in [
            ("*", "*", None, true),
            ("*", "a___b", None, true),
            ("a___*", "a___b", None, true),
            ("a___*", "a___b*", None, true),
            ("b", "a___b", None, true),
            ("b", "*___b", None, true),
            ("b*", "a*___b*c", None, true),
            ("b", "b", None, true),
            ("b", "b", Some("a"), true),
            ("a___b", "b", Some("a"), true),
            ("*___b", "b", Some("a"), true),
            ("x_amz_bedrock_agentcore_search", "x_amz_bedrock_agentcore_search", Some("a"), true),
            ("a*", "a___b", None, true),
            ("a___b", "a___b*", None, false),
            ("a___b", "b", None, false),
            ("a___b", "b", Some("c"), false),
            ("*___*", "*", None, false),
            ("*___b", "b", None, false),
            ("a___*", "x_amz_bedrock_agentcore_search", Some("a"), false),
            ("b*", "*___*b", None, false),
        ] {
            assert_eq!(covers(deny, Reach::Wide, allow, Reach::Narrow(target)), expected, "{deny} {allow} {target:?}");
        }
        // A redaction's wildcard crosses the delimiter: `a*___b` also names `a___c___b`, whose tool is `c___b`.
        assert!(!covers("b", Reach::Wide, "a*___b", Reach::Wide));
        assert!(covers("b", Reach::Wide, "a___b", Reach::Wide));
        assert!(covers("b*", Reach::Wide, "bc*", Reach::Wide));
    }

    #[test]
    fn a_pattern_that_covers_another_names_all_that_it_names() {
        let parts = ["*", "a", "b", "a*", "*b", "a*b", "ab"];
        let mut patterns: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        patterns.extend(parts.iter().flat_map(|target| parts.iter().map(move |tool| format!("{target}___{tool}"))));
        let letters = ["a", "b", "ab", "ba", "a___b", "aab"];
        let mut names: Vec<String> = letters.iter().map(|tool| (*tool).to_owned()).collect();
        names.extend(letters.iter().flat_map(|target| letters.iter().map(move |tool| format!("{target}___{tool}"))));
        let mut covered = 0;
        for narrow in &patterns {
            for reach in [Reach::Narrow(None), Reach::Narrow(Some("a")), Reach::Wide] {
                for deny in patterns.iter().filter(|deny| covers(deny, Reach::Wide, narrow, reach)) {
                    covered += 1;
                    for name in names.iter().filter_map(|name| ToolName::parse(name).ok()) {
                        let is_named = names_it(narrow, reach, &name);
                        assert!(!is_named || names_it(deny, Reach::Wide, &name), "{deny} {narrow} {reach:?} {name}");
                    }
                }
            }
        }
        assert!(covered > 500, "{covered}");
    }

    fn covers(deny: &str, deny_reach: Reach<'_>, other: &str, reach: Reach<'_>) -> bool {
        let mut is_covered = false;
        index(deny, deny_reach).visit_covering(&pattern(other), reach, &mut |_| is_covered = true);
        is_covered
    }

    fn names_it(text: &str, reach: Reach<'_>, name: &ToolName<'_>) -> bool {
        let mut is_named = false;
        index(text, reach).visit(name, &mut |_| is_named = true);
        is_named
    }

    fn index(text: &str, reach: Reach<'_>) -> ToolIndex {
        let mut index = ToolIndex::default();
        index.add(&pattern(text), reach, 0);
        index
    }

    fn pattern(text: &str) -> ToolPattern {
        let parsed = Pattern::parse(&format!("agent:tool:{text}"), ResourceType::Tool).unwrap();
        let Pattern::Tool(pattern) = parsed else { panic!("{parsed:?}") };
        pattern
    }
}
