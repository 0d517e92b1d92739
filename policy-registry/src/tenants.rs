//! The tenants of somebody whose token names none.

use std::sync::Arc;

use aws_sdk_dynamodb::Client as Dynamo;
use aws_sdk_dynamodb::types::AttributeValue;
use policy_model::{TenantId, UserId};
use tokio::time::Instant;

use crate::answers::{Answer, Answers};
use crate::key::{Key, PK, SK, TENANT_PREFIX};
use crate::moment::Moment;
use crate::principal::{PrincipalKind, client_id};
use crate::read::{ReadFault, cause};
use crate::record::{Client, Item, MalformedItem, Membership};
use crate::registry::{Refusal, Registry, TROUBLE_TTL};

/// Somebody whose tenant is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Member {
    /// User or machine.
    pub kind: PrincipalKind,
    /// The issuer, exactly as in the settings.
    pub issuer: Arc<str>,
    /// The user as that issuer names it, or a client's [name](crate::principal::client_subject).
    pub subject: UserId,
}

/// Answers of a short while ago.
pub(crate) type OnlyTenants = Answers<Member, Result<TenantId, Refusal>>;

impl Registry {
    /// The one tenant of which somebody is a member. Suspended memberships count: a suspension must not move anybody's calls to
    /// another tenant. Whether the membership is in force is [asked](Registry::resolve) as for every other.
    ///
    /// # Errors
    /// [`Refusal::NotAMember`] of none, [`Refusal::SeveralTenants`], or that the table does not say so within the timeout of the
    /// settings and before `deadline`.
    pub async fn only_tenant(&self, member: &Member, deadline: Instant) -> Result<TenantId, Refusal> {
        if let Some(known) = self.only_tenants.get(member) {
            return known;
        }
        let deadline = deadline.min(self.limit());
        // Also for those who wait for another's question.
        self.in_time(deadline, self.only_tenants.ask_once(member, self.ask_for_tenant(member, deadline))).await
    }

    async fn ask_for_tenant(&self, member: &Member, deadline: Instant) -> Answer<Result<TenantId, Refusal>> {
        let asked = Moment::now();
        let question = async { query(self.client().await?, self.table(), member).await };
        let answer = self.in_time(deadline, question).await;
        let expires = match &answer {
            Err(Refusal::Unavailable(_)) => Moment::now().after(self.cache_ttl().min(TROUBLE_TTL)),
            Ok(_) | Err(_) => asked.after(self.cache_ttl()),
        };
        Answer { answer, expires }
    }
}

/// The first two memberships are enough to know.
async fn query(client: &Dynamo, table: &str, member: &Member) -> Result<TenantId, Refusal> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let partition = match member.kind {
        PrincipalKind::User => Key::memberships(&member.issuer, member.subject.as_str()),
        PrincipalKind::Client => Key::clients(&member.issuer, client_id(&member.subject)),
    };
    let answer = client
        .query()
        .table_name(table)
        .consistent_read(true)
        .limit(2)
        .key_condition_expression("#pk = :pk AND begins_with(#sk, :sk)")
        .expression_attribute_names("#pk", PK)
        .expression_attribute_names("#sk", SK)
        .expression_attribute_values(":pk", text(&partition))
        .expression_attribute_values(":sk", text(TENANT_PREFIX))
        .send()
        .await
        .map_err(|error| ReadFault::Unavailable(cause(&error)))?;
    match answer.items() {
        [] if answer.last_evaluated_key().is_none() => Err(Refusal::NotAMember),
        [only] if answer.last_evaluated_key().is_none() => tenant_of(only, member, &partition),
        [] | [_] => Err(Refusal::Unavailable("half an answer")),
        [_, _, ..] => Err(Refusal::SeveralTenants),
    }
}

/// The item must be about this very member, whatever its key says.
fn tenant_of(item: &Item, member: &Member, partition: &str) -> Result<TenantId, Refusal> {
    let part = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let (issuer, subject, tenant, key) = match member.kind {
        PrincipalKind::User => {
            let membership = Membership::from_item(item)?;
            let key = membership.key();
            (membership.issuer, membership.subject, membership.tenant, key)
        }
        PrincipalKind::Client => {
            let client = Client::from_item(item)?;
            let key = client.key();
            (client.issuer, client.client, client.tenant, key)
        }
    };
    let own = match member.kind {
        PrincipalKind::User => member.subject.as_str(),
        PrincipalKind::Client => client_id(&member.subject),
    };
    let is_own = *issuer == *member.issuer
        && subject == own
        && key.pk == *partition
        && part(PK) == Some(&key.pk)
        && part(SK) == Some(&key.sk);
    if is_own { Ok(tenant) } else { Err(MalformedItem("membership").into()) }
}
