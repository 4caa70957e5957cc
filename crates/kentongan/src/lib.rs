//! The incident engine.
