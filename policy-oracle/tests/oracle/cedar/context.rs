//! A caller as a Cedar entity, and a request as a Cedar context.

use std::collections::{BTreeMap, HashMap, HashSet};

use cedar_policy::{Context, Entities, Entity, EntityUid, RestrictedExpression as Expression};
use regex::Regex;

use crate::caller::Caller;
use crate::cedar::conditions::values_max;
use crate::cedar::locations::select;
use crate::cedar::nodes::{nodes, record, set, string};
use crate::cedar::numbered::{Numbered, NumberedCondition, is_callers};
use crate::cedar::ranks::Ranks;
use crate::cedar::texts::holds;
use crate::cedar::uid;
use crate::json::Json;
use crate::policy::{Kind, Operand, Operator};
use crate::request::Request;

/// What there is to encode.
pub(crate) struct Encoder<'l> {
    numbered: Numbered<'l>,
    ranks: Ranks,
    patterns: BTreeMap<usize, Regex>,
}

impl<'l> Encoder<'l> {
    pub(crate) fn new(numbered: Numbered<'l>, ranks: Ranks) -> Encoder<'l> {
        let mut patterns = BTreeMap::new();
        for (nth, numbered) in numbered.conditions.iter().enumerate() {
            if let Operand::Pattern(pattern) = &numbered.condition.operand {
                patterns.insert(nth, Regex::new(&format!(r"\A(?:{})\z", pattern.pattern())).unwrap());
            }
        }
        Encoder { numbered, ranks, patterns }
    }

    /// The user: in the workspaces, and with each of them in "any"; what paths select of the caller are attributes.
    pub(crate) fn entities(&self, user: &EntityUid, caller: &Caller) -> Entities {
        let document = caller.document();
        let mut attributes =
            HashMap::from([("roles".to_owned(), set(&caller.roles())), ("scopes".to_owned(), set(&caller.scopes))]);
        if let Some(agent) = &caller.agent {
            attributes.insert("agent".to_owned(), Expression::new_entity_uid(uid("Actor", agent)));
        }
        attributes.extend(self.selected(&document, true));
        let workspaces = caller.workspaces.iter().map(|workspace| uid("Workspace", workspace));
        let any = caller.workspaces.first().map(|_| uid("AnyWorkspace", "any"));
        let parents: HashSet<EntityUid> = workspaces.chain(any).collect();
        Entities::from_entities([Entity::new(user.clone(), attributes, parents).unwrap()], None).unwrap()
    }

    /// Everything else; `document` is what conditions look at.
    pub(crate) fn context(&self, request: &Request, document: &Json) -> Context {
        let mut members: Vec<(String, Expression)> = vec![
            ("name".to_owned(), string(&request.name)),
            ("now".to_owned(), Expression::new_datetime(request.time())),
        ];
        name_parts(request, &mut members);
        members.extend(self.selected(document, false));
        for (nth, numbered) in self.numbered.conditions.iter().enumerate() {
            if is_outside(numbered) {
                members.push((format!("c{nth}"), self.outside(nth, numbered, document)));
            }
        }
        Context::from_pairs(members).unwrap()
    }

    /// What the paths select that look at the caller only, or all others.
    fn selected(&self, document: &Json, of_caller: bool) -> Vec<(String, Expression)> {
        let paths = self.numbered.paths.iter().enumerate().filter(|(_, path)| is_callers(path.path) == of_caller);
        let selected = paths.map(|(nth, numbered)| {
            let values = select(numbered.path, document, &self.ranks);
            assert!(values.len() <= values_max(numbered.path), "{} values", values.len());
            (format!("p{nth}"), nodes(&values, numbered.spellings.are_in(document), numbered.needs, &self.ranks))
        });
        selected.collect()
    }

    /// For each value whether the condition holds.
    fn outside(&self, nth: usize, numbered: &NumberedCondition<'_>, document: &Json) -> Expression {
        let select = |path: usize| select(self.numbered.paths[path].path, document, &self.ranks);
        let operands = numbered.value_path.map(select);
        let is_true = |value: &Json| match (value, self.patterns.get(&nth), operands.as_deref()) {
            (Json::Text(text), Some(pattern), _) => pattern.is_match(text),
            (Json::Text(text), None, Some([Json::Text(operand)])) => holds(numbered.condition.operator, text, operand),
            (_, _, _) => false,
        };
        let values = select(numbered.path).into_iter().enumerate();
        record(values.map(|(place, value)| (format!("n{place}"), Expression::new_bool(is_true(value)))))
    }
}

/// Whether Cedar needs help with it.
fn is_outside(numbered: &NumberedCondition<'_>) -> bool {
    let is_of_texts =
        [Operator::Contains, Operator::StartsWith, Operator::EndsWith].contains(&numbered.condition.operator);
    numbered.condition.operator == Operator::Matches || (is_of_texts && numbered.value_path.is_some())
}

/// Target and tool; scheme, host and path; agent and skill.
fn name_parts(request: &Request, members: &mut Vec<(String, Expression)>) {
    let name = &request.name;
    let mut add = |key: &str, part: &str| members.push((key.to_owned(), string(part)));
    match request.kind {
        Kind::Tool | Kind::Prompt => {
            let mut parts = name.splitn(2, "___");
            let (first, second) = (parts.next().unwrap(), parts.next());
            add("tool", second.unwrap_or(first));
            if second.is_some() {
                add("target", first);
            }
        }
        Kind::Resource => {
            let parts: Vec<&str> = name.splitn(4, '/').collect();
            if let [scheme, "", host, path @ ..] = &parts[..] {
                add("scheme", scheme);
                add("host", host);
                add("path", &path.iter().map(|path| format!("/{path}")).collect::<String>());
            }
        }
        Kind::Agent => {
            let mut parts = name.split('/');
            add("agent", parts.next().unwrap());
            if let Some(skill) = parts.next() {
                add("skill", skill);
            }
        }
        Kind::Model => {}
    }
}
