//! All that is there compared with all that should be.

use std::collections::{BTreeMap, BTreeSet};

use policy_registry::operate::{OperateError, PolicyState};
use policy_registry::record::{ChangeSetState, Status};

use super::expected::{Expected, Now, Owner, Scope};
use super::real::{Real, document, name, number, scope};
use super::step::TENANTS;
use crate::operator::{all, deeds};

pub(super) async fn check(real: &Real, expected: &Expected) {
    let operator = real.operator();
    for owner in [None].into_iter().chain((0..TENANTS).map(Some)) {
        let should = expected.scopes.get(&owner).cloned().unwrap_or_default();
        check_scope(real, owner, &should).await;
    }
    let listed: Vec<_> = all(operator.tenants()).await.into_iter().map(|state| state.scope).collect();
    let there = |tenant: &usize| expected.scopes.get(&Some(*tenant)).is_some_and(|scope| scope.now.is_some());
    assert_eq!(listed, (0..TENANTS).filter(there).map(|tenant| scope(Some(tenant))).collect::<Vec<_>>());
    let kills = operator.kills().await.unwrap();
    let numbers: BTreeSet<u64> = kills.iter().map(|kill| number(&kill.id)).collect();
    assert_eq!(numbers, expected.kills.keys().copied().collect::<BTreeSet<u64>>());
    assert!(all(operator.change_sets()).await.iter().all(|set| set.state == ChangeSetState::Done));
}

async fn check_scope(real: &Real, owner: Owner, should: &Scope) {
    let operator = real.operator();
    let state = operator.policy_state(&scope(owner)).await;
    let now = match &state {
        Ok(state) => Some(as_expected(state)),
        Err(OperateError::NotFound(_)) => None,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(now, should.now, "{owner:?}");
    if let Ok(state) = state {
        let sha256 = |version: u64| document(owner, should.versions[usize::try_from(version).unwrap() - 1]);
        assert_eq!(state.policy.sha256, sha256(state.policy_version.unwrap()).sha256());
        assert_eq!(state.revision, u64::try_from(should.log.len()).unwrap(), "a change was lost");
        assert_eq!(state.versions, u64::try_from(should.versions.len()).unwrap());
    }
    let mut versions = all(operator.versions(&scope(owner))).await;
    versions.reverse();
    let contents: Vec<String> = versions.iter().map(|version| version.document.clone()).collect();
    let should_be = should.versions.iter().map(|content| document(owner, *content).text().to_owned());
    assert_eq!(contents, should_be.collect::<Vec<_>>(), "{owner:?}");
    let retired = versions.iter().filter(|version| version.retired_at.is_some()).map(|version| version.version);
    assert_eq!(retired.collect::<Vec<_>>(), should.retired.iter().copied().collect::<Vec<_>>());
    let mut log = all(operator.revisions(owner.map(name).as_ref())).await;
    log.reverse();
    assert_eq!(deeds(&log), should.log, "{owner:?}");
    if let Some(tenant) = owner {
        let members = all(operator.members(&name(tenant))).await;
        let roles = |member: &policy_registry::record::Membership| {
            (member.subject.strip_prefix('u').unwrap().parse().unwrap(), member.roles.len())
        };
        assert_eq!(members.iter().map(roles).collect::<BTreeMap<usize, usize>>(), should.members);
    }
}

/// What the model says of it.
pub(super) fn as_expected(state: &PolicyState) -> Now {
    let is_suspended = state.status == Status::Suspended;
    Now { is_suspended, active: state.policy_version.unwrap(), shadow: state.shadow_version }
}
