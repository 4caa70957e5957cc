//! Every bound the journal keeps, by name.

/// The longest line of a journal, in bytes. A longer record is refused before it is written; a longer line in a file is
/// damage, and is never read into memory.
pub const RECORD_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The largest snapshot file, in bytes. A larger one is not written, and not read.
pub const SNAPSHOT_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// After how many records a store takes a snapshot by itself, unless it is told otherwise.
pub const SNAPSHOT_EVERY_DEFAULT: u64 = 10_000;
/// The newest journal format that this crate writes and reads.
pub const FORMAT_VERSION: u32 = 1;
