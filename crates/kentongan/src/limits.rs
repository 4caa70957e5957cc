//! Every bound the engine keeps, by name. What exceeds one is refused or counted; an alert's own excess is cut, since
//! the alert must get through.

/// The longest policy document, in bytes: room for a hundred thousand rules of some two hundred bytes each.
pub const DOCUMENT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// How deep a policy document may nest.
pub const DOCUMENT_DEPTH_MAX: usize = 64;
/// The most nodes a policy document may hold once its aliases are expanded.
pub const DOCUMENT_NODES_MAX: usize = 2_000_000;
/// The most problems one check reports; the rest are counted.
pub const DIAGNOSTICS_MAX: usize = 200;
/// The longest message of one problem, in characters. The document itself has the rest.
pub const DIAGNOSTIC_CHARACTERS_MAX: usize = 400;

/// The longest length of time a policy may name: 100 years.
pub const DURATION_MILLIS_MAX: i64 = 100 * 366 * 24 * 3_600 * 1_000;
/// The shortest repeat, reminder or ceiling: a page every second helps nobody.
pub const REPEAT_MILLIS_MIN: i64 = 10_000;
/// The first and last year in which the engine keeps time.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2500;

/// The longest range of days that one holiday may close.
pub const HOLIDAY_DAYS_MAX: usize = 366;
/// How many years ahead of its first a recurring release is planned.
pub const RELEASE_YEARS_MAX: i32 = 50;
/// The most releases a policy may plan.
pub const RELEASES_MAX: usize = 20_000;
/// The longest recurrence rule of releases, in bytes.
pub const RELEASE_RULE_BYTES_MAX: usize = 512;
/// The most business days that a target may have.
pub const TARGET_BUSINESS_DAYS_MAX: u32 = 366;
/// The most things that one post-mortem may ask for.
pub const ACTIONS_MAX: usize = 100;
/// The most entries of one list of a post-mortem: its whys, its lessons, or who is asked to a meeting.
pub const POSTMORTEM_ENTRIES_MAX: usize = 100;
/// How long a post-mortem that nobody finishes is kept, unless the policy says: a year.
pub const POSTMORTEM_DAYS_KEPT: i64 = 365;
/// How often the clocks of one incident may be stopped.
pub const PAUSES_MAX: usize = 1_000;

/// The longest that a message waits for the hours in which people are told, in days.
pub const HOLD_DAYS_MAX: i64 = 31;

/// The longest turn of a rotation, in its own unit: ten thousand months are longer than anybody is on call.
pub const TURN_UNITS_MAX: u32 = 10_000;
/// How many edges of a schedule one search for a change looks at before it gives up: an hourly rotation for ten years.
pub const ON_CALL_EDGES_MAX: usize = 100_000;

/// How many edges of a schedule are looked at for the next change of a role that is handed over, before it is looked at
/// again then: handing in an override costs no more, however many there are.
pub const WATCH_EDGES_MAX: usize = 64;

/// The most overrides and absences in force or ahead at a time.
pub const CHANGES_MAX: usize = 10_000;
/// The longest override or absence that is handed in: a year and a day. What holds longer belongs in the policy.
pub const CHANGE_MILLIS_MAX: i64 = 366 * 24 * 3_600 * 1_000;

/// The most inhibitions of a policy: each is looked at whenever an incident changes.
pub const INHIBITIONS_MAX: usize = 200;
/// The most silences in force or ahead at a time.
pub const SILENCES_MAX: usize = 1_000;
/// The longest that a first alarm may wait for its group: an hour.
pub const GROUP_WAIT_MILLIS_MAX: i64 = 3_600 * 1_000;

/// The longest alert, incident or effect identifier, in bytes.
pub const KEY_BYTES_MAX: usize = 1_024;
/// The most labels, annotations or values of one alert, each.
pub const ALERT_FIELDS_MAX: usize = 512;
/// The longest text in an alert or a command, in bytes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// The most alerts one incident remembers by key; further ones join without being told apart.
pub const INCIDENT_ALERTS_MAX: usize = 10_000;

