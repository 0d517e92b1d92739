//! What members may do, in single cases.

use policy_model::comparison::{Side, Version};
use policy_model::explanation::List;
use policy_model::reach::{Exclusion, Member, Need, Proof, Question, Reach, Standing, Wanted, Whose, holdings};
use policy_model::{Layers, Policy, Resource, TenantId, ToolName, UserId};
use serde_json::{Value, json};

#[test]
fn whoever_needs_nothing_may_always() {
    let rules = json!([allow("R1", json!({"principals": {"roles": ["clerk"]}}))]);
    asked(&rules, &["clerk"], |reach| {
        assert!(matches!(reach.standing, Standing::Always(rule) if rule.as_str() == "R1"))
    });
    asked(&rules, &[], |reach| {
        assert_eq!(reach.standing, Standing::Sometimes { is_shown: true });
        let names = ["clerk"].map(Box::from);
        assert_eq!(reach.allows[0].needs, [Need::Role(Wanted::OneOf(&names))]);
    });
}

#[test]
fn what_the_registry_knows_is_no_condition() {
    let rules = json!([
        allow("R1", json!({"principals": {"users": ["bob"]}})),
        allow("R2", json!({"principals": {"workspaces": ["w"]}})),
        allow("R3", json!({"notBefore": "2030-01-01T00:00:00Z"})),
        allow("R4", json!({"conditions": [{"path": "$.user.id", "operator": "EQUALS", "value": "bob"}]})),
        allow(
            "R5",
            json!({"scopes": ["x"], "notAfter": "2030-01-01T00:00:00Z", "conditions": [
            {"path": "$.tenant.id", "operator": "EQUALS", "value": "acme"},
            {"path": "$.claims.a", "operator": "EQUALS", "value": 1}]})
        ),
    ]);
    asked(&rules, &[], |reach| {
        let excluded: Vec<&Exclusion<'_>> = reach.excluded.iter().map(|own| &own.by).collect();
        assert!(matches!(
            excluded.as_slice(),
            [Exclusion::Users, Exclusion::Workspaces, Exclusion::NotYet(1_893_456_000), Exclusion::Condition(0, _)]
        ));
        let scopes = ["x"].map(Box::from);
        assert_eq!(reach.allows[0].needs, [Need::Scopes(&scopes), Need::Condition(1)]);
        assert_eq!(
            (reach.allows[0].last, reach.standing),
            (Some(1_893_456_000), Standing::Sometimes { is_shown: true })
        );
    });
}

#[test]
fn a_deny_blocks_always_or_sometimes() {
    let deny = |id: &str, more: Value| rule(id, "DENY", more);
    let free = allow("A", json!({}));
    asked(&json!([free, deny("D", json!({"principals": {"users": ["alice"]}}))]), &[], |reach| {
        assert!(matches!(reach.standing, Standing::Denied(rule, Whose::Tenant) if rule.as_str() == "D"));
    });
    asked(&json!([free, deny("D", json!({"principals": {"roles": ["guest"]}}))]), &[], |reach| {
        assert_eq!(reach.standing, Standing::Sometimes { is_shown: true });
        assert_eq!(reach.denies.len(), 1);
    });
    let with_role = allow("A", json!({"principals": {"roles": ["guest"]}}));
    asked(&json!([with_role, deny("D", json!({"principals": {"roles": ["guest"]}}))]), &[], |reach| {
        assert_eq!((reach.standing, reach.allows[0].proof), (Standing::Contradicted, Some(Proof::Excluded)));
    });
}

#[test]
fn conditions_that_exclude_each_other_leave_nothing() {
    let when = |operator: &str, value: Value| json!({"conditions": [{"path": "$.claims.level", "operator": operator, "value": value}]});
    let rules = |bound: i32| {
        json!([allow("A", when("LESS_THAN", json!(5))), rule("D", "DENY", when("LESS_THAN", json!(bound)))])
    };
    asked(&rules(5), &[], |reach| assert_eq!(reach.standing, Standing::Contradicted));
    asked(&rules(4), &[], |reach| assert_eq!(reach.standing, Standing::Sometimes { is_shown: true }));
    let hours = |id: &str, effect: &str, from: &str, to: &str| {
        rule(id, effect, json!({"conditions": [{"path": "$.time", "operator": "BETWEEN", "value": [from, to]}]}))
    };
    asked(&json!([hours("A", "ALLOW", "08:00", "09:00"), hours("D", "DENY", "07:00", "09:00")]), &[], |reach| {
        assert_eq!(reach.standing, Standing::Contradicted);
    });
    asked(&json!([hours("A", "ALLOW", "08:00", "09:00"), hours("D", "DENY", "07:00", "08:30")]), &[], |reach| {
        assert_eq!(reach.standing, Standing::Sometimes { is_shown: true });
    });
}

#[test]
fn a_policy_that_wants_an_agent_wants_one_of_users_alone() {
    let document = json!({"policyId": "P", "tenantId": "acme", "requireActor": true,
        "rules": [allow("A", json!({"principals": {"agents": ["*"]}}))]});
    let policy = Policy::parse(document.to_string().as_bytes()).unwrap();
    let question = Question::new(Layers::of(&policy), tool(), TIME);
    member(&[], |member| {
        let user = question.ask(&member);
        assert!(user.needs_agent && matches!(user.standing, Standing::Always(_)));
        let machine = question.ask(&Member { is_machine: true, ..member });
        assert!(!machine.needs_agent && machine.allows[0].needs == [Need::Agent(Wanted::Any)]);
    });
}

