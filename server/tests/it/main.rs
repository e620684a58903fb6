//! The whole application through HTTP, in process.
