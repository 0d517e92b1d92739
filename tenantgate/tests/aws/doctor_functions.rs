//! The mistakes of functions and of who may invoke them, each made alone.

use serde_json::{Value, json};

use crate::clinic::{Clinic, from_gateway, function, not_checked, policy, settings};
use crate::stand_in::{REQUEST, RESPONSE};

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_of_a_function_is_found_alone() {
    type Change = fn(&mut Value);
    let cases: &[(Change, &[&str])] = &[
        (|f| f["Timeout"] = json!(2), &["FUNCTION_TIMEOUT_SHORT"]),
        (|f| f["State"] = json!("Pending"), &["FUNCTION_NOT_ACTIVE"]),
        (|f| f["LastUpdateStatus"] = json!("Failed"), &["FUNCTION_NOT_ACTIVE"]),
        (|f| f["TenancyConfig"] = json!({"TenantIsolationMode": "PER_TENANT"}), &["FUNCTION_TENANT_ISOLATION"]),
        (|f| f["LoggingConfig"]["ApplicationLogLevel"] = json!("WARN"), &["AUDIT_LINES_DROPPED"]),
        (|f| f["Environment"] = json!({}), &["FUNCTION_WITHOUT_SETTINGS"]),
        (
            |f| f["Environment"]["Variables"]["TENANTGATE_SETTINGS"] = json!("{"),
            &["FUNCTION_WITHOUT_SETTINGS", "SETTINGS_UNUSABLE"],
        ),
        (|f| f["Environment"] = json!({"Variables": {"TENANTGATE_SETTINGS": "{"}}), &["SETTINGS_UNUSABLE"]),
    ];
    for (change, codes) in cases {
        let clinic = Clinic::new();
        let mut function = function(REQUEST);
        change(&mut function);
        clinic.put("request.json", &function);
        let (found, ended) = clinic.findings().await;
        let expected: Vec<_> = codes.iter().map(|code| ((*code).to_owned(), "error".to_owned())).collect();
        assert_eq!(found, expected, "{function}");
        assert_eq!(ended, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_must_be_able_to_read_its_settings() {
    let clinic = Clinic::new();
    let with = |arn: &str, settings: &str| {
        let mut function = function(arn);
        function["Environment"]["Variables"] = json!({"TENANTGATE_SETTINGS": settings});
        function
    };
    let good = settings();
    let mut in_file = good.clone();
    in_file["issuers"][0]["keys"] = json!({"file": "package/jwks.json"});
    let arguments = "doctor --offline --functions request.json --functions response.json --format json";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    for (settings, expected) in [
        (["{CANARY", &good.to_string()], vec![REQUEST]),
        ([&good.to_string(), "{CANARY"], vec![RESPONSE]),
        (["{}", "[]"], vec![REQUEST, RESPONSE]),
        ([&good.to_string(), &good.to_string()], vec![]),
        ([&in_file.to_string(), &in_file.to_string()], vec![]),
    ] {
        clinic.put("request.json", &with(REQUEST, settings[0]));
        clinic.put("response.json", &with(RESPONSE, settings[1]));
        let ended = clinic.desk.run_bare(&arguments).await;
        let report = ended.json();
        let found: Vec<_> = report["findings"].as_array().unwrap().iter().collect();
        assert_eq!((found.len(), ended.code), (expected.len(), i32::from(!expected.is_empty())), "{report:#}");
        for (finding, arn) in found.iter().zip(expected) {
            assert_eq!(finding["code"], "SETTINGS_UNUSABLE");
            assert!(finding["where"].as_str().unwrap().ends_with(arn), "{finding}");
        }
        assert!(!ended.out.contains("CANARY"));
    }
    let left = not_checked(&Clinic::new().offline(&["--format", "json"]).await.json());
    let in_file = left.iter().filter(|one| one.contains("they are in a file of its package")).count();
    assert_eq!(in_file, 2, "{left:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_must_be_there_by_name_and_are_never_shown() {
    let clinic = Clinic::new();
    let mut settings = settings();
    settings["hashKeys"] = json!({"crm": {"environment": "HASH_CRM"}, "other": {"file": "secrets/other"}});
    clinic.put("settings.json", &settings);
    let missing = ("SECRET_NOT_SET".to_owned(), "error".to_owned());
    assert_eq!(clinic.findings().await.0, [missing.clone(), missing]);
    for (name, arn) in [("request.json", REQUEST), ("response.json", RESPONSE)] {
        let mut function = function(arn);
        function["Environment"]["Variables"]["HASH_CRM"] = json!("canary-secret-key");
        clinic.put(name, &function);
    }
    let ended = clinic.offline(&["--format", "json"]).await;
    assert_eq!(crate::clinic::found(&ended.json()), []);
    assert!(not_checked(&ended.json()).iter().any(|one| one.contains("secrets/other")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_of_a_function_are_looked_at_and_compared() {
    let clinic = Clinic::new();
    let mut own = function(REQUEST);
    let text = settings();
    own["Environment"]["Variables"] = json!({"TENANTGATE_SETTINGS": text.to_string()});
    clinic.put("request.json", &own);
    assert_eq!(clinic.findings().await.0, [("FUNCTION_SETTINGS_DIFFER".to_owned(), "warning".to_owned())]);
    clinic.put("settings.json", &text);
    assert_eq!(clinic.findings().await.0, []);
    // Without a file they are those of the function.
    let mut short = own.clone();
    short["Timeout"] = json!(2);
    clinic.put("request.json", &short);
    let ended = clinic.desk.run_bare(&["doctor", "--offline", "--functions", "request.json"]).await;
    assert!(ended.out.contains("error [FUNCTION_TIMEOUT_SHORT]"), "{}", ended.out);
    own["Environment"] = json!({"Error": {"ErrorCode": "AccessDeniedException", "Message": "kms"}});
    clinic.put("request.json", &own);
    let ended = clinic.desk.run_bare(&["doctor", "--offline", "--functions", "request.json"]).await;
    assert!(ended.out.contains("not checked: the variables of function"), "{}", ended.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_else_may_invoke_a_function_is_found() {
    let with = |change: fn(&mut Value)| {
        let mut statement = from_gateway(REQUEST);
        change(&mut statement);
        statement
    };
    for (statement, code, severity) in [
        (with(|s| s["Principal"] = json!("*")), "INVOKE_BY_ANYBODY", "warning"),
        (
            with(|s| {
                s["Principal"] = json!({"AWS": "*"});
                s["Condition"] = json!({});
            }),
            "INVOKE_BY_ANYBODY",
            "error",
        ),
        (with(|s| s["Condition"] = json!(null)), "INVOKE_FROM_ANYWHERE", "error"),
        (
            with(|s| s["Condition"] = json!({"StringEquals": {"AWS:SourceAccount": "123456789012"}})),
            "INVOKE_FROM_ANYWHERE",
            "warning",
        ),
        (
            with(|s| s["Principal"] = json!({"AWS": "arn:aws:iam::999999999999:root"})),
            "INVOKE_BY_OTHER_ACCOUNT",
            "warning",
        ),
        (
            with(|s| {
                s["Condition"] =
                    json!({"ArnLike": {"AWS:SourceArn": "arn:aws:bedrock-agentcore:eu-west-1:999999999999:gateway/x"}});
            }),
            "INVOKE_BY_OTHER_ACCOUNT",
            "warning",
        ),
    ] {
        let clinic = Clinic::new();
        clinic.put("policy-request.json", &policy(REQUEST, &[from_gateway(REQUEST), statement.clone()]));
        assert_eq!(clinic.findings().await.0, [(code.to_owned(), severity.to_owned())], "{statement}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_and_policies_that_were_not_given_are_named() {
    let clinic = Clinic::new();
    let arguments =
        ["doctor", "--offline", "--gateway-json", "gateway.json", "--functions", "request.json", "--format", "json"];
    let left = not_checked(&clinic.desk.run_bare(&arguments).await.json());
    let names = |words: &str| left.iter().filter(|one| one.contains(words)).count();
    assert_eq!(
        (names("timeout, settings and state of function"), names("who may invoke function")),
        (1, 2),
        "{left:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_says_nothing_of_the_one_that_is_called() {
    let left = |ended: crate::command::Ended| {
        let left = not_checked(&ended.json());
        left.iter().filter(|one| one.contains("of another version or alias")).count()
    };
    for other in ["", ":$LATEST", ":7"] {
        let clinic = Clinic::new();
        let arn = REQUEST.replace(":live", other);
        clinic.put("request.json", &function(&arn));
        clinic.put("policy-request.json", &policy(&arn, &[from_gateway(&arn)]));
        assert_eq!(clinic.findings().await, (vec![], 0), "{other}");
        assert_eq!(left(clinic.offline(&["--format", "json"]).await), 2, "{other}");
        // The very one beside it is what counts.
        clinic.put("response.json", &function(REQUEST));
        clinic.put("policy-response.json", &policy(REQUEST, &[from_gateway(REQUEST)]));
        assert_eq!(left(clinic.offline(&["--format", "json"]).await), 0, "{other}");
    }
    let clinic = Clinic::new();
    clinic.desk.put("gateway.json", crate::clinic::gateway().to_string().replace(":live", ""));
    clinic.put("request.json", &function(&REQUEST.replace(":live", ":$LATEST")));
    assert_eq!(left(clinic.offline(&["--format", "json"]).await), 3, "no version is $LATEST");
}
