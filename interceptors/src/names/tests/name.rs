//! Names alone.

use policy_model::ToolName;

use crate::names::Names;

#[test]
fn within_a_target_a_name_is_one_of_its_own() {
    let own = Names::within("orders").unwrap();
    for (written, full) in [
        ("getOrder", Some("orders___getOrder")),
        ("crm___get", Some("orders___crm___get")),
        ("orders", Some("orders___orders")),
        ("orders_x", Some("orders___orders_x")),
        ("ordersX___get", Some("orders___ordersX___get")),
        ("x_amz_bedrock_agentcore_search", Some("orders___x_amz_bedrock_agentcore_search")),
        ("orders___getOrder", None),
        ("orders____getOrder", None),
    ] {
        assert_eq!(own.full(written).as_deref(), full, "{written}");
        assert_eq!(Names::GATEWAY.full(written).as_deref(), Some(written));
        if let Some(full) = full {
            assert_eq!(full.get(own.prefix_len()..), Some(written));
            assert!(ToolName::parse(full).is_ok_and(|tool| own.includes(&tool) && !tool.is_search()), "{full}");
        }
    }
    for name in ["_x", "", "a b", "crm___get\u{200b}"] {
        assert!(ToolName::parse(&own.full(name).unwrap()).is_err(), "{name:?}");
    }
}

#[test]
fn only_a_target_has_names_of_its_own() {
    for target in ["", "a_b", "a___b", "a b", "a/b", "ordérs"] {
        assert_eq!(Names::within(target), None, "{target:?}");
    }
    let own = Names::within("orders").unwrap();
    for (tool, is_own) in [("orders___a", true), ("orders-eu___a", false), ("orders", false), ("crm___orders", false)] {
        let tool = ToolName::parse(tool).unwrap();
        assert_eq!(own.includes(&tool), is_own, "{tool}");
        assert!(Names::GATEWAY.includes(&tool));
    }
}
