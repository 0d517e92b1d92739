//! What is refused before anything is put.

use crate::attach::{GATEWAY, attach, attached};
use crate::stand_in::{ID, REQUEST, RESPONSE, StandIn, with};

#[tokio::test(flavor = "multi_thread")]
async fn only_a_gateway_that_is_ready_is_updated() {
    for status in ["CREATING", "UPDATING", "UPDATE_UNSUCCESSFUL", "DELETING", "FAILED", "NEW\\u001b[31m"] {
        let aws = StandIn::start(&with(GATEWAY, &[("status", format!("\"{status}\""))])).await;
        let ended = attach(&aws, &["--yes"]).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{ended:?}");
        assert!(
            ended.err.contains(status.split('\\').next().unwrap()) && !ended.err.contains('\u{1b}'),
            "{}",
            ended.err
        );
        assert!(aws.world(|world| world.put.is_empty()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_terminal_or_a_yes_nothing_is_put() {
    let aws = StandIn::start(GATEWAY).await;
    let ended = attach(&aws, &[]).await;
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("no terminal to ask at"), "{}", ended.err);
    assert!(aws.world(|world| world.put.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_terminal_only_a_yes_is_one() {
    let arguments = ["gateway", "attach", "--gateway", ID, "--request", REQUEST, "--response", RESPONSE];
    for (typed, format, code) in [("\n", "text", 1), ("no\n", "text", 1), ("yes\n", "text", 0), ("Y\n", "json", 0)] {
        let aws = StandIn::start(GATEWAY).await;
        let ended = aws.desk.type_at(&[&arguments[..], &["--format", format]].concat(), typed).await;
        let Some(ended) = ended else { return };
        assert_eq!((ended.code, aws.world(|world| world.put.len())), (code, usize::from(code == 0)), "{ended:?}");
        let (shown, asked) = ended.out.split_once("Update the gateway main-1a2b3c4d5e? [y/N] ").unwrap();
        assert!(shown.contains("$.interceptorConfigurations"), "{shown}");
        assert_eq!(asked.contains("nothing was changed"), code == 1, "{asked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_never_overwritten() {
    let aws = StandIn::start(GATEWAY).await;
    let name = aws.desk.put(&format!("gateway-{ID}.before.json"), "precious");
    for more in [&["--yes"][..], &["--yes", "--backup", "no-such-folder/x.json"]] {
        let ended = attach(&aws, more).await;
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains("never overwritten") || ended.err.contains("nothing was updated"), "{}", ended.err);
    }
    assert_eq!(aws.desk.read(&name).unwrap(), "precious");
    assert!(aws.world(|world| world.put.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_somebody_changes_meanwhile_is_left_alone() {
    let aws = StandIn::start(GATEWAY).await;
    aws.world(|world| world.meddler = Some((1, with(GATEWAY, &[("description", "\"other\"".to_owned())]))));
    let ended = attach(&aws, &["--yes"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("changed meanwhile, and nothing was updated"), "{}", ended.err);
    assert!(aws.world(|world| world.put.is_empty()));
    assert_eq!(attach(&aws, &["--yes"]).await.code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_gateway_is_not_put_back() {
    let point = attached().replace("\"RESPONSE\"", "\"TOOL\"");
    for (gateway, words) in [
        ("[]", "is \"\", and only one that is READY"),
        ("{\"status\":\"READY\"}", "has no name"),
        ("not json", "is not JSON"),
        ("", "is not JSON"),
        ("{\"status\":\"READY\",\"name\":\"a\",\"name\":\"b\"}", "stands twice"),
        (&point, "at the point \"TOOL\""),
        (&with(GATEWAY, &[("roleArn", "null".to_owned())]), "has no roleArn"),
        (&with(GATEWAY, &[("interceptorConfigurations", "{}".to_owned())]), "are not a list"),
    ] {
        let aws = StandIn::start(GATEWAY).await;
        aws.world(|world| world.gateway = gateway.to_owned());
        let ended = attach(&aws, &["--yes"]).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{ended:?}");
        assert!(ended.err.contains(words), "{words}: {}", ended.err);
        assert!(aws.world(|world| world.put.is_empty()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_ends_with_2_before_anything_is_asked() {
    let aws = StandIn::start(GATEWAY).await;
    let plain = REQUEST.trim_end_matches(":live");
    let other = format!("{plain}:7");
    for (arguments, words) in [
        (&["attach", "--gateway", ID][..], "--request"),
        (&["attach", "--gateway", "../functions", "--request", REQUEST, "--response", RESPONSE], "gateway's id"),
        (&["attach", "--gateway", "", "--request", REQUEST, "--response", RESPONSE], "gateway's id"),
        (&["attach", "--gateway", ID, "--request", "tenantgate-request", "--response", RESPONSE], "function's ARN"),
        (&["attach", "--gateway", ID, "--request", plain, "--response", RESPONSE], "--allow-unqualified"),
        (&["attach", "--gateway", ID, "--request", REQUEST, "--response", &other], "name the same function"),
        (
            &["attach", "--gateway", ID, "--request", REQUEST, "--response", RESPONSE, "--keep-field", "roleArn"],
            "is known",
        ),
        (
            &[
                "attach",
                "--gateway",
                ID,
                "--request",
                REQUEST,
                "--response",
                RESPONSE,
                "--keep-field",
                "a",
                "--drop-field",
                "a",
            ],
            "both kept and dropped",
        ),
        (&["attach", "--gateway", ID, "--request", REQUEST, "--response", RESPONSE, "--timeout", "0"], "0"),
        (&["detach", "--gateway", ID, "--request", REQUEST], "--response"),
        (&["detach", "--gateway", ID, "--request", REQUEST, "--response", RESPONSE, "--replace", "x"], "--replace"),
        (&["atach"], "atach"),
    ] {
        let ended = aws.desk.run(&[&["gateway"], arguments].concat()).await;
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ended.err.contains(words), "{arguments:?}: {}", ended.err);
    }
    assert!(aws.world(|world| world.asked.is_empty()));
}
