//! The CRM: model, store, session.

#[derive(Debug)]
pub struct StoreError;
