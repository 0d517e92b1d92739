//! Every set-up in docs/identity.md is taken as it stands there.

use std::path::Path;

use interceptors::settings::Settings;
use serde_json::{Value, json};

use crate::stage::aws;

#[test]
fn the_settings_on_the_page_are_settings() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/identity.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (mut issuers, mut settings) = (0, 0);
    for block in page.split("```").skip(1).step_by(2) {
        let (kind, text) = block.split_once('\n').unwrap();
        let document = match kind {
            "json issuer" => {
                issuers += 1;
                json!({"registry": {"table": "t"}, "issuers": [serde_json::from_str::<Value>(text).unwrap()]})
            }
            "json settings" => {
                settings += 1;
                serde_json::from_str(text).unwrap()
            }
            _ => continue,
        };
        let parsed = Settings::parse(&document.to_string(), aws());
        assert!(parsed.is_ok(), "{:?} in {text}", parsed.err());
    }
    assert!(issuers >= 7 && settings >= 2, "{issuers} {settings}");
}
