//! Random policies, and callers and requests that meet their boundaries.

mod addresses;
mod arguments;
mod conditions;
mod fields;
mod names;
mod numbers;
mod patterns;
mod requests;
mod rules;
mod times;
mod uris;
mod values;
mod world;

use crate::caller::Caller;
use crate::generate::requests::{draw_caller, draw_request};
use crate::generate::rules::draw_layers;
use crate::generate::world::World;
use crate::policy::Layers;
use crate::random::Random;
use crate::request::Request;

pub(crate) use crate::generate::conditions::Paths;
pub(crate) use crate::generate::rules::{draw_baseline, draw_rule};

/// A policy with callers and what each of them asks for.
pub(crate) struct Batch {
    pub(crate) world: World,
    pub(crate) layers: Layers,
    pub(crate) callers: Vec<Caller>,
    /// The caller's place, and the request.
    pub(crate) requests: Vec<(usize, Request)>,
}

impl Batch {
    /// The same seed gives the same batch.
    pub(crate) fn draw(seed: u64, callers: usize, requests: usize) -> Batch {
        let random = &mut Random::new(seed);
        Batch::draw_with(random, Paths::All, callers, requests)
    }

    /// One whose conditions look at members by their names only.
    pub(crate) fn draw_plain(seed: u64, callers: usize, requests: usize) -> Batch {
        Batch::draw_with(&mut Random::new(seed), Paths::Plain, callers, requests)
    }

    fn draw_with(random: &mut Random, paths: Paths, callers: usize, requests: usize) -> Batch {
        let world = World::draw(random);
        let layers = draw_layers(random, &world, paths);
        let callers: Vec<Caller> = (0..callers).map(|_| draw_caller(random, &world, &layers)).collect();
        let requests = (0..requests).map(|nth| (nth % callers.len(), draw_request(random, &world, &layers))).collect();
        Batch { world, layers, callers, requests }
    }

    /// Each request with its caller.
    pub(crate) fn cases(&self) -> impl Iterator<Item = (&Caller, &Request)> {
        self.requests.iter().map(|(caller, request)| (&self.callers[*caller], request))
    }
}
