//! The time of day in a text, if it is an RFC 3339 time.

/// The minute of the day in UTC; `None` for what is no time.
pub(crate) fn minute_of_day(text: &str) -> Option<i32> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let zone = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if zone.len() == fraction.len() {
                return None;
            }
            zone
        }
    };
    let offset = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => 0,
        ("+", offset) => minute(offset)?,
        ("-", offset) => -minute(offset)?,
        _ => return None,
    };
    let (clock, second) = clock.rsplit_once(':')?;
    let is_second = second.len() == 2 && number(second)? < 60;
    (is_date(date)? && is_second).then_some((minute(clock)? - offset).rem_euclid(1_440))
}

fn is_date(date: &str) -> Option<bool> {
    let [year, month, day] = date.split('-').collect::<Vec<_>>()[..] else { return None };
    let is_long = (year.len(), month.len(), day.len()) == (4, 2, 2);
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    Some(is_long && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day))
}

/// `HH:MM` in minutes.
pub(crate) fn minute(text: &str) -> Option<i32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) =
        if hour.len() == 2 && minute.len() == 2 { (number(hour)?, number(minute)?) } else { return None };
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn number(text: &str) -> Option<i32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn days_in(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
