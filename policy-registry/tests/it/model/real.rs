//! The same steps done to the registry.

use policy_model::Policy;
use policy_registry::operate::{
    ChangeSetOptions, Enrollment, Expectation, KillTarget, MemberLine, OperateError, Operator, PolicyDocument,
    PolicyScope, PublishOptions, PublishOutcome, Published, RollbackTarget, RolledBack, ShadowCandidate,
};
use policy_registry::{Registry, Shadow};

use super::expected::{Granted, Outcome, Owner, Said, Stop, Why};
use super::step::Step;
use crate::operator::{member, parsed, subject, tenant};
use crate::table::{TABLE, Table, ask, principal};

/// A table, its operators, and a reader that remembers nothing.
pub(super) struct Real {
    operators: Vec<Operator>,
    registry: Registry,
}

impl Real {
    pub(super) fn new(table: &Table, writers: usize) -> Real {
        let operator = |writer: usize| Operator::new(table.client.clone(), TABLE, &format!("writer {writer}")).unwrap();
        Real { operators: (0..writers).map(operator).collect(), registry: table.forgetful_registry() }
    }

    pub(super) fn operator(&self) -> &Operator {
        &self.operators[0]
    }

    /// Does a step.
    pub(super) async fn take(&self, writer: usize, step: &Step) -> Outcome {
        take(&self.operators[writer], &self.registry, step).await
    }
}

pub(super) async fn take(operator: &Operator, registry: &Registry, step: &Step) -> Outcome {
    let options = |expect: &Option<u64>| PublishOptions { comment: None, expect: expect.map(Expectation::Version) };
    let done = |is_changed: bool| if is_changed { Said::Done } else { Said::Nothing };
    let said = match step {
        Step::AddTenant { tenant, content } => {
            let (id, document) = (name(*tenant), document(Some(*tenant), *content));
            let state = operator.add_tenant(&id, Some(&document), None).await;
            state.map(|state| Said::Version(state.policy_version.unwrap()))
        }
        Step::RemoveTenant { tenant } => {
            let removal = operator.remove_tenant(&name(*tenant), None, |_| {}).await;
            removal.map(|removal| Said::Members(0, 0, removal.members))
        }
        Step::Suspend { tenant } => {
            operator.suspend_tenant(&name(*tenant), None).await.map(|change| done(change.is_changed))
        }
        Step::Resume { tenant } => {
            operator.resume_tenant(&name(*tenant), None).await.map(|change| done(change.is_changed))
        }
        Step::Publish { owner, content, expect } => {
            let published = operator.publish(&document(*owner, *content), &options(expect)).await;
            published.map(|published| version(&published).map_or(Said::Nothing, Said::Version))
        }
        Step::PublishAll { contents } => {
            let documents: Vec<PolicyDocument> =
                contents.iter().map(|(owner, content)| document(*owner, *content)).collect();
            let report = operator.publish_all(&documents, &ChangeSetOptions::default(), |_| {}).await;
            report.map(|report| Said::Versions(report.published.iter().filter_map(version).collect()))
        }
        Step::Rollback { owner, version, expect } => {
            let back = operator.rollback(&scope(*owner), &RollbackTarget::Version(*version), &options(expect)).await;
            back.map(rolled_back)
        }
        Step::RollbackToPrevious { owner } => {
            let back = operator.rollback(&scope(*owner), &RollbackTarget::Previous, &options(&None)).await;
            back.map(rolled_back)
        }
        Step::Retire { owner, version } => operator.retire(&scope(*owner), *version, None).await.map(done),
        Step::SetShadow { tenant, version } => shadow(operator, *tenant, &ShadowCandidate::Version(*version)).await,
        Step::TryShadow { tenant, content } => {
            shadow(operator, *tenant, &ShadowCandidate::Document(&document(Some(*tenant), *content))).await
        }
        Step::ClearShadow { tenant } => {
            operator.clear_shadow(&name(*tenant), None).await.map(|change| done(change.is_changed))
        }
        Step::AddMember { tenant, user, roles } => {
            let roles: &[&str] = &["a", "b"][..*roles];
            let added = operator.add_member(&member(name(*tenant).as_str(), &user_name(*user), roles), None).await;
            added.map(|added| match added {
                Enrollment::Added => Said::Members(1, 0, 0),
                Enrollment::Replaced => Said::Members(0, 1, 0),
                Enrollment::Unchanged => Said::Members(0, 0, 1),
            })
        }
        Step::RemoveMember { tenant, user } => {
            operator.remove_member(&name(*tenant), &subject(&user_name(*user)), None).await.map(|()| Said::Done)
        }
        Step::Import { tenant, users } => import(operator, *tenant, users).await,
        Step::Kill { stop } => operator.kill(&target(*stop), "why").await.map(|said| Said::Kill(number(&said.kill.id))),
        Step::Lift { number } => operator.lift(&format!("K{number}"), None).await.map(|_| Said::Done),
        Step::Decide { tenant, user } => return decide(registry, *tenant, *user).await,
    };
    said.map_err(|error| match error {
        OperateError::Conflict { .. } | OperateError::NotExpected { .. } => Why::Conflict,
        OperateError::NotFound(_) => Why::NotFound,
        OperateError::Refused(_) => Why::Refused,
        OperateError::Malformed(problem) | OperateError::Table(problem) => panic!("{step:?}: {problem}"),
    })
}

