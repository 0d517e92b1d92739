//! What is asked for, and the document that conditions look at.

use crate::json::Json;
use crate::policy::Kind;

/// What is asked for, with which arguments, when.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) arguments: Option<Json>,
    pub(crate) seconds: i64,
}

impl Request {
    /// The time as RFC 3339 in UTC.
    pub(crate) fn time(&self) -> String {
        instant(self.seconds)
    }

    /// Target and tool of a tool or prompt.
    pub(crate) fn target(&self) -> Option<(&str, &str)> {
        match self.kind {
            Kind::Tool | Kind::Prompt => self.name.split_once("___"),
            Kind::Resource | Kind::Agent | Kind::Model => None,
        }
    }

    /// The document that conditions look at: what there is of the caller, and what is asked for.
    pub(crate) fn document(&self, caller: &Json) -> Json {
        let mut members = vec![("time".to_owned(), Json::Text(self.time()))];
        if let Json::Object(callers) = caller {
            members.extend(callers.iter().cloned());
        }
        let arguments = self.arguments.clone().map(|arguments| ("arguments".to_owned(), arguments));
        match self.kind {
            Kind::Tool => {
                let mut tool = vec![("name".to_owned(), Json::text(&self.name))];
                tool.extend(self.target().map(|(target, _)| ("target".to_owned(), Json::text(target))));
                members.push(("tool".to_owned(), Json::Object(tool)));
                members.extend(arguments);
            }
            Kind::Prompt => members.extend(arguments),
            // They have none, whatever is sent.
            Kind::Resource | Kind::Agent | Kind::Model => {}
        }
        Json::Object(members)
    }
}

/// RFC 3339 in UTC of so many seconds after the start of 1970.
pub(crate) fn instant(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days of a calendar whose years begin in March, so that the leap day is a year's last (Howard Hinnant).
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
