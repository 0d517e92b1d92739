//! The items of the table: all of them, or the kills, the baseline, the first tenants and the routes.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use policy_registry::key::{DIRECTORY, Key, LISTED_IN, PK, Place, SK};
use policy_registry::record::Item;

use super::examination::Examination;
use super::survey::Survey;
use super::table::Table;
use crate::client::with_sources;
use crate::excerpt::visible;

/// Looks at every item, a page at a time.
pub(super) async fn scan(client: &Client, name: &str, table: &Table, out: &mut Examination) -> Option<Survey> {
    let mut pages = client.scan().table_name(name).consistent_read(true).into_paginator().items().send();
    let mut survey = Survey::new(table.has_index);
    while let Some(item) = pages.next().await {
        match item {
            Ok(item) => survey.take(&item),
            Err(error) => return unreadable("dynamodb:Scan", &error, out),
        }
    }
    survey.is_whole = true;
    Some(survey)
}

/// Looks at the kills and the baseline, and through the index at the first tenants and all routes.
pub(super) async fn look(client: &Client, name: &str, table: &Table, out: &mut Examination) -> Option<Survey> {
    let mut survey = Survey::new(table.has_index);
    for key in [Key::kills(), Key::baseline(), Key::policy(&Place::Baseline)] {
        match get(client, name, &key).await {
            Ok(item) => item.iter().for_each(|item| survey.take(item)),
            Err(error) => return unreadable("dynamodb:GetItem", &error, out),
        }
    }
    if !table.has_index {
        leave_rest("tenants, routes and members", out);
        return Some(survey);
    }
    let tenants = match list(client, name, "TENANTS", TENANTS_MAX).await {
        Ok(tenants) => tenants,
        Err(error) => return unreadable("dynamodb:Query on the index", &error, out),
    };
    for item in &tenants {
        survey.take(item);
    }
    for key in survey.documents() {
        match get(client, name, &key).await {
            Ok(item) => item.iter().for_each(|item| survey.take(item)),
            Err(error) => return unreadable("dynamodb:GetItem", &error, out),
        }
    }
    match list(client, name, "ROUTES", ROUTES_MAX).await {
        Ok(routes) => {
            survey.has_routes = routes.len() < ROUTES_MAX;
            routes.iter().for_each(|item| survey.take(item));
        }
        Err(error) => return unreadable("dynamodb:Query on the index", &error, out),
    }
    let rest = if tenants.len() < TENANTS_MAX {
        "members, and items that are in no list".to_owned()
    } else {
        format!("all but the first {TENANTS_MAX} tenants, members, and items that are in no list")
    };
    leave_rest(&rest, out);
    Some(survey)
}

fn leave_rest(what: &str, out: &mut Examination) {
    out.leave(what, "the whole table would have to be read", "give --deep");
}

async fn get(client: &Client, name: &str, key: &Key) -> Result<Option<Item>, aws_sdk_dynamodb::Error> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let request = client.get_item().table_name(name).consistent_read(true);
    Ok(request.key(PK, text(&key.pk)).key(SK, text(&key.sk)).send().await?.item)
}

async fn list(client: &Client, name: &str, listed_in: &str, most: usize) -> Result<Vec<Item>, aws_sdk_dynamodb::Error> {
    let mut pages = client
        .query()
        .table_name(name)
        .index_name(DIRECTORY)
        .key_condition_expression("#list = :list")
        .expression_attribute_names("#list", LISTED_IN)
        .expression_attribute_values(":list", AttributeValue::S(listed_in.to_owned()))
        .limit(PAGE_ITEMS)
        .into_paginator()
        .items()
        .send();
    let mut items = Vec::new();
    while items.len() < most
        && let Some(item) = pages.next().await
    {
        items.push(item?);
    }
    Ok(items)
}

fn unreadable(action: &str, error: &dyn std::error::Error, out: &mut Examination) -> Option<Survey> {
    out.leave("the items of the table", visible(&with_sources(error)), format!("give credentials with {action}"));
    None
}

/// Of so many the policies are read without `--deep`.
const TENANTS_MAX: usize = 100;

const ROUTES_MAX: usize = 5_000;

const PAGE_ITEMS: i32 = 100;