/// The most posts of one incident on its public page; the oldest go.
pub const PUBLIC_POSTS_MAX: usize = 100;
/// The shortest text in bytes that a text for the public must not repeat word for word from inside.
pub const INTERNAL_TEXT_BYTES_MIN: usize = 16;
/// The fewest words of a shorter one that it must not repeat, either.
pub const INTERNAL_TEXT_WORDS_MIN: usize = 3;
/// The fewest words of a sentence from inside that a text for the public must not repeat.
pub const INTERNAL_SENTENCE_WORDS_MIN: usize = 4;
/// The fewest words that follow each other inside as in a text for the public, and count as copied.
pub const INTERNAL_RUN_WORDS_MIN: usize = 5;
/// How much of what was said inside one incident remembers, in bytes; the oldest goes.
pub const SAID_INSIDE_BYTES_MAX: usize = 256 * 1024;
/// The shortest word in bytes, such as a machine's name, that a text for the public must not have from a label.
pub const INTERNAL_WORD_BYTES_MIN: usize = 4;

/// From how many characters on a part of a name is known in any case. What is shorter is more often a word like any
/// other, and is looked for as it is written.
pub const NAME_PART_CHARACTERS_MIN: usize = 4;

/// The fewest digits of a phone number that is looked for in a text for the public.
pub const PHONE_DIGITS_MIN: usize = 7;

/// The fewest digits of a number that may reach somebody whom the policy does not know.
pub const UNKNOWN_NUMBER_DIGITS_MIN: usize = 8;

/// How many of its last digits are compared: people write a number with its country or without.
pub const PHONE_DIGITS_COMPARED: usize = 8;

/// The longest subject of a notification, in characters.
pub const SUBJECT_CHARACTERS_MAX: usize = 200;
/// The longest text of a notification, in characters.
pub const BODY_CHARACTERS_MAX: usize = 4_000;
/// The longest topic of a channel, in characters, as Slack has it.
pub const TOPIC_CHARACTERS_MAX: usize = 250;
/// The most instructions a message template may execute.
pub const TEMPLATE_FUEL: u64 = 20_000;

/// The most instructions the template of a document may execute, however little it has to tell.
pub const DOCUMENT_FUEL: u64 = 2_000_000;
/// How many more it may execute for each value that it is given: a quarter may tell of a hundred thousand incidents.
pub const DOCUMENT_FUEL_A_VALUE: u64 = 100;

/// How many timers one incident may fire in a single call before what repeats is counted instead of sent.
pub const CATCH_UP_TIMERS_MAX: usize = 500;

/// The longest rhai condition or script, in bytes.
pub const SCRIPT_BYTES_MAX: usize = 16 * 1024;
/// The most operations one evaluation of a condition may take.
pub const SCRIPT_OPERATIONS_MAX: u64 = 2_000;
/// The longest array a condition may hold. `+=` looks before it adds, so it may double one that is as long.
pub const SCRIPT_ARRAY_MAX: usize = 256;
/// The largest map a condition may build. The facts of an alert are not bound by it.
pub const SCRIPT_MAP_MAX: usize = 128;
/// The longest string a condition may build, in bytes.
pub const SCRIPT_STRING_BYTES_MAX: usize = 4_096;
/// The most variables a condition may declare.
pub const SCRIPT_VARIABLES_MAX: usize = 32;
/// The most functions a policy's script may define.
pub const SCRIPT_FUNCTIONS_MAX: usize = 32;
/// How deep calls may nest in a condition.
pub const SCRIPT_CALLS_MAX: usize = 8;
/// How deep an expression may nest at the top level, and inside a function.
pub const SCRIPT_DEPTH_MAX: (usize, usize) = (32, 16);
/// How deep lists and maps may nest to be compared with each other.
pub const SCRIPT_NESTING_MAX: usize = 8;
/// The stack a script is run with. By the bounds above none needs all of it, even in a build without
/// optimisation, whose frames are the largest.
pub const SCRIPT_STACK_BYTES: usize = 1024 * 1024;
/// How many rules that fail are told of by name, each time an alert is classified. Past them it is said once that more
/// failed, and no further one is looked for.
pub const FAULTS_TOLD_MAX: usize = 16;
/// How many conditions that failed are kept as the interpreter reads them, so that the next failure costs no reading.
pub const SCRIPTS_KEPT_MAX: usize = 1_024;
/// The longest pattern of `matches`, in bytes.
pub const PATTERN_BYTES_MAX: usize = 1_024;
/// The most memory one pattern of `matches` may take once compiled, in bytes.
pub const PATTERN_SIZE_MAX: usize = 256 * 1024;
/// How deep a pattern of `matches` may nest.
pub const PATTERN_DEPTH_MAX: u32 = 32;
