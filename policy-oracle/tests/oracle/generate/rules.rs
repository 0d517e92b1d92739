//! Policies of a few rules, now and then of many.

use crate::generate::conditions::{Paths, draw_condition};
use crate::generate::patterns::draw_pattern;
use crate::generate::world::{AGENTS, ROLES, RULE_SCOPES, USERS, WORKSPACES, World};
use crate::policy::{Effect, Kind, Layers, Mode, Policy, Principals, Rule};
use crate::random::Random;
use crate::request::instant;

pub(crate) fn draw_layers(random: &mut Random, world: &World, paths: Paths) -> Layers {
    let baseline = random.chance(30).then(|| draw_baseline(random, world, paths));
    let count = if random.chance(4) { 12 + random.below(30) } else { 1 + random.below(7) };
    let mut rules: Vec<Rule> = (0..count)
        .map(|_| {
            let effect = random.one_of(&[Effect::Allow, Effect::Allow, Effect::Deny]);
            draw_rule(random, world, effect, paths)
        })
        .collect();
    if random.chance(60) {
        // A wide one, so that what is denied would often be allowed.
        let rule = draw_rule(random, world, Effect::Allow, paths);
        rules.push(Rule {
            kind: world.kind,
            resources: vec!["*".to_owned()],
            principals: Vec::new(),
            mode: None,
            ..rule
        });
    }
    draw_ids(random, &mut rules);
    let default_target = random.chance(50).then(|| random.one_of(&world.targets));
    Layers { baseline, policy: Policy { tenant: "acme", default_target, mode: draw_mode(random, 2), rules } }
}

/// A policy that only denies.
pub(crate) fn draw_baseline(random: &mut Random, world: &World, paths: Paths) -> Policy {
    let mut rules: Vec<Rule> =
        (0..1 + random.below(2)).map(|_| draw_rule(random, world, Effect::Deny, paths)).collect();
    draw_ids(random, &mut rules);
    Policy { tenant: "*", default_target: None, mode: draw_mode(random, 15), rules }
}

/// A rule without an id.
pub(crate) fn draw_rule(random: &mut Random, world: &World, effect: Effect, paths: Paths) -> Rule {
    let others = [Kind::Tool, Kind::Prompt, Kind::Resource, Kind::Agent, Kind::Model];
    let kind = if random.chance(85) { world.kind } else { random.one_of(&others) };
    let count = random.one_of(&[1, 1, 2, 3]);
    let mut resources: Vec<String> = (0..count).map(|_| draw_pattern(random, world, kind)).collect();
    if effect == Effect::Deny {
        // So that something is left to allow.
        resources
            .iter_mut()
            .filter(|resource| *resource == "*")
            .for_each(|resource| *resource = random.one_of(world.names_of(kind)));
    }
    let conditions = random.one_of(&[0, 0, 1, 1, 1, 2, 3]);
    let (has_scopes, has_begin, has_end) = (random.chance(8), random.chance(8), random.chance(8));
    // A rule that is never in force is an error.
    let (one, other) = (random.one_of(&world.turns), random.one_of(&world.turns));
    Rule {
        id: None,
        effect,
        kind,
        resources,
        principals: draw_principals(random),
        scopes: if has_scopes { names(random, RULE_SCOPES, 2) } else { Vec::new() },
        not_before: has_begin.then(|| instant(one.min(other))),
        not_after: has_end.then(|| instant(one.max(other))),
        conditions: (0..conditions).map(|_| draw_condition(random, world, paths)).collect(),
        mode: draw_mode(random, 12),
    }
}

fn draw_principals(random: &mut Random) -> Vec<(Principals, Vec<String>)> {
    let lists = [
        (Principals::Users, USERS),
        (Principals::Roles, ROLES),
        (Principals::Workspaces, WORKSPACES),
        (Principals::Agents, AGENTS),
    ];
    let mut principals = Vec::new();
    for (list, choices) in lists {
        if random.chance(10) {
            let is_any = random.chance(20);
            let choices: Vec<&str> = choices.iter().copied().filter(|choice| *choice != "*").collect();
            principals.push((list, if is_any { vec!["*".to_owned()] } else { names(random, &choices, 3) }));
        }
    }
    principals
}

/// One to `most` of these, perhaps twice.
pub(crate) fn names(random: &mut Random, choices: &[&str], most: usize) -> Vec<String> {
    let count = 1 + random.below(most);
    random.some_of(choices, count).into_iter().map(str::to_owned).collect()
}

/// Ids in another order than the rules; some rules go without.
fn draw_ids(random: &mut Random, rules: &mut [Rule]) {
    let mut ids: Vec<String> = (0..rules.len()).map(|nth| format!("r{nth}")).collect();
    ids.extend(["A", "a.b", "a-b", "R1", "ALLOW", "DENY"].map(str::to_owned));
    random.shuffle(&mut ids);
    let named = random.one_of(&[0, 50, 100, 100]);
    for (rule, id) in rules.iter_mut().zip(ids) {
        rule.id = random.chance(named).then_some(id);
    }
}

fn draw_mode(random: &mut Random, percent_log_only: usize) -> Option<Mode> {
    if random.chance(percent_log_only) {
        Some(Mode::LogOnly)
    } else {
        random.one_of(&[None, None, Some(Mode::Enforce)])
    }
}
