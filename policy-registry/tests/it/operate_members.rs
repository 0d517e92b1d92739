//! Members, clients, routes and imports.

use policy_registry::operate::{Enrollment, MemberLine, OperateError, Operator, Progress};
use policy_registry::record::{
    Action, Client, Membership, RouteBinding, RouteProtocol, RouteResponses, ScopeBound, Status,
};

use crate::operator::{all, member, operator, subject, tenant, with_acme};
use crate::table::{ISSUER, Table, ask, owned, principal};

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_added_changed_and_removed() {
    let (table, operator) = with_acme().await;
    let (acme, registry) = (tenant("acme"), table.forgetful_registry());
    let add = async |roles: &[&str]| operator.add_member(&member("acme", "alice", roles), None).await.unwrap();
    assert_eq!(add(&["clerk"]).await, Enrollment::Added);
    assert_eq!(add(&["clerk"]).await, Enrollment::Unchanged);
    assert_eq!(add(&["clerk", "admin"]).await, Enrollment::Replaced);
    assert_eq!(ask(&registry, &principal("acme", "alice")).await.grant.unwrap().roles, ["clerk", "admin"]);
    assert_eq!(all(operator.members(&acme)).await, [member("acme", "alice", &["clerk", "admin"])]);
    assert_eq!(all(operator.memberships_of(&subject("alice"))).await.len(), 1);
    operator.remove_member(&acme, &subject("alice"), None).await.unwrap();
    assert_eq!(operator.member(&acme, &subject("alice")).await.unwrap(), None);
    let nobody = operator.remove_member(&acme, &subject("alice"), None).await.unwrap_err();
    assert!(matches!(nobody, OperateError::NotFound(_)), "{nobody}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_stays_so_unless_that_is_meant() {
    let (_table, mut operator) = with_acme().await;
    let suspended = Membership { status: Status::Suspended, ..member("acme", "u1", &[]) };
    operator.add_member(&suspended, None).await.unwrap();
    operator.keep_suspensions(true);
    let active = member("acme", "u1", &["clerk"]);
    assert!(matches!(operator.add_member(&active, None).await, Err(OperateError::Refused(_))));
    let one = || [MemberLine { number: 1, member: Ok(active.clone()) }].into_iter();
    let plan = operator.check_import(one()).await.unwrap();
    let report = operator.import_members(&plan, one(), None, |_| {}).await.unwrap();
    assert_eq!((report.replaced, report.kept_suspended), (1, 1));
    let kept = operator.member(&tenant("acme"), &subject("u1")).await.unwrap().unwrap();
    assert_eq!(kept, Membership { status: Status::Suspended, ..active.clone() });
    operator.keep_suspensions(false);
    operator.add_member(&active, None).await.unwrap();
    assert_eq!(operator.member(&tenant("acme"), &subject("u1")).await.unwrap(), Some(active));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_becomes_a_member_of_a_tenant_that_is_not_there() {
    let (table, operator) = with_acme().await;
    let before = table.dump().await;
    let refused = operator.add_member(&member("globex", "alice", &[]), None).await.unwrap_err();
    assert_eq!(refused, OperateError::NotFound("tenant globex".to_owned()));
    for wrong in [member("acme", "client:alice", &[]), member("acme", "a b", &[]), member("acme", "a", &[""])] {
        assert!(matches!(operator.add_member(&wrong, None).await, Err(OperateError::Refused(_))), "{wrong:?}");
    }
    assert_eq!(table.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_and_members_are_listed_apart() {
    let (_table, operator) = with_acme().await;
    let acme = tenant("acme");
    operator.add_member(&member("acme", "batch", &[]), None).await.unwrap();
    let client = client("batch");
    assert_eq!(operator.add_client(&client, None).await.unwrap(), Enrollment::Added);
    assert_eq!(all(operator.clients(&acme)).await, [client]);
    assert_eq!(all(operator.members(&acme)).await.len(), 1);
    operator.remove_client(&acme, &subject("batch"), None).await.unwrap();
    assert_eq!((all(operator.clients(&acme)).await.len(), all(operator.members(&acme)).await.len()), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_writes_all_and_once_more_nothing() {
    let (_table, operator) = with_acme().await;
    operator.add_tenant(&tenant("globex"), None, None).await.unwrap();
    operator.add_member(&member("acme", "u1", &[]), None).await.unwrap();
    operator.add_member(&member("acme", "u2", &["clerk"]), None).await.unwrap();
    let plan = operator.check_import(lines(200)).await.unwrap();
    assert_eq!((plan.total(), plan.refused_total, plan.members.len()), (200, 0, 2));
    let mut seen = Vec::new();
    let report = operator.import_members(&plan, lines(200), None, |progress| seen.push(progress)).await.unwrap();
    assert_eq!((report.added, report.replaced, report.unchanged), (198, 1, 1));
    assert_eq!(seen.last(), Some(&Progress { done: 200, total: 200 }));
    assert_eq!(all(operator.members(&tenant("acme"))).await.len(), 100);
    let report = operator.import_members(&plan, lines(200), None, |_| {}).await.unwrap();
    assert_eq!((report.added, report.replaced, report.unchanged), (0, 0, 200));
    let log = operator.log(&policy_registry::operate::LogScope::Tenant(tenant("globex")), 10).await.unwrap();
    let imports: Vec<_> =
        log.into_iter().map(Result::unwrap).filter(|entry| entry.action == Action::MembersImported).collect();
    let details = |index: usize, name: &str| imports[index].details[name].clone();
    assert_eq!(
        (details(0, "added"), details(1, "added"), details(1, "members")),
        ("0".into(), "100".into(), "100".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_wrong_refuses_the_whole_import() {
    let (table, operator) = with_acme().await;
    let before = table.dump().await;
    let wrong = || {
        let members = [
            Ok(member("acme", "alice", &[])),
            Err("no JSON".to_owned()),
            Ok(member("acme", "alice", &["admin"])),
            Ok(member("globex", "bob", &[])),
            Ok(member("acme", "client:x", &[])),
        ];
        (1..).zip(members).map(|(number, member)| MemberLine { number, member })
    };
    let plan = operator.check_import(wrong()).await.unwrap();
    assert_eq!((plan.total(), plan.refused_total), (1, 4));
    let refused: Vec<u64> = plan.refused.iter().map(|line| line.number).collect();
    assert_eq!(refused, [2, 3, 4, 5]);
    let refused = operator.import_members(&plan, wrong(), None, |_| {}).await.unwrap_err();
    assert!(matches!(refused, OperateError::Refused(_)), "{refused}");
    assert_eq!(table.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_changed_since_they_were_checked_are_noticed() {
    let (_table, operator) = with_acme().await;
    operator.add_tenant(&tenant("globex"), None, None).await.unwrap();
    let plan = operator.check_import(lines(100)).await.unwrap();
    for other in [99, 101] {
        let refused = operator.import_members(&plan, lines(other), None, |_| {}).await.unwrap_err();
        assert!(matches!(refused, OperateError::Refused(_)), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_is_bound_and_unbound() {
    let (_table, operator) = with_acme().await;
    let route = route("support", "/support");
    assert_eq!(operator.add_route(&route, None).await.unwrap(), Enrollment::Added);
    assert_eq!(operator.add_route(&route, None).await.unwrap(), Enrollment::Unchanged);
    let suspended = RouteBinding { status: Status::Suspended, ..route.clone() };
    assert_eq!(operator.add_route(&suspended, None).await.unwrap(), Enrollment::Replaced);
    assert_eq!(all(operator.routes()).await, std::slice::from_ref(&suspended));
    assert_eq!(operator.remove_route("/support", None).await.unwrap(), suspended);
    assert!(matches!(operator.remove_route("/support", None).await, Err(OperateError::NotFound(_))));
    let log = operator.log(&policy_registry::operate::LogScope::Platform, 10).await.unwrap();
    let done: Vec<Action> = log.into_iter().map(|entry| entry.unwrap().action).collect();
    assert_eq!(done, [Action::RouteRemoved, Action::RouteAdded, Action::RouteAdded]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_binding_has_an_id_of_its_own_and_plain_words() {
    let (_table, operator) = with_acme().await;
    operator.add_route(&route("support", "/support"), None).await.unwrap();
    for wrong in [route("support", "/sales"), route("sales", "/sales/"), route("", "/sales"), route("s", "sales")] {
        assert!(matches!(operator.add_route(&wrong, None).await, Err(OperateError::Refused(_))), "{wrong:?}");
    }
    assert_eq!(all(operator.routes()).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_bound_with_a_first_segment_than_one_read_holds() {
    let (table, operator) = with_acme().await;
    for number in 0..1_000 {
        table.put(route(&format!("r{number}"), &format!("/t/{number}")).to_item()).await;
    }
    let more = route("more", "/t/more");
    assert!(matches!(operator.add_route(&more, None).await, Err(OperateError::Refused(_))));
    operator.add_route(&route("other", "/u"), None).await.unwrap();
    operator.remove_route("/t/7", None).await.unwrap();
    assert_eq!(operator.add_route(&more, None).await.unwrap(), Enrollment::Added);
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_that_are_added_at_once_stay_within_the_bounds() {
    let table = Table::new().await;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let operator = operator(&table);
            tokio::spawn(async move { operator.add_route(&route("same", &format!("/r{number}")), None).await.is_ok() })
        })
        .collect();
    let mut added = 0;
    for task in tasks {
        added += usize::from(task.await.unwrap());
    }
    assert_eq!((added, all(operator(&table).routes()).await.len()), (1, 1));
}

/// Members of acme and globex by turns.
fn lines(count: u64) -> impl Iterator<Item = MemberLine> {
    (1..=count).map(|number| {
        let tenant = if number % 2 == 1 { "acme" } else { "globex" };
        let member: Membership = member(tenant, &format!("u{}", number / 2 + number % 2), &[]);
        MemberLine { number, member: Ok(member) }
    })
}

fn client(id: &str) -> Client {
    Client {
        issuer: ISSUER.to_owned(),
        client: id.to_owned(),
        tenant: tenant("acme"),
        roles: owned(&["batch"]),
        workspaces: Vec::new(),
        scopes: ScopeBound::Any,
        status: Status::Active,
    }
}

fn route(id: &str, path: &str) -> RouteBinding {
    RouteBinding {
        binding_id: id.to_owned(),
        path: path.to_owned(),
        protocol: RouteProtocol::A2a,
        agent_name: "support".to_owned(),
        app_id: "helpdesk".to_owned(),
        runtime_arn: None,
        responses: RouteResponses::Any,
        status: Status::Active,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_operators_need_is_there_for_a_member_that_was_loaded() {
    let table = Table::with_acme().await;
    let operator: Operator = operator(&table);
    assert_eq!(all(operator.members(&tenant("acme"))).await.len(), 2);
    let admin = member("acme", "alice", &["admin"]);
    assert_eq!(operator.add_member(&admin, None).await.unwrap(), Enrollment::Unchanged);
}
