//! Cut off between any two writes: each tenant is as before or as after, and the same once more completes it.

use std::collections::BTreeMap;

use policy_registry::operate::{
    ChangeSetOptions, MemberLine, OperateError, Operator, PolicyDocument, PublishOptions, RollbackTarget,
};
use policy_registry::record::ChangeSetState;
use policy_registry::{Refusal, client};

use crate::cut::Cut;
use crate::operator::{all, member, operator, policy, publish, scope, tenant};
use crate::table::{TABLE, Table, ask, client_settings, principal};

/// What is cut off.
#[derive(Debug, Clone, Copy)]
enum Command {
    Publish,
    PublishAll,
    Rollback,
    Import,
    Remove,
}

impl Command {
    /// A change set has more than one transaction publishes.
    fn tenants(self) -> u64 {
        match self {
            Command::PublishAll => 20,
            Command::Publish | Command::Rollback | Command::Import | Command::Remove => 1,
        }
    }

    /// Besides one: a removal has more than one transaction deletes.
    fn members(self) -> u64 {
        match self {
            Command::Remove => 220,
            Command::Publish | Command::PublishAll | Command::Rollback | Command::Import => 0,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_is_whole_or_not_there() {
    check(Command::Publish, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_set_is_whole_for_each_tenant() {
    check(Command::PublishAll, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_is_whole_or_not_there() {
    check(Command::Rollback, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_completed() {
    check(Command::Import, 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_is_completed_and_nothing_is_reached_meanwhile() {
    check(Command::Remove, 4).await;
}

/// Cuts after each number of writes, before the next one or before its answer, until it is not cut off any more; that takes at
/// least so many.
async fn check(command: Command, at_least: usize) {
    let whole = start(command).await;
    let before = view(&whole, command).await;
    run(&operator(&whole), command).await.unwrap();
    let after = view(&whole, command).await;
    for is_lost in [false, true] {
        let mut writes = 0;
        loop {
            let table = start(command).await;
            let cut = Cut::new(table.address, writes, is_lost).await;
            let result = run(&through(&cut), command).await;
            let now = view(&table, command).await;
            for (id, state) in &now {
                let is_known = *state == before[id] || *state == after[id];
                assert!(is_known || is_partial(command, state), "{command:?} {writes} {id}: {state:?}");
            }
            let again = run(&operator(&table), command).await;
            // Whoever removed all of it but never had the answer is told that it is not there.
            let is_gone = matches!((command, &again), (Command::Remove, Err(OperateError::NotFound(_))));
            assert!(again.is_ok() || is_gone, "{command:?} {writes}: {again:?}");
            assert_eq!(view(&table, command).await, after, "{command:?} {writes}");
            check_trace(&operator(&table), command).await;
            if !cut.is_cut() {
                result.unwrap();
                break;
            }
            writes += 1;
        }
        assert!(writes >= at_least, "{command:?}: {writes}");
    }
}

/// Memberships alone are not all there or all missing: each of them is.
fn is_partial(command: Command, state: &State) -> bool {
    match command {
        Command::Publish | Command::PublishAll | Command::Rollback => false,
        Command::Import => state.policy == Ok(policy("t0", 2).policy().as_str().to_owned()),
        // Nothing of it is reached, however many are left.
        Command::Remove => matches!(state.policy, Err(Refusal::UnknownTenant | Refusal::NotAMember)),
    }
}

/// What there is of a tenant for its member `u0` and for operators.
#[derive(Debug, PartialEq)]
struct State {
    policy: Result<String, Refusal>,
    version: Option<u64>,
    sha256: Option<String>,
    members: usize,
}

async fn view(table: &Table, command: Command) -> BTreeMap<String, State> {
    let (operator, registry) = (operator(table), table.forgetful_registry());
    let mut view = BTreeMap::new();
    for number in 0..command.tenants() {
        let id = format!("t{number}");
        let grant = ask(&registry, &principal(&id, "u0")).await.grant;
        let state = operator.tenant(&tenant(&id)).await.ok();
        view.insert(
            id.clone(),
            State {
                policy: grant.map(|grant| grant.policy.id().as_str().to_owned()),
                version: state.as_ref().and_then(|state| state.policy_version),
                sha256: state.map(|state| state.policy.sha256),
                members: all(operator.members(&tenant(&id))).await.len(),
            },
        );
    }
    view
}

async fn run(operator: &Operator, command: Command) -> Result<(), OperateError> {
    match command {
        Command::Publish => operator.publish(&policy("t0", 3), &PublishOptions::default()).await.map(drop),
        Command::PublishAll => {
            let documents: Vec<PolicyDocument> =
                (0..command.tenants()).map(|number| policy(&format!("t{number}"), 3)).collect();
            operator.publish_all(&documents, &ChangeSetOptions::default(), |_| {}).await.map(drop)
        }
        Command::Rollback => {
            let options = PublishOptions::default();
            operator.rollback(&scope("t0"), &RollbackTarget::Version(1), &options).await.map(drop)
        }
        Command::Import => {
            let lines =
                || (0..150).map(|number| MemberLine { number, member: Ok(member("t0", &format!("n{number}"), &[])) });
            let plan = operator.check_import(lines()).await?;
            operator.import_members(&plan, lines(), None, |_| {}).await.map(drop)
        }
        Command::Remove => operator.remove_tenant(&tenant("t0"), None, |_| {}).await.map(drop),
    }
}

/// What the log says in the end: each change of a tenant once.
async fn check_trace(operator: &Operator, command: Command) {
    let revisions = all(operator.revisions(Some(&tenant("t0")))).await.len();
    match command {
        Command::Import => assert_eq!(revisions, 2),
        Command::Publish | Command::PublishAll | Command::Rollback | Command::Remove => assert_eq!(revisions, 3),
    }
    assert!(all(operator.change_sets()).await.iter().all(|set| set.state == ChangeSetState::Done));
}

/// Tenants with two versions each, the second in force, and the member `u0`; `t0` may have more.
async fn start(command: Command) -> Table {
    let table = Table::new().await;
    let operator = operator(&table);
    for number in 0..command.tenants() {
        let id = format!("t{number}");
        operator.add_tenant(&tenant(&id), Some(&policy(&id, 1)), None).await.unwrap();
        publish(&operator, &policy(&id, 2)).await;
        operator.add_member(&member(&id, "u0", &[]), None).await.unwrap();
    }
    let lines = || {
        (1..=command.members())
            .map(|number| MemberLine { number, member: Ok(member("t0", &format!("u{number}"), &[])) })
    };
    let plan = operator.check_import(lines()).await.unwrap();
    operator.import_members(&plan, lines(), None, |_| {}).await.unwrap();
    table
}

/// An operator whose writes go through a cut.
fn through(cut: &Cut) -> Operator {
    Operator::new(client::build(&client_settings(&cut.url)).unwrap(), TABLE, "ann").unwrap()
}
