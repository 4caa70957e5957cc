//! Programs that embed kentongan, in `src/bin`, and `kreki/`, the policy of its first users.
