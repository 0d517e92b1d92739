//! The bindings of a folder.

use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::admin::{self, AdminError, LoadReport, read_routes};
use policy_registry::record::Status;
use policy_registry::{RouteProtocol, RouteRefusal, RouteResponses};

use crate::folder::{add, folder, right};
use crate::route::{ARN, binding, find, found};
use crate::table::{TABLE, Table};

const LEAST: &str =
    r#"{"bindingId":"support","path":"/support","protocol":"A2A","agentName":"support","appId":"helpdesk"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_binding_is_loaded_as_it_is_written() {
    let whole = format!(
        r#"{{"bindingId":"b","path":"/reports/v1","protocol":"HTTP","agentName":"reports","appId":"shop","runtimeArn":"{ARN}",
            "responses":"BUFFERED","status":"SUSPENDED"}}"#
    );
    let folder = folder(&[("routes.json", &format!("[{LEAST},{whole}]"))]);
    let table = Table::new().await;
    let report = admin::load(&table.client, TABLE, folder.path()).await.unwrap();
    assert_eq!(report, LoadReport { routes: 2, ..LoadReport::default() });
    let registry = table.registry();
    let support = find(&registry, "/support").await.unwrap();
    assert_eq!((support.protocol, support.responses), (RouteProtocol::A2a, RouteResponses::Any));
    assert_eq!((support.status, support.runtime_arn.as_deref()), (Status::Active, None));
    assert_eq!((support.agent_name.as_str(), support.app_id.as_str()), ("support", "helpdesk"));
    assert_eq!(found(&registry, "/reports/v1").await, Err(RouteRefusal::Suspended));
    let reports = read_routes(folder.path()).unwrap().remove(0);
    assert_eq!((reports.path.as_str(), reports.runtime_arn.as_deref()), ("/reports/v1", Some(ARN)));
    assert_eq!((reports.responses, reports.status), (RouteResponses::Buffered, Status::Suspended));
}

