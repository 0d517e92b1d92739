//! Who is to be notified of a task, in every form in which a request can say it.

use policy_model::json::Value;

use super::fault::A2aFault;
use super::members::{Members, Spelling};
use super::params::{Params, resource_task, task_id, text};

/// Takes the parameters that are such a form, or have one in them.
pub(super) fn take_params<'d>(
    found: &mut Params<'d>,
    params: &Members<'d>,
    spelling: Spelling,
) -> Result<(), A2aFault> {
    let before = found.push_urls.len();
    found.push_urls.extend(text(params.get("url")).map_err(|_| A2aFault::PushUrl)?);
    for name in ["pushNotificationConfig", "config"] {
        if let Some(config) = params.get(name) {
            take(found, config, spelling)?;
        }
    }
    if found.push_urls.len() == before { Err(A2aFault::PushUrl) } else { Ok(()) }
}

/// Takes the `configuration` of a message.
pub(super) fn take_configuration<'d>(
    found: &mut Params<'d>,
    configuration: Value<'d>,
    spelling: Spelling,
) -> Result<(), A2aFault> {
    let members = Members::read(configuration, CONFIGURATION, spelling)?;
    for name in FORMS {
        if let Some(config) = members.get(name) {
            take(found, config, spelling)?;
        }
    }
    Ok(())
}

/// Takes one, which may have another one in it and has a URL in the end.
fn take<'d>(found: &mut Params<'d>, config: Value<'d>, spelling: Spelling) -> Result<(), A2aFault> {
    let members = Members::read(config, CONFIG, spelling)?;
    found.take_tenant(members.get("tenant"))?;
    // A task that is made only now has no id; for one that is there it must be the caller's.
    found.tasks.extend(task_id(members.get("taskId"))?);
    if spelling == Spelling::Fields {
        found.check_task(resource_task(members.get("name"))?)?;
    }
    let url = text(members.get("url")).map_err(|_| A2aFault::PushUrl)?;
    let inner: Vec<Value<'d>> = FORMS.iter().filter_map(|name| members.get(name)).collect();
    if url.is_none() && inner.is_empty() {
        return Err(A2aFault::PushUrl);
    }
    found.push_urls.extend(url);
    inner.into_iter().try_for_each(|inner| take(found, inner, spelling))
}

/// What such a form is called within another thing: in version 0.3, in 1.0, and in 0.3 as HTTP+JSON.
const FORMS: &[&str] = &["pushNotificationConfig", "taskPushNotificationConfig", "pushNotification"];

const CONFIGURATION: &[&str] = &[
    "pushNotificationConfig",
    "taskPushNotificationConfig",
    "pushNotification",
    "acceptedOutputModes",
    "historyLength",
    "blocking",
    "returnImmediately",
];

const CONFIG: &[&str] = &[
    "pushNotificationConfig",
    "taskPushNotificationConfig",
    "pushNotification",
    "url",
    "id",
    "taskId",
    "tenant",
    "name",
    "token",
    "authentication",
];