#[test]
fn scopes_that_do_not_count_are_never_there() {
    let policy = policy(&json!([allow("A", json!({"scopes": ["a", "b"]}))]));
    let question = Question::new(Layers::of(&policy), tool(), TIME);
    member(&[], |member| {
        let reach = question.ask(&Member { scopes: Some(&["a".to_owned()]), ..member });
        assert_eq!((reach.standing, &reach.excluded[0].by), (Standing::NothingAllows, &Exclusion::Scopes(vec!["b"])));
    });
}

#[test]
fn all_things_that_a_member_may_do_are_told_with_what_cuts_them() {
    let of = |mut rule: Value, resource: &str| {
        rule["resources"] = json!([format!("agent:tool:{resource}")]);
        rule
    };
    let document = json!({"policyId": "P", "tenantId": "acme", "rules": [
        of(allow("A1", json!({})), "orders___*"),
        of(allow("A2", json!({"principals": {"users": ["bob"]}})), "crm___*"),
        of(allow("A3", json!({"conditions": [{"path": "$.tool.name", "operator": "LIKE", "value": "*x*"}]})), "hr___*"),
        of(rule("D1", "DENY", json!({"scopes": ["s"]})), "*delete"),
        of(rule("D2", "DENY", json!({"mode": "LOG_ONLY"})), "*"),
        of(rule("D3", "DENY", json!({})), "crm___*")]})
    .to_string();
    let baseline =
        json!({"policyId": "B", "tenantId": "*", "rules": [of(rule("B1", "DENY", json!({})), "refund")]}).to_string();
    let (policy, baseline) =
        (Version::parse(document.as_bytes()).unwrap(), Version::parse(baseline.as_bytes()).unwrap());
    let side = Side { baseline: Some(&baseline), policy: &policy };
    let (held, excluded) = member(&[], |member| holdings(side, &member, TIME));
    let told: Vec<(&str, Vec<&str>)> = held
        .iter()
        .map(|own| (own.way.rule.as_str(), own.cuts.iter().map(|(way, _)| way.rule.as_str()).collect()))
        .collect();
    assert_eq!(told, [("A1", vec!["B1", "D1"]), ("A3", vec!["B1", "D1"])]);
    assert_eq!(
        (held[0].resources.as_slice(), &held[1].way.needs[..]),
        (["agent:tool:orders___*".to_owned()].as_slice(), &[Need::Condition(0)][..])
    );
    assert_eq!(excluded.iter().map(|own| own.rule.as_str()).collect::<Vec<_>>(), ["A2"]);
}

#[test]
fn rules_are_stated_as_they_are() {
    let policy = policy(&json!([
        allow(
            "A",
            json!({"principals": {"roles": ["r"]}, "scopes": ["s"], "notAfter": "2020-01-01T00:00:00Z",
            "conditions": [{"path": "$.claims.a", "operator": "EXISTS"}]})
        ),
        rule("D", "DENY", json!({"principals": {"agents": ["*"]}}))
    ]));
    let question = Question::new(Layers::of(&policy), tool(), TIME);
    let statements = question.statements();
    let names = ["r"].map(Box::from);
    assert_eq!(statements[0].principals, [(List::Agents, Wanted::Any)]);
    assert_eq!(statements[1].principals, [(List::Roles, Wanted::OneOf(&names))]);
    assert_eq!((statements[1].scopes.len(), statements[1].conditions), (1, 1));
    assert!(statements[1].time.as_ref().is_some_and(|time| !time.holds()));
}

fn allow(id: &str, more: Value) -> Value {
    rule(id, "ALLOW", more)
}

fn rule(id: &str, effect: &str, more: Value) -> Value {
    let mut rule = json!({"ruleId": id, "effect": effect, "resourceType": "TOOL", "resources": ["agent:tool:pay"]});
    rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rule
}

fn policy(rules: &Value) -> Policy {
    Policy::parse(json!({"policyId": "P", "tenantId": "acme", "rules": rules}).to_string().as_bytes()).unwrap()
}

fn tool() -> Resource<'static> {
    Resource::Tool(ToolName::parse("pay").unwrap())
}

fn asked(rules: &Value, roles: &[&str], then: impl FnOnce(&Reach<'_>)) {
    let policy = policy(rules);
    let question = Question::new(Layers::of(&policy), tool(), TIME);
    member(roles, |member| then(&question.ask(&member)));
}

fn member<T>(roles: &[&str], then: impl FnOnce(Member<'_>) -> T) -> T {
    let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
    let (tenant, user) = (TenantId::parse("acme").unwrap(), UserId::parse("alice").unwrap());
    then(Member {
        tenant: &tenant,
        user: &user,
        issuer: "https://issuer.example",
        roles: &roles,
        workspaces: &[],
        scopes: None,
        is_machine: false,
    })
}

/// Noon of 1 January 2026, in UTC.
const TIME: i64 = 1_767_268_800;
