//! The only components that reach the browser. Words come as props; data too.