/// A path below another is never bound like that one, not for a moment.
#[test]
fn longer_paths_are_written_first() {
    let entry = |id: &str, path: &str| {
        LEAST.replace("\"support\",\"path\"", &format!("\"{id}\",\"path\"")).replace("/support", path)
    };
    let entries = [entry("a", "/billing"), entry("b", "/billing/internal"), entry("c", "/x")];
    let folder = folder(&[("routes.json", &format!("[{}]", entries.join(",")))]);
    let paths: Vec<String> = read_routes(folder.path()).unwrap().into_iter().map(|route| route.path).collect();
    assert_eq!(paths, ["/billing/internal", "/billing", "/x"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_lists_its_bindings_and_what_is_none() {
    let table = Table::with_acme().await;
    let mut broken = binding("/b").to_item();
    broken.remove("status");
    let mut moved = binding("/c").to_item();
    moved.insert("path".to_owned(), AttributeValue::S("/other".to_owned()));
    for item in [moved, binding("/d").to_item(), broken, binding("/a/b").to_item(), binding("/a").to_item()] {
        table.put(item).await;
    }
    let listed = admin::list_routes(&table.client, TABLE).await.unwrap();
    let wrong = |name: &str, attribute| Err((format!("ROUTE#{name} ROUTE#/{name}"), attribute));
    let right = |path| Ok(binding(path));
    assert_eq!(listed, [right("/a"), right("/a/b"), wrong("b", "status"), wrong("c", "path"), right("/d")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_binding_with_a_mistake_is_refused_and_nothing_is_written() {
    let put = |from: &str, to: &str| {
        LEAST.replace("support\",\"path", "other\",\"path").replace("/support", "/other").replace(from, to)
    };
    let also = |member: &str| put("}", &format!(",{member}}}"));
    for (wrong, words) in [
        (
            LEAST.replace("\"support\",\"path\"", "\"other\",\"path\""),
            "[1]: path \"/support\" is bound in [0]; keep one",
        ),
        (LEAST.replace("/support", "/other"), "[1]: bindingId \"support\" is that of [0]; give each binding its own"),
        (put("/other", "/other/"), "no / at its end, and at most 680 bytes, like \"/other\""),
        (put("/other", "other//x"), "like \"/other/x\""),
        (put("/other", ""), "[1]: path is not a binding's; it has 1 to 8 segments"),
        (put("/other", "/"), "like \"/support\""),
        (put("/other", "/a/../b"), "neither . nor .."),
        (put("/other", "/a%2fb"), "A-Z a-z 0-9 . _ ~ : @ -"),
        (put("/other", "/*"), "[1]: path is not a binding's"),
        (put("/other", &"/a".repeat(9)), "1 to 8 segments"),
        (put("/other", &format!("/{}", "a".repeat(257))), "1 to 256 of"),
        (put("A2A", "a2a"), "[1]: protocol is none of HTTP, A2A, MCP and INFERENCE"),
        (
            put("\"other\"", "\".other\""),
            "[1]: bindingId is not 1 to 128 of A-Z a-z 0-9 . _ - with a letter or digit first",
        ),
        (put("helpdesk", "help desk"), "[1]: appId is not 1 to 128 of"),
        (put("agentName\":\"support", "agentName\":\"a/b"), "[1]: agentName is not 1 to 128 of"),
        (put("\"agentName\":\"support\",", ""), "missing field `agentName`"),
        (also("\"runtimeArn\":\"arn:aws:s3:::x\""), "[1]: runtimeArn is not like arn:aws:bedrock-agentcore:"),
        (also("\"responses\":\"buffered\""), "[1]: responses is neither ANY nor BUFFERED"),
        (also("\"status\":\"OFF\""), "[1]: status is neither ACTIVE nor SUSPENDED"),
        (also("\"tenantId\":\"acme\""), "unknown field `tenantId`, expected one of `bindingId`, `path`"),
        (also("\"path\":\"/x\""), "duplicate field `path`"),
    ] {
        refused(&format!("[{LEAST},{wrong}]"), words).await;
    }
    refused("{}", "expected a sequence").await;
    refused("", "EOF while parsing").await;
    refused("[[]]", "invalid length 0").await;
}

/// What could not be read at once would refuse all of it.
#[test]
fn a_folder_binds_no_more_with_a_first_segment_than_is_read_at_once() {
    let routes = |count: usize, path: &dyn Fn(usize) -> String| {
        let entry = |number| {
            LEAST.replace("\"support\",\"path", &format!("\"b{number}\",\"path")).replace("/support", &path(number))
        };
        let entries: Vec<String> = (0..count).map(entry).collect();
        let folder = folder(&[("routes.json", &format!("[{}]", entries.join(",")))]);
        read_routes(folder.path()).map(|routes| routes.len()).map_err(|error| error.to_string())
    };
    let short = |number: usize| format!("/a/{number}");
    assert_eq!(routes(1_000, &short), Ok(1_000));
    let refusal = routes(1_001, &short).unwrap_err();
    assert!(refusal.contains("[1000]: the bindings with the first segment of \"/a/1000\" are more than"), "{refusal}");
    assert_eq!(routes(1_200, &|number| format!("/{}/{number}", number % 2)), Ok(1_200));
    let long = |number: usize| format!("/a{}/{number:0>166}", format!("/{}", "a".repeat(169)).repeat(3));
    assert_eq!(routes(600, &long), Ok(600));
    let refusal = routes(900, &long).unwrap_err();
    assert!(refusal.contains("keep at most 1000, whose items have at most 1000000 bytes"), "{refusal}");
}

#[test]
fn a_folder_without_bindings_has_none() {
    assert!(read_routes(right().path()).unwrap().is_empty());
}

/// A right folder with these bindings is refused with these words and leaves the table empty.
async fn refused(routes: &str, words: &str) {
    let (table, folder) = (Table::new().await, right());
    add(folder.path(), &[("routes.json", routes)]);
    let error = admin::load(&table.client, TABLE, folder.path()).await.unwrap_err();
    assert!(table.dump().await.is_empty(), "{error}: something was written");
    let AdminError::File { path, problem } = error else { panic!("{error}") };
    assert!(path.ends_with("routes.json") && problem.contains(words), "{problem}: expected {words}");
}
