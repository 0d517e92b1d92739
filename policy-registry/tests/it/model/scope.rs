//! What should come of the steps that change one tenant, or the baseline.

use policy_registry::record::Action;

use super::expected::{Now, Outcome, Owner, Said, Scope, Why};

impl Scope {
    pub(super) fn content(&self, version: u64) -> usize {
        self.versions[usize::try_from(version).unwrap() - 1]
    }

    pub(super) fn note(&mut self, action: Action, from: Option<u64>, to: Option<u64>) {
        self.log.push((action, from, to));
    }

    pub(super) fn now(&mut self) -> Result<&mut Now, Why> {
        self.now.as_mut().ok_or(Why::NotFound)
    }

    /// The version that has a content, or will have it.
    pub(super) fn version_of(&mut self, content: usize) -> Result<u64, Why> {
        let number = |index: usize| u64::try_from(index).unwrap() + 1;
        if let Some(index) = self.versions.iter().position(|other| *other == content) {
            return if self.retired.contains(&number(index)) { Err(Why::Refused) } else { Ok(number(index)) };
        }
        self.versions.push(content);
        Ok(number(self.versions.len() - 1))
    }

    pub(super) fn usable(&self, version: u64) -> Result<(), Why> {
        match usize::try_from(version).unwrap() {
            number if !(1..=self.versions.len()).contains(&number) => Err(Why::NotFound),
            _ if self.retired.contains(&version) => Err(Why::Refused),
            _ => Ok(()),
        }
    }

    pub(super) fn add(&mut self, content: usize) -> Outcome {
        if self.now.is_some() {
            return Err(Why::Refused);
        }
        let active = self.version_of(content)?;
        self.now = Some(Now { active, ..Now::default() });
        self.note(Action::TenantAdded, None, Some(active));
        Ok(Said::Version(active))
    }

    pub(super) fn remove(&mut self) -> Outcome {
        let now = self.now.take().ok_or(Why::NotFound)?;
        self.note(Action::TenantRemoved, Some(now.active), None);
        let members = u64::try_from(std::mem::take(&mut self.members).len()).unwrap();
        Ok(Said::Members(0, 0, members))
    }

    pub(super) fn set_status(&mut self, is_suspended: bool) -> Outcome {
        let now = self.now()?;
        if now.is_suspended == is_suspended {
            return Ok(Said::Nothing);
        }
        now.is_suspended = is_suspended;
        self.note(if is_suspended { Action::TenantSuspended } else { Action::TenantResumed }, None, None);
        Ok(Said::Done)
    }

    pub(super) fn publish(&mut self, owner: Owner, content: usize, expect: Option<u64>) -> Outcome {
        let active = self.now.as_ref().map(|now| now.active);
        if expect.is_some() && expect != active {
            return Err(Why::Conflict);
        }
        if owner.is_some() && active.is_none() {
            return Err(Why::NotFound);
        }
        if active.is_some_and(|active| self.content(active) == content) {
            return Ok(Said::Nothing);
        }
        let version = self.version_of(content)?;
        self.activate(Action::PolicyPublished, version);
        Ok(Said::Version(version))
    }

    pub(super) fn activate(&mut self, action: Action, version: u64) {
        let before = self.now.as_ref().map(|now| now.active);
        let now = self.now.get_or_insert_default();
        now.active = version;
        now.shadow = now.shadow.filter(|shadow| *shadow != version);
        self.note(action, before, Some(version));
    }

    pub(super) fn rollback(&mut self, version: u64, expect: Option<u64>) -> Outcome {
        let active = self.now.as_ref().map(|now| now.active);
        if expect.is_some() && expect != active {
            return Err(Why::Conflict);
        }
        let active = active.ok_or(Why::NotFound)?;
        self.usable(version)?;
        if version == active {
            return Ok(Said::Nothing);
        }
        self.activate(Action::PolicyRolledBack, version);
        Ok(Said::Version(version))
    }

    pub(super) fn rollback_to_previous(&mut self) -> Outcome {
        let active = self.now()?.active;
        let mut way: Vec<u64> = Vec::new();
        for (action, _, to) in &self.log {
            match (*action, *to) {
                (Action::TenantAdded, Some(to)) => way = vec![to],
                (Action::PolicyPublished, Some(to)) => way.push(to),
                (Action::PolicyRolledBack, Some(to)) => {
                    let known = way.iter().rposition(|version| *version == to);
                    match known {
                        Some(place) => way.truncate(place + 1),
                        None => way.push(to),
                    }
                }
                _ => {}
            }
        }
        assert_eq!(way.pop(), Some(active));
        let previous = way.pop().ok_or(Why::NotFound)?;
        self.rollback(previous, None)
    }

    pub(super) fn retire(&mut self, version: u64) -> Outcome {
        let now = self.now()?.clone();
        if now.active == version || now.shadow == Some(version) {
            return Err(Why::Refused);
        }
        match self.usable(version) {
            Err(Why::Refused) => Ok(Said::Nothing),
            Err(other) => Err(other),
            Ok(()) => {
                self.retired.insert(version);
                self.note(Action::PolicyRetired, Some(version), None);
                Ok(Said::Done)
            }
        }
    }

    pub(super) fn set_shadow(&mut self, version: u64) -> Outcome {
        let now = self.now()?.clone();
        self.usable(version)?;
        if now.active == version {
            return Err(Why::Refused);
        }
        if now.shadow == Some(version) {
            return Ok(Said::Nothing);
        }
        self.now()?.shadow = Some(version);
        self.note(Action::ShadowSet, now.shadow, Some(version));
        Ok(Said::Version(version))
    }

    pub(super) fn try_shadow(&mut self, content: usize) -> Outcome {
        self.now()?;
        let version = self.version_of(content)?;
        self.set_shadow(version)
    }

    pub(super) fn clear_shadow(&mut self) -> Outcome {
        let Some(shadow) = self.now()?.shadow.take() else { return Ok(Said::Nothing) };
        self.note(Action::ShadowCleared, Some(shadow), None);
        Ok(Said::Done)
    }

    pub(super) fn add_member(&mut self, user: usize, roles: usize) -> Outcome {
        self.now()?;
        Ok(match self.members.insert(user, roles) {
            None => Said::Members(1, 0, 0),
            Some(before) if before != roles => Said::Members(0, 1, 0),
            Some(_) => Said::Members(0, 0, 1),
        })
    }

    /// All without roles.
    pub(super) fn import(&mut self, users: &[usize]) -> Outcome {
        if self.now.is_none() && !users.is_empty() {
            return Err(Why::Refused);
        }
        let (mut added, mut replaced, mut unchanged) = (0, 0, 0);
        for user in users {
            match self.members.insert(*user, 0) {
                None => added += 1,
                Some(0) => unchanged += 1,
                Some(_) => replaced += 1,
            }
        }
        Ok(Said::Members(added, replaced, unchanged))
    }
}
