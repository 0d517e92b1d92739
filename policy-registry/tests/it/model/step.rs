//! What is done to the registry.

use super::expected::{Expected, Owner, Stop};
use super::random::Random;

/// One step. Tenants, contents and users have small numbers, so that steps meet.
#[derive(Debug, Clone)]
pub(super) enum Step {
    AddTenant {
        tenant: usize,
        content: usize,
    },
    RemoveTenant {
        tenant: usize,
    },
    Suspend {
        tenant: usize,
    },
    Resume {
        tenant: usize,
    },
    /// `expect` is the version that the writer believes to be in force, if it says so.
    Publish {
        owner: Owner,
        content: usize,
        expect: Option<u64>,
    },
    PublishAll {
        contents: Vec<(Owner, usize)>,
    },
    Rollback {
        owner: Owner,
        version: u64,
        expect: Option<u64>,
    },
    RollbackToPrevious {
        owner: Owner,
    },
    Retire {
        owner: Owner,
        version: u64,
    },
    SetShadow {
        tenant: usize,
        version: u64,
    },
    TryShadow {
        tenant: usize,
        content: usize,
    },
    ClearShadow {
        tenant: usize,
    },
    AddMember {
        tenant: usize,
        user: usize,
        roles: usize,
    },
    RemoveMember {
        tenant: usize,
        user: usize,
    },
    Import {
        tenant: usize,
        users: Vec<usize>,
    },
    Kill {
        stop: Stop,
    },
    Lift {
        number: u64,
    },
    Decide {
        tenant: usize,
        user: usize,
    },
}

impl Step {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Step::AddTenant { .. } => "add tenant",
            Step::RemoveTenant { .. } => "remove tenant",
            Step::Suspend { .. } => "suspend",
            Step::Resume { .. } => "resume",
            Step::Publish { .. } => "publish",
            Step::PublishAll { .. } => "publish all",
            Step::Rollback { .. } => "rollback",
            Step::RollbackToPrevious { .. } => "rollback to previous",
            Step::Retire { .. } => "retire",
            Step::SetShadow { .. } => "set shadow",
            Step::TryShadow { .. } => "try shadow",
            Step::ClearShadow { .. } => "clear shadow",
            Step::AddMember { .. } => "add member",
            Step::RemoveMember { .. } => "remove member",
            Step::Import { .. } => "import",
            Step::Kill { .. } => "kill",
            Step::Lift { .. } => "lift",
            Step::Decide { .. } => "decide",
        }
    }
}

/// A step of somebody who saw this.
pub(super) fn draw(random: &mut Random, seen: &Expected) -> Step {
    let tenant = random.below(TENANTS);
    let user = random.below(USERS);
    let owner = if random.below(8) == 0 { None } else { Some(tenant) };
    // Some contents come again, and what was retired is left behind.
    let content_of =
        |random: &mut Random, owner: Owner| usize::try_from(seen.versions(owner) / 2).unwrap() + random.below(CONTENTS);
    let content = content_of(random, owner);
    let of_tenant = Some(tenant);
    let version = |random: &mut Random, owner: Owner| {
        let known = usize::try_from(seen.versions(owner)).unwrap();
        u64::try_from(1 + random.below(known.max(1) + 1)).unwrap()
    };
    let expect = |random: &mut Random| if random.below(3) > 0 { seen.active(owner) } else { None };
    match random.below(100) {
        0..5 => Step::AddTenant { tenant, content },
        5..7 => Step::RemoveTenant { tenant },
        7..11 => Step::Suspend { tenant },
        11..16 => Step::Resume { tenant },
        16..28 => Step::Publish { owner, content, expect: expect(random) },
        28..31 => {
            let owners = [None].into_iter().chain((0..TENANTS).map(Some)).filter(|_| random.below(2) == 0);
            let owners: Vec<Owner> = owners.collect();
            Step::PublishAll { contents: owners.into_iter().map(|owner| (owner, content_of(random, owner))).collect() }
        }
        31..36 => Step::Rollback { owner, version: version(random, owner), expect: expect(random) },
        36..39 => Step::RollbackToPrevious { owner },
        39..40 => Step::Retire { owner, version: version(random, owner) },
        40..43 => Step::SetShadow { tenant, version: version(random, of_tenant) },
        43..46 => Step::TryShadow { tenant, content },
        46..49 => Step::ClearShadow { tenant },
        49..60 => Step::AddMember { tenant, user, roles: random.below(3) },
        60..66 => Step::RemoveMember { tenant, user },
        66..69 => Step::Import { tenant, users: (0..USERS).filter(|_| random.below(2) == 0).collect() },
        69..71 => Step::Kill {
            stop: match random.below(6) {
                0 => Stop::All,
                1 | 2 => Stop::Tenant(tenant),
                3 => Stop::Tool(None),
                _ => Stop::Tool(Some(tenant)),
            },
        },
        71..77 => {
            let oldest = seen.kills.keys().next().copied();
            Step::Lift { number: oldest.filter(|_| random.below(8) > 0).unwrap_or(0) }
        }
        _ => Step::Decide { tenant, user },
    }
}

/// Which steps can be done and can be refused.
pub(super) const NAMES: [&str; 17] = [
    "add tenant",
    "remove tenant",
    "suspend",
    "resume",
    "publish",
    "publish all",
    "rollback",
    "rollback to previous",
    "retire",
    "set shadow",
    "try shadow",
    "clear shadow",
    "add member",
    "remove member",
    "import",
    "lift",
    "decide",
];

pub(super) const TENANTS: usize = 4;

pub(super) const USERS: usize = 5;

const CONTENTS: usize = 20;
