//! The functions of the language, called as a script calls them. One binary, because each costs a link.

mod dates;
mod docs;
mod every_value;
mod python;
mod support;
mod tables;
