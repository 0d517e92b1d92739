//! Callers, and what they ask for.

use crate::caller::Caller;
use crate::generate::arguments::draw_object;
use crate::generate::fields::{ARGUMENTS, CLAIMS};
use crate::generate::rules::names;
use crate::generate::world::{AGENTS, ISSUERS, ROLES, SCOPES, TENANTS, USERS, WORKSPACES, World};
use crate::json::Json;
use crate::policy::{Kind, Layers};
use crate::random::Random;
use crate::request::Request;

pub(crate) fn draw_caller(random: &mut Random, world: &World, layers: &Layers) -> Caller {
    let some = |random: &mut Random, choices: &[&str], most: usize| {
        if random.chance(25) { Vec::new() } else { names(random, choices, most) }
    };
    Caller {
        tenant: random.one_of(TENANTS).to_owned(),
        user: random.one_of(USERS).to_owned(),
        issuer: random.one_of(ISSUERS).to_owned(),
        agent: random.chance(50).then(|| random.one_of(AGENTS).to_owned()),
        token_roles: some(random, ROLES, 2),
        registry_roles: some(random, ROLES, 2),
        workspaces: some(random, WORKSPACES, 2),
        scopes: some(random, SCOPES, 4),
        claims: random.chance(97).then(|| draw_object(random, world, layers, "claims", CLAIMS)),
    }
}

pub(crate) fn draw_request(random: &mut Random, world: &World, layers: &Layers) -> Request {
    let others = [Kind::Tool, Kind::Prompt, Kind::Resource, Kind::Agent, Kind::Model];
    let kind = if random.chance(92) { world.kind } else { random.one_of(&others) };
    let arguments = match random.below(100) {
        0..=3 => None,
        4 => {
            Some(random.one_of(&[Json::Null, Json::List(vec![Json::Null]), Json::text("a"), Json::Object(Vec::new())]))
        }
        _ => Some(draw_object(random, world, layers, "arguments", ARGUMENTS)),
    };
    Request { kind, name: random.one_of(world.names_of(kind)), arguments, seconds: random.one_of(&world.instants) }
}
