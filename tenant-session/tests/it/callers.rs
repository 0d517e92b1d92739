//! Users of several tenants, agents and machines: as the interceptors' settings have it.

use serde_json::{Value, json};
use tenant_session::exchange::ExchangeMode;

use crate::http::ask;
use crate::signer::claims;
use crate::stage::Stage;

#[tokio::test]
async fn a_user_of_several_tenants_chooses_one_where_the_token_names_none() {
    let stage = Stage::with(ExchangeMode::AssumeRole, |settings| {
        settings["issuers"][0]["tenantSelection"] = json!("MEMBERSHIP");
    })
    .await;
    let open = async |subject: &str, headers: &[(&str, &str)]| {
        let mut claims = claims(subject, "");
        claims.as_object_mut().unwrap().remove("custom:tenant_id");
        let token = format!("Bearer {}", stage.signer.sign(&claims));
        let headers = [&[("Authorization", token.as_str())], headers].concat();
        ask(stage.address, "POST /sessions", &headers).await
    };
    for name in ["X-Tenant-Selector", "x_tenant_selector"] {
        assert_eq!(open("ripley", &[(name, "cyberdyne")]).await.body["tenant"], "cyberdyne", "{name}");
        assert_eq!(open("ripley", &[(name, "tyrell")]).await.body["tenant"], "tyrell", "{name}");
        assert_eq!(open("ripley", &[(name, "globex")]).await.status, 403, "{name}");
        assert_eq!(open("ripley", &[(name, "a b")]).await.status, 401, "{name}");
    }
    assert_eq!(open("ripley", &[("X-Tenant-Selector", "tyrell"), ("X_Tenant_Selector", "tyrell")]).await.status, 400);
    assert_eq!(open("ripley", &[]).await.status, 403, "which one is meant?");
    assert_eq!(open("bob", &[]).await.body["tenant"], "globex", "there is no other");
    let tags: Vec<String> = stage.sts.asked().iter().map(|asked| asked.form["Tags.member.1.Value"].clone()).collect();
    assert_eq!(tags, ["cyberdyne", "tyrell", "globex"], "one exchange for each tenant of a user");
}

#[tokio::test]
async fn an_agent_must_be_registered_where_the_settings_want_it() {
    let stage =
        Stage::with(ExchangeMode::AssumeRole, |settings| settings["registry"]["agents"] = json!("REGISTERED")).await;
    for (agent, status) in [("desk", 201), ("lapsed-desk", 403), ("tyrell-desk", 403), ("nobody", 403)] {
        let mut claims = claims("ripley", "cyberdyne");
        claims["act"] = json!({"sub": agent});
        assert_eq!(stage.open(&stage.signer.sign(&claims)).await.status, status, "{agent}");
    }
}

#[tokio::test]
async fn a_policy_that_wants_an_agent_gives_its_user_none_without() {
    let stage = Stage::start().await;
    let mut claims = claims("hicks", "weyland");
    assert_eq!(stage.open(&stage.signer.sign(&claims)).await.status, 403);
    claims["act"] = json!({"sub": "desk"});
    assert_eq!(stage.open(&stage.signer.sign(&claims)).await.status, 201);
}

#[tokio::test]
async fn a_machine_is_served_where_the_settings_let_it_in() {
    let machine = |settings: &mut Value| settings["issuers"][0]["machineClients"] = json!("REGISTERED");
    let token = |stage: &Stage, client: &str| {
        let mut claims = claims(client, "cyberdyne");
        claims["client_id"] = json!(client);
        stage.signer.sign(&claims)
    };
    let stage = Stage::with(ExchangeMode::AssumeRole, machine).await;
    assert_eq!(stage.open(&token(&stage, "desk")).await.body["tenant"], "cyberdyne");
    assert_eq!(stage.open(&token(&stage, "lapsed-desk")).await.status, 403);
    let stage = Stage::start().await;
    assert_eq!(stage.open(&token(&stage, "desk")).await.status, 401);
}
