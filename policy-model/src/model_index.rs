//! From the name of a model to the rules that name it.

use crate::name_index::NameIndex;
use crate::pattern::{Glob, Reach};
use crate::request::ModelName;

/// The rules by what they say of models.
#[derive(Debug, Default)]
pub(crate) struct ModelIndex {
    /// By the whole name, as the caller writes it.
    names: NameIndex,
    /// By the whole name, or by what follows any `/` of it.
    ends: NameIndex,
}

impl ModelIndex {
    /// Adds what a rule names.
    pub(crate) fn add(&mut self, pattern: &Glob, reach: Reach<'_>, rule: u32) {
        match reach {
            // A pattern that begins with a wildcard fits the whole name where it fits the end of it.
            Reach::Wide if !pattern.first().is_empty() => self.ends.add(pattern, rule),
            Reach::Narrow(_) | Reach::Wide => self.names.add(pattern, rule),
        }
    }

    /// How many patterns have a wildcard elsewhere than at the end.
    pub(crate) fn inner_wildcards(&self) -> usize {
        self.names.inner_wildcards() + self.ends.inner_wildcards()
    }

    /// Calls `visit` with each rule that names this model, in no order, some perhaps twice.
    pub(crate) fn visit(&self, name: &ModelName<'_>, visit: &mut impl FnMut(u32)) {
        self.visit_text(name.as_str(), visit);
    }

    /// Calls `visit` with each rule, added with [`Reach::Wide`], one of whose patterns covers this one. May pass over some.
    pub(crate) fn visit_covering(&self, pattern: &Glob, visit: &mut impl FnMut(u32)) {
        // A character that no name has stands for any run: only a wildcard fits it. What fits the end of a name also fits it
        // behind every prefix, so that nothing else need be asked for a pattern that is itself read in the wide sense.
        self.visit_text(&pattern.with_runs("\u{0}"), visit);
    }

    fn visit_text(&self, text: &str, visit: &mut impl FnMut(u32)) {
        self.names.visit(text, visit);
        let mut end = Some(text);
        while let Some(model) = end {
            self.ends.visit(model, visit);
            end = model.split_once('/').map(|(_, model)| model);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ModelIndex;
    use crate::pattern::{Glob, Reach};
    use crate::request::ModelName;

    const NARROW: Reach<'static> = Reach::Narrow(None);

    #[test]
    fn what_surely_denies_all_is_found() {
        for (deny, other, expected) in [
            ("*", "*", true),
            ("m", "m", true),
            ("m", "t/m", true),
            ("m*", "t/m-5*", true),
            ("*m", "*/m", true),
            ("t/*", "t/m", true),
            ("t*", "t/m", true),
            ("m*", "t/m/*", true),
            ("m", "*/m", true),
            ("m", "t/u/m", true),
            ("t/m", "u/t/m", true),
            ("t/m", "*/t/m", true),
            ("m*", "t*/u/m*", true),
            ("t/m", "m", false),
            ("t/m", "t/u/m", false),
            ("t/m", "*t/m", false),
            ("m", "t/*m", false),
            ("m", "t/m/u", false),
            ("*/m", "m", false),
        ] {
            assert_eq!(covers(deny, other), expected, "{deny} {other}");
        }
    }

    #[test]
    fn what_is_denied_is_denied_behind_every_prefix() {
        for (pattern, name, is_denied, is_allowed) in [
            ("gpt-5", "gpt-5", true, true),
            ("gpt-5", "openai/gpt-5", true, false),
            ("gpt-5", "t/openai/gpt-5", true, false),
            ("gpt-*", "t/u/openai/gpt-5", true, false),
            ("g*-5", "t/openai/gpt-5", true, false),
            ("openai/o3", "openai/o3", true, true),
            ("openai/o3", "t/openai/o3", true, false),
            ("openai/*", "t/u/openai/x/o3", true, false),
            ("openai*o3", "t/openai/x/o3", true, false),
            ("o3", "t//o3", true, false),
            ("o3", "t/openai-o3", false, false),
            ("o3", "t/o3/mini", false, false),
            ("openai/o3", "t/openai/u/o3", false, false),
            ("openai/o3", "o3", false, false),
            ("*/o3", "o3", false, false),
            ("*/o3", "t/openai/o3", true, true),
        ] {
            assert_eq!(names_it(pattern, Reach::Wide, name), is_denied, "{pattern} {name}");
            assert_eq!(names_it(pattern, NARROW, name), is_allowed, "{pattern} {name}");
        }
    }

    #[test]
    fn each_pattern_with_a_wildcard_inside_is_counted_once() {
        let mut index = ModelIndex::default();
        for (pattern, reach) in [("a*b", Reach::Wide), ("*b*", Reach::Wide), ("a*b", NARROW), ("a*", Reach::Wide)] {
            index.add(&Glob::new(pattern), reach, 0);
        }
        assert_eq!(index.inner_wildcards(), 3);
    }

    #[test]
    fn a_pattern_that_covers_another_names_all_that_it_names() {
        let parts = ["*", "a", "b", "a*", "*b", "a*b", "ab"];
        let mut patterns: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        patterns.extend(parts.iter().flat_map(|target| parts.iter().map(move |model| format!("{target}/{model}"))));
        patterns.extend(["a/b/*", "a/*/b", "*/a/b", "b/a/b"].map(str::to_owned));
        let letters = ["a", "b", "ab", "ba", "aab"];
        let mut names: Vec<String> = letters.iter().map(|model| (*model).to_owned()).collect();
        for _ in 0..2 {
            let longer: Vec<String> =
                letters.iter().flat_map(|target| names.iter().map(move |name| format!("{target}/{name}"))).collect();
            names.extend(longer);
        }
        let mut covered = 0;
        for other in &patterns {
            for deny in patterns.iter().filter(|deny| covers(deny, other)) {
                covered += 1;
                for (name, reach) in names.iter().flat_map(|name| [(name, NARROW), (name, Reach::Wide)]) {
                    let is_named = names_it(other, reach, name);
                    assert!(!is_named || names_it(deny, Reach::Wide, name), "{deny} {other} {reach:?} {name}");
                }
            }
        }
        assert!(covered > 300, "{covered}");
    }

    fn covers(deny: &str, other: &str) -> bool {
        let mut is_covered = false;
        index(deny, Reach::Wide).visit_covering(&Glob::new(other), &mut |_| is_covered = true);
        is_covered
    }

    fn names_it(text: &str, reach: Reach<'_>, name: &str) -> bool {
        let mut is_named = false;
        index(text, reach).visit(&ModelName::parse(name).unwrap(), &mut |_| is_named = true);
        is_named
    }

    fn index(text: &str, reach: Reach<'_>) -> ModelIndex {
        let mut index = ModelIndex::default();
        index.add(&Glob::new(text), reach, 0);
        index
    }
}
