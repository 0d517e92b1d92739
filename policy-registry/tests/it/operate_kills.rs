//! Stopping and lifting.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::Refusal;
use policy_registry::operate::{KillTarget, Killed, LogScope, OperateError};
use policy_registry::record::Action;

use crate::operator::{member, operator, tenant, with_acme};
use crate::table::{TABLE, Table, ask, principal, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stopped_is_refused_until_it_is_lifted() {
    let (table, operator) = with_acme().await;
    operator.add_member(&member("acme", "alice", &[]), None).await.unwrap();
    let (registry, alice) = (table.forgetful_registry(), principal("acme", "alice"));
    for target in [KillTarget::All, KillTarget::Tenant(tenant("acme"))] {
        let Killed { kill, is_new } = operator.kill(&target, "incident 9").await.unwrap();
        assert!(is_new);
        assert_eq!((&kill.target, kill.reason.as_str(), kill.by.as_str()), (&target, "incident 9", "ann"));
        assert_eq!(operator.kill(&target, "again").await.unwrap(), Killed { kill: kill.clone(), is_new: false });
        assert_eq!(operator.kills().await.unwrap(), std::slice::from_ref(&kill));
        assert_eq!(refusal(&registry, &alice).await, Refusal::Killed);
        assert_eq!(operator.lift(&kill.id, None).await.unwrap(), kill);
        assert!(ask(&registry, &alice).await.grant.is_ok());
        assert!(matches!(operator.lift(&kill.id, None).await, Err(OperateError::NotFound(_))));
    }
    let log = operator.log(&LogScope::Platform, 10).await.unwrap();
    let done = log.into_iter().map(|entry| entry.unwrap().action);
    assert_eq!(done.filter(|action| *action == Action::Killed).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_is_stopped_for_all_or_for_one() {
    let (table, operator) = with_acme().await;
    operator.add_member(&member("acme", "alice", &[]), None).await.unwrap();
    let (registry, alice) = (table.forgetful_registry(), principal("acme", "alice"));
    let tool = |only: Option<&str>| KillTarget::Tool { tool: "orders___refund".to_owned(), tenant: only.map(tenant) };
    operator.kill(&tool(Some("globex")), "theirs").await.unwrap();
    assert!(ask(&registry, &alice).await.grant.unwrap().kills.is_none());
    operator.kill(&tool(None), "all").await.unwrap();
    assert!(ask(&registry, &alice).await.grant.unwrap().kills.is_some());
    let wrong = KillTarget::Tool { tool: "no tool".to_owned(), tenant: None };
    assert!(matches!(operator.kill(&wrong, "?").await, Err(OperateError::Refused(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_replaced_and_its_numbers_are_not_given_again() {
    let (table, operator) = with_acme().await;
    let known = operator.kill(&KillTarget::All, "incident 9").await.unwrap().kill;
    assert!(!operator.replace_unreadable_kills(None).await.unwrap());
    assert_eq!(operator.kills().await.unwrap(), std::slice::from_ref(&known));
    let mut item = kills_item(&table).await;
    item.insert("document".to_owned(), AttributeValue::S(r#"{"kills":[{"scope":"NEW"}]}"#.to_owned()));
    table.client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
    assert!(matches!(operator.kills().await, Err(OperateError::Malformed(_))));
    assert!(matches!(operator.kill(&KillTarget::All, "again").await, Err(OperateError::Malformed(_))));
    assert!(operator.replace_unreadable_kills(Some("repaired")).await.unwrap());
    assert_eq!(operator.kills().await.unwrap(), []);
    let newest = operator.log(&LogScope::Platform, 1).await.unwrap().remove(0).unwrap();
    assert_eq!((newest.action, newest.comment.as_deref()), (Action::KillLifted, Some("repaired")));
    assert_eq!(newest.details["unreadable"], "document");
    assert_ne!(operator.kill(&KillTarget::All, "next").await.unwrap().kill.id, known.id);
}

async fn kills_item(table: &Table) -> policy_registry::record::Item {
    let key = policy_registry::key::Key::kills();
    let get = table.client.get_item().table_name(TABLE).consistent_read(true);
    let get = get.key("pk", AttributeValue::S(key.pk)).key("sk", AttributeValue::S(key.sk));
    get.send().await.unwrap().item.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_kills_that_are_set_at_once_none_is_lost() {
    let (table, _) = with_acme().await;
    let tasks: Vec<_> = (0..12)
        .map(|number| {
            let operator = operator(&table);
            let target = KillTarget::Tenant(tenant(&format!("t{number}")));
            tokio::spawn(async move { operator.kill(&target, "at once").await.unwrap().kill.id })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.push(task.await.unwrap());
    }
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), operator(&table).kills().await.unwrap().len()), (12, 12));
}
