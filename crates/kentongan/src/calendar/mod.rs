//! Time as people keep it: zones, hours of the week, holidays, and the time that counts as working time.

mod business;
mod holidays;
mod releases;
mod wall;
mod week;
mod zone;

pub use business::Calendar;
pub use releases::Releases;
pub use zone::{Zone, time_zone_data_version};

pub(crate) use holidays::{Day, Days, days_of};
pub(crate) use wall::WallClock;
pub(crate) use week::{Interval, TimeOfDay, day_names, weekdays};
