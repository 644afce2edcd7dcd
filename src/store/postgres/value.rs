//! Parameters and cells as `PostgreSQL` sends them: whole numbers of the column's size, and texts.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::store::{Cell, SqlValue};

type ConversionError = Box<dyn Error + Sync + Send>;

impl ToSql for SqlValue<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, ConversionError> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => match *kind {
                Type::INT2 => i16::try_from(*value)?.to_sql(kind, out),
                Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
                Type::INT8 => value.to_sql(kind, out),
                _ => Err(format!("a whole number for a column of type {kind}").into()),
            },
            Self::Text(value) => match *kind {
                Type::TEXT | Type::VARCHAR | Type::UNKNOWN => value.as_ref().to_sql(&Type::TEXT, out),
                _ => Err(format!("a text for a column of type {kind}").into()),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, ConversionError> {
        match *kind {
            Type::INT2 => i16::from_sql(kind, raw).map(|value| Self::Int(value.into())),
            Type::INT4 => i32::from_sql(kind, raw).map(|value| Self::Int(value.into())),
            Type::INT8 => i64::from_sql(kind, raw).map(Self::Int),
            _ => String::from_sql(kind, raw).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, ConversionError> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT2 | Type::INT4 | Type::INT8 | Type::TEXT | Type::VARCHAR | Type::UNKNOWN)
    }
}
