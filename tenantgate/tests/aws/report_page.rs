//! `tenantgate report` as a page in a browser: what it shows, that it asks for nothing, and that no text in it is more than text.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::ledger::{HOSTILE, Ledger};

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_complete_asks_for_nothing_and_runs_nobody_elses_script() {
    let ledger = Ledger::new().await;
    let page = ledger.page(&[]).await;
    let html = std::fs::read_to_string(&page).unwrap();
    assert!(html.contains("default-src 'none'") && !html.contains("unsafe-inline"));
    assert!(!html.contains("<script>alert") && !html.contains("<img"), "text became markup");
    let Some(mut browser) = Browser::start() else { return };
    browser.resize(1400, 900);
    browser.open(&page);
    assert_eq!(
        browser
            .evaluate("window.harmed === undefined && document.images.length === 0 && document.scripts.length === 1"),
        true
    );
    // Hostile texts are there, as texts.
    let words = browser.evaluate("document.body.textContent");
    assert!(words.as_str().unwrap().contains(HOSTILE), "{words}");
    // What somebody brought into the page afterwards would not run either.
    browser.evaluate("document.body.insertAdjacentHTML('beforeend', '<b id=probe onclick=\"window.harmed=1\">x</b>'); document.getElementById('probe').click()");
    assert_eq!(browser.evaluate("window.harmed === undefined"), true);
    let complaints: Vec<String> = browser.complaints().into_iter().filter(|one| !one.contains("script-src")).collect();
    assert_eq!(complaints, Vec::<String>::new());
    browser.picture("light.png");
    browser.emulate("screen", "dark");
    let dark = browser.evaluate("getComputedStyle(document.body).backgroundColor");
    assert_ne!(dark, "rgb(255, 255, 255)");
    browser.picture("dark.png");
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_say_which_rule_decides_to_the_mouse_and_to_the_keyboard() {
    let ledger = Ledger::new().await;
    let page = ledger.page(&[]).await;
    let Some(mut browser) = Browser::start() else { return };
    browser.resize(1400, 900);
    browser.open(&page);
    assert_eq!(
        browser.evaluate(CELLS),
        json!({
            "acme orders___get": "yes", "acme orders___refund": "if", "acme orders___drop": "no", "globex orders___get": "if", "initech orders___get": "no",
        })
    );
    browser.evaluate("document.querySelector('td.c').id = 'goal'");
    browser.point_at("#goal");
    let tip =
        browser.evaluate("document.getElementById('tip').hidden ? '' : document.getElementById('tip').textContent");
    let tip = tip.as_str().unwrap();
    assert!(tip.contains("conditional: allowed by rule"), "{tip}");
    browser.picture("tip.png");
    browser.point_at("h1");
    assert_eq!(browser.evaluate("document.getElementById('tip').hidden"), true);
    // By keyboard: one cell is in the order of the tabulator, arrows go on from there.
    browser.evaluate("document.querySelector('#open').focus()");
    for _ in 0..20 {
        browser.press("Tab", 9);
        if browser.evaluate("document.activeElement.dataset.w !== undefined") == true {
            break;
        }
    }
    let shown = "[document.activeElement.cellIndex, document.getElementById('tip').hidden, document.getElementById('tip').textContent]";
    let first = browser.evaluate(shown);
    assert_eq!((&first[0], &first[1]), (&json!(1), &json!(false)));
    browser.press("ArrowRight", 39);
    let second = browser.evaluate(shown);
    assert_eq!((&second[0], &second[1]), (&json!(2), &json!(false)));
    assert_ne!(first[2], second[2]);
    browser.press("Escape", 27);
    assert_eq!(browser.evaluate(shown)[1], true);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_leave_what_is_looked_for_and_heads_stay() {
    let ledger = Ledger::new().await;
    let page = ledger.page(&[]).await;
    let Some(mut browser) = Browser::start() else { return };
    browser.resize(1400, 900);
    browser.open(&page);
    let typed = |id: &str, text: &str| {
        format!(
            "(() => {{ const input = document.getElementById('{id}'); input.value = {}; input.dispatchEvent(new Event('input')); }})()",
            json!(text)
        )
    };
    let rows = "[...document.querySelectorAll('.grid tbody tr')].filter(row => row.checkVisibility()).map(row => row.dataset.who)";
    let tools = "[...document.querySelectorAll('tr.tool th[data-c]')].filter(head => head.checkVisibility()).map(head => head.title)";
    let all = browser.evaluate(rows);
    browser.evaluate(&typed("tenant", "GLOB"));
    assert_eq!(browser.evaluate(rows), json!(["globex"]));
    browser.evaluate(&typed("tool", "refund"));
    assert_eq!(browser.evaluate(tools), json!(["orders___refund"]));
    assert_eq!(
        browser.evaluate("[...document.querySelectorAll('.grid td')].filter(cell => cell.checkVisibility()).length"),
        1
    );
    assert_eq!(browser.evaluate("document.getElementById('count').textContent.startsWith('1 of ')"), true);
    browser.evaluate(&typed("tenant", ""));
    browser.evaluate(&typed("tool", ""));
    assert_eq!(browser.evaluate(rows), all);
    browser.evaluate("document.getElementById('open').click()");
    assert!(!browser.evaluate(rows).as_array().unwrap().contains(&json!("initech")));
    // A tenant that shares its row is found, too.
    browser.evaluate("document.getElementById('open').click()");
    browser.evaluate(&typed("tenant", "twin-2"));
    assert_eq!(browser.evaluate(rows), json!(["acme and 2 more"]));
    browser.evaluate(&typed("tenant", ""));
    let sticky =
        "['.grid thead th', '.grid tbody .who'].map(name => getComputedStyle(document.querySelector(name)).position)";
    assert_eq!(browser.evaluate(sticky), json!(["sticky", "sticky"]));
    browser.resize(420, 800);
    assert_eq!(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    browser.picture("narrow.png");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_reasons_stand_in_the_place_of_what_is_pointed_at() {
    let ledger = Ledger::new().await;
    let page = ledger.page(&[]).await;
    let Some(mut browser) = Browser::start() else { return };
    browser.resize(1100, 900);
    browser.open(&page);
    let looks: &str = "[getComputedStyle(document.querySelector('.tools')).display, getComputedStyle(document.querySelector('.sheet')).overflowY, \
        !['none', 'normal'].includes(getComputedStyle(document.querySelector('.grid td'), '::after').content), document.querySelector('details.whys').open]";
    let on_screen: Value = browser.evaluate(looks);
    assert_eq!(on_screen, json!(["flex", "auto", false, false]));
    browser.emulate("print", "dark");
    browser.evaluate("dispatchEvent(new Event('beforeprint'))");
    assert_eq!(browser.evaluate(looks), json!(["none", "visible", true, true]));
    assert_eq!(browser.evaluate("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    browser.picture("print.png");
    browser.picture("print.pdf");
}

/// What some cells say.
const CELLS: &str = "(() => { const heads = [...document.querySelectorAll('tr.tool th[data-c]')].map(head => head.title); const told = {}; \
    const wanted = ['acme orders___get', 'acme orders___refund', 'acme orders___drop', 'globex orders___get', 'initech orders___get']; \
    for (const row of document.querySelectorAll('.grid tbody tr')) [...row.cells].slice(1).forEach((cell, at) => { \
      const name = row.dataset.who.split(' ')[0] + ' ' + heads[at]; if (wanted.includes(name)) told[name] = cell.textContent; }); return told; })()";
