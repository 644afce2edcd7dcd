//! Auto-distribution (crm.md C3.4): the operator on shift who had the fewest clients gets the next one.
//! Working hours are computed here, from the project's settings and the session's time alone.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::crm::effect::Effect;
use crate::crm::error::CrmResult;
use crate::crm::model::{Distribution, Hours, Operator, Window};
use crate::crm::session::{Session, rows};
use crate::crm::{OperatorId, time};
use crate::store::Batch;
use crate::store::statements;
use crate::value::calendar;

/// Assignments in the window, the last one, the id.
type Rank = (i64, Option<DateTime<Utc>>, OperatorId);

impl Session {
    /// Gives the client to the next operator in turn; one that has an operator keeps it. False: nobody works now,
    /// and the client waits for the next working day.
    ///
    /// # Errors
    /// When the store fails.
    pub fn distribute_client(&mut self) -> CrmResult<bool> {
        if self.client().operator.is_some() {
            self.leave_queue();
            return Ok(true);
        }
        let now = self.local_now();
        let Some(day_start) = working_day_start(&self.project.distribution, now) else {
            self.queue_client();
            return Ok(false);
        };
        let since = match self.project.distribution.window {
            Window::Day => calendar::instant(day_start, self.project.time_zone),
            Window::Minutes(minutes) => {
                let window = Duration::try_minutes(minutes).unwrap_or(Duration::MAX);
                self.now.checked_sub_signed(window).unwrap_or(DateTime::<Utc>::MIN_UTC)
            }
        };
        // The turn is nobody else's until this is over: two who ask at once get different operators.
        let mut batch = Batch::with_room(4, 12);
        if self.may_hold && self.link.hold()? {
            batch.add(&statements::LOCK_PROJECT).int(self.project.id);
            self.state.check_only(&mut batch, self.project.id);
        }
        batch.add(&statements::OPERATOR_LOADS).time(since).int(self.project.id);
        let mut reader = self.link.ask(&batch)?.pop().unwrap_or_default().reader();
        drop(batch);
        // The fewest first, then who has waited longest, then the lowest id.
        let mut best: Option<(Rank, Operator)> = None;
        while reader.more() {
            let operator = rows::operator(&mut reader)?;
            let (mut count, mut last) = (reader.int()?, reader.optional_time()?);
            for (at, id) in self.state.assignments() {
                if id == operator.id {
                    count += i64::from(at >= since);
                    last = last.max(Some(at));
                }
            }
            let rank = (count, last, operator.id);
            if best.as_ref().is_none_or(|(other, _)| rank < *other) {
                best = Some((rank, operator));
            }
        }
        let Some((_, operator)) = best else {
            self.queue_client();
            return Ok(false);
        };
        let operator = self.keep_operator(operator);
        self.assign(operator)?;
        Ok(true)
    }

    fn queue_client(&mut self) {
        let next = next_working_day_start(&self.project.distribution, self.local_now());
        let until = next.map(|local| calendar::instant(local, self.project.time_zone));
        let entry = self.own();
        if entry.client.queued && entry.client.queued_until == until {
            return;
        }
        entry.client.queued = true;
        entry.client.queued_until = until;
        entry.queue_changed = true;
        let client = self.client_id;
        self.record(Effect::ClientQueued { client, until: until.map(time::format) });
    }
}

/// When the working day that `now` is in began; `None` outside of working hours and on days off.
fn working_day_start(distribution: &Distribution, now: NaiveDateTime) -> Option<NaiveDateTime> {
    let (from, to) = match distribution.hours {
        Hours::Always => (0, 24 * 60),
        Hours::Between(from, to) => (from, to),
    };
    // Hours past midnight belong to the day they began on.
    let length = if to > from { to - from } else { to + 24 * 60 - from };
    [now.date(), now.date().pred_opt()?].into_iter().find_map(|day| {
        let start = minute_of(day, from)?;
        let inside = start <= now && now < start + Duration::minutes(length);
        (inside && !distribution.days_off.contains_date(day)).then_some(start)
    })
}

/// When the next working day begins.
fn next_working_day_start(distribution: &Distribution, now: NaiveDateTime) -> Option<NaiveDateTime> {
    let from = match distribution.hours {
        Hours::Always => 0,
        Hours::Between(from, _) => from,
    };
    (0..=7)
        .filter_map(|days| now.date().checked_add_days(chrono::Days::new(days)))
        .filter(|day| !distribution.days_off.contains_date(*day))
        .filter_map(|day| minute_of(day, from))
        .find(|start| *start > now)
}

fn minute_of(day: NaiveDate, minute: i64) -> Option<NaiveDateTime> {
    Some(day.and_time(NaiveTime::MIN) + Duration::try_minutes(minute)?)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, NaiveDateTime};

    use super::{next_working_day_start, working_day_start};
    use crate::crm::model::{Distribution, Hours, Weekdays, Window};

    /// November 2026: the 20th is a Friday.
    fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 11, day).and_then(|date| date.and_hms_opt(hour, minute, 0)).unwrap_or_default()
    }

    fn shop(hours: Hours) -> Distribution {
        let mut days_off = Weekdays::default();
        days_off.insert(6);
        days_off.insert(7);
        Distribution { enabled: true, hours, days_off, window: Window::Day }
    }

    #[test]
    fn working_hours_and_days_off() {
        let shop = shop(Hours::Between(9 * 60, 18 * 60));
        assert_eq!(working_day_start(&shop, at(20, 9, 0)), Some(at(20, 9, 0)));
        assert_eq!(working_day_start(&shop, at(20, 17, 59)), Some(at(20, 9, 0)));
        assert_eq!(working_day_start(&shop, at(20, 18, 0)), None);
        assert_eq!(working_day_start(&shop, at(20, 8, 59)), None);
        assert_eq!(working_day_start(&shop, at(21, 12, 0)), None);
        assert_eq!(next_working_day_start(&shop, at(20, 8, 0)), Some(at(20, 9, 0)));
        assert_eq!(next_working_day_start(&shop, at(20, 12, 0)), Some(at(23, 9, 0)));
    }

    #[test]
    fn hours_past_midnight_belong_to_the_day_they_began_on() {
        let night = shop(Hours::Between(22 * 60, 6 * 60));
        assert_eq!(working_day_start(&night, at(21, 5, 0)), Some(at(20, 22, 0)));
        assert_eq!(working_day_start(&night, at(20, 23, 0)), Some(at(20, 22, 0)));
        assert_eq!(working_day_start(&night, at(22, 23, 0)), None);
        assert_eq!(working_day_start(&night, at(23, 5, 0)), None);
    }

    #[test]
    fn round_the_clock() {
        let shop = shop(Hours::Always);
        assert_eq!(working_day_start(&shop, at(20, 3, 0)), Some(at(20, 0, 0)));
        assert_eq!(next_working_day_start(&shop, at(20, 3, 0)), Some(at(23, 0, 0)));
        let mut never = shop;
        (1..=7).for_each(|day| never.days_off.insert(day));
        assert_eq!(next_working_day_start(&never, at(20, 3, 0)), None);
    }
}
