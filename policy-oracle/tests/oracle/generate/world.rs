//! The few words, numbers and times that a policy and the requests under it share, so that they meet.

use crate::generate::addresses::{draw_address, draw_network};
use crate::generate::names::{draw_names, draw_word};
use crate::generate::numbers::draw_numbers;
use crate::generate::times::{draw_clocks, draw_time, draw_times};
use crate::policy::Kind;
use crate::random::Random;
use crate::regular::Regular;

pub(crate) const USERS: &[&str] = &["alice", "Alice", "bob"];
pub(crate) const ROLES: &[&str] = &["admin", "Admin", "clerk", "ADMIN", "*"];
pub(crate) const WORKSPACES: &[&str] = &["eu", "EU", "us"];
pub(crate) const AGENTS: &[&str] = &["console", "Console", "bot"];
pub(crate) const RULE_SCOPES: &[&str] = &["orders.read", "orders.write", "Orders.read"];
pub(crate) const SCOPES: &[&str] = &["orders.read", "orders.write", "orders.read orders.write", "Orders.read"];
pub(crate) const TENANTS: &[&str] = &["acme", "Acme"];
pub(crate) const ISSUERS: &[&str] = &["https://a.example", "https://b.example"];

/// What is drawn once for a policy and the requests under it.
pub(crate) struct World {
    /// What most rules and requests are about.
    pub(crate) kind: Kind,
    pub(crate) targets: Vec<String>,
    pub(crate) names: Vec<(Kind, Vec<String>)>,
    pub(crate) numbers: Vec<String>,
    pub(crate) texts: Vec<String>,
    pub(crate) regulars: Vec<Regular>,
    pub(crate) networks: Vec<String>,
    pub(crate) addresses: Vec<String>,
    /// First and end of a span of the day.
    pub(crate) clocks: Vec<(String, String)>,
    /// Texts that are times, or nearly.
    pub(crate) times: Vec<String>,
    /// When rules begin and end, in seconds.
    pub(crate) turns: Vec<i64>,
    /// When requests are made.
    pub(crate) instants: Vec<i64>,
}

impl World {
    pub(crate) fn draw(random: &mut Random) -> World {
        let kinds = [Kind::Tool, Kind::Tool, Kind::Tool, Kind::Prompt, Kind::Resource, Kind::Agent, Kind::Model];
        let targets: Vec<String> =
            random.some_of(&["a", "b", "ab", "a.b", "a-b", "A"], 2).iter().map(|target| (*target).to_owned()).collect();
        let names = [Kind::Tool, Kind::Prompt, Kind::Resource, Kind::Agent, Kind::Model];
        let regulars: Vec<Regular> = (0..2).map(|_| Regular::draw(random, 2)).collect();
        let networks: Vec<String> = (0..3).map(|_| draw_network(random)).collect();
        let clocks = draw_clocks(random);
        let (turns, instants) = draw_times(random, &clocks);
        World {
            kind: random.one_of(&kinds),
            names: names.map(|kind| (kind, draw_names(random, kind, &targets))).to_vec(),
            numbers: draw_numbers(random),
            texts: draw_texts(random, &regulars, &targets),
            addresses: (0..8).map(|_| draw_address(random, &networks)).collect(),
            times: (0..8).map(|_| draw_time(random, &clocks)).collect(),
            targets,
            regulars,
            networks,
            clocks,
            turns,
            instants,
        }
    }

    pub(crate) fn names_of(&self, kind: Kind) -> &[String] {
        let names = self.names.iter().find(|(its_kind, _)| *its_kind == kind);
        names.map(|(_, names)| names.as_slice()).unwrap_or_default()
    }
}

/// Texts that begin, end and contain each other.
fn draw_texts(random: &mut Random, regulars: &[Regular], targets: &[String]) -> Vec<String> {
    let pieces = ["a", "b", "ab", "A", "*", ".", "é", "e\u{301}", "\n", "", "\"", "\\"];
    let first = draw_word(random, &pieces);
    let second = draw_word(random, &pieces);
    let mut texts = vec![format!("{first}{second}"), format!("{second}{first}"), first.repeat(2), second, first];
    texts.extend(regulars.iter().map(|regular| regular.sample(random)));
    texts.push(random.one_of(&["1", "1.0", "true", "null", "", "", "", "*"]).to_owned());
    texts.push(
        random.one_of(&[USERS[0], ROLES[0], WORKSPACES[0], AGENTS[0], SCOPES[0], TENANTS[0], &targets[0]]).to_owned(),
    );
    texts
}