/// The version that came into force.
fn version(published: &Published) -> Option<u64> {
    published.version.filter(|_| published.outcome != PublishOutcome::Unchanged)
}

fn rolled_back(back: RolledBack) -> Said {
    if back.is_changed { Said::Version(back.to_version) } else { Said::Nothing }
}

async fn shadow(operator: &Operator, tenant: usize, candidate: &ShadowCandidate<'_>) -> Result<Said, OperateError> {
    let change = operator.set_shadow(&name(tenant), candidate, None).await?;
    Ok(if change.is_changed { Said::Version(change.to_version.unwrap()) } else { Said::Nothing })
}

async fn import(operator: &Operator, tenant: usize, users: &[usize]) -> Result<Said, OperateError> {
    let id = name(tenant);
    let lines = || {
        let line = |(number, user): (u64, usize)| MemberLine {
            number,
            member: Ok(member(id.as_str(), &user_name(user), &[])),
        };
        (1..).zip(users.to_vec()).map(line).collect::<Vec<_>>().into_iter()
    };
    let plan = operator.check_import(lines()).await?;
    let report = operator.import_members(&plan, lines(), None, |_| {}).await?;
    Ok(Said::Members(report.added, report.replaced, report.unchanged))
}

async fn decide(registry: &Registry, tenant: usize, user: usize) -> Outcome {
    let resolution = ask(registry, &principal(name(tenant).as_str(), &user_name(user))).await;
    let grant = resolution.grant.map_err(Why::Decision)?;
    let shadow = grant.shadow.as_ref().map(|shadow| match shadow {
        Shadow::Policy(policy) => content(policy),
        Shadow::Broken => panic!("a broken shadow"),
    });
    let (active, baseline) = (content(&grant.policy), grant.baseline.as_deref().map(content));
    Ok(Said::Grant(Granted { roles: grant.roles.len(), active, shadow, baseline, is_limited: grant.kills.is_some() }))
}

fn target(stop: Stop) -> KillTarget {
    match stop {
        Stop::All => KillTarget::All,
        Stop::Tenant(tenant) => KillTarget::Tenant(name(tenant)),
        Stop::Tool(only) => KillTarget::Tool { tool: "orders___refund".to_owned(), tenant: only.map(name) },
    }
}

/// The number in a kill's name.
pub(super) fn number(id: &str) -> u64 {
    id.strip_prefix('K').unwrap().parse().unwrap()
}

/// The content that a policy's id names.
fn content(policy: &Policy) -> usize {
    policy.id().as_str().strip_prefix("C").unwrap().parse().unwrap()
}

pub(super) fn document(owner: Owner, content: usize) -> PolicyDocument {
    let id = owner.map_or("*".to_owned(), |tenant| name(tenant).as_str().to_owned());
    parsed(&format!(r#"{{"policyId":"C{content}","tenantId":"{id}","rules":[]}}"#))
}

pub(super) fn name(number: usize) -> policy_model::TenantId {
    tenant(&format!("t{number}"))
}

pub(super) fn user_name(user: usize) -> String {
    format!("u{user}")
}

pub(super) fn scope(owner: Owner) -> PolicyScope {
    PolicyScope::from(owner.map(name))
}
